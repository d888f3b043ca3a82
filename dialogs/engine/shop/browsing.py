"""Where a guest stands in the shop: all that one turn leaves for the next. What is in the cart is kept by the till."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

HOME, CATEGORY, PRODUCT, GROUP, WHICH = "home", "category", "product", "group", "which"
ADDED, CART, CLEARING, FAVOURITES, PLACES = "added", "cart", "clearing", "favourites", "places"
# What a checkout may be asking for.
NAME, COMMENT, PROMO, TIME, WAY = "name", "comment", "promo", "time", "way"


@dataclass(frozen=True, slots=True)
class Browsing:
    """One guest's place before the counter."""

    screen: str = HOME
    category: str = ""
    product: str = ""  # being composed …
    options: tuple[str, ...] = ()  # … with these, as "size:l"
    quantity: int = 1
    line: int = 0  # of the cart, when it is being changed; 0: a new one
    group: str = ""  # being chosen from
    touched: int = 0  # the line that "ещё один" and "без сахара" are about
    waiting: tuple[Mapping[str, Any], ...] = ()  # named, but not clear yet: asked about one after another
    notice: tuple[str, ...] = ()  # told above the next screen
    shown: tuple[str, ...] = ()  # data of the keys as numbered, where the channel has no buttons
    # The checkout.
    is_paying: bool = False  # who comes back from elsewhere comes back to the checkout
    asks: str = ""  # what is wanted just now: name, comment, promo, time, way; empty: the confirmation
    page: int = 0  # of the times
    pickup: str = ""  # ISO; empty: as soon as possible
    way: str = ""
    spends: bool = False  # what was saved up
    placing: str = ""  # the key of the request under way
    seen: Mapping[str, Any] = field(default_factory=dict)  # what the guest agreed to: lines, prices, the total
    is_moved: bool = False  # something has changed since, and is to be agreed to
    review: str = ""  # the order whose review may get words
    stars: int = 0

    def noticed(self, words: str) -> "Browsing":
        """Return the same with a word to be told above the next screen."""
        return replace(self, notice=(*self.notice, words))

    def at_screen(self, screen: str) -> "Browsing":
        """Return the guest at another screen of the catalogue, away from the checkout."""
        return replace(self, screen=screen, is_paying=False, asks="")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Browsing":
        """Rebuild; lists become tuples, unknown keys are left out."""
        known = {item.name for item in fields(cls)}
        kept: dict[str, Any] = {key: tuple(item) if isinstance(item, list) else item for key, item in data.items()}
        return cls(**{key: item for key, item in kept.items() if key in known})


AT_THE_DOOR = Browsing()
