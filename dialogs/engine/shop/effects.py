"""What a turn in the shop wants done: members of the union `dialogs.engine.effects.Effect`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine.shop.cart_changes import CartChange


@dataclass(frozen=True, slots=True)
class ChangeCart:
    """The guest has put something in, taken it out, or written a word about it."""

    place: str
    change: CartChange


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Order what is in the cart, exactly as it was seen; the answer comes as `OrderTold`, once for each key."""

    key: str
    place: str
    expected: Mapping[str, Any]  # plain JSON: what the guest saw
    way: str
    pickup_at: dt.datetime | None = None  # None: as soon as possible
    spends: bool = False  # what was saved up


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """The guest takes an order back; the answer comes as `OrderTold`."""

    order: int


@dataclass(frozen=True, slots=True)
class KeepReview:
    """How an order was: stars, and words with a later press of the same review."""

    order: int
    stars: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class KeepFavourite:
    """A product made in one way is a favourite, or none any more."""

    product: str
    options: tuple[str, ...]
    is_kept: bool = True
