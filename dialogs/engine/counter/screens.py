"""Which screen the guest stands at: the table, and what is shown where a screen has nothing to show any more."""

from collections.abc import Callable, Mapping

from dialogs.engine.counter import basket, composing, shelves
from dialogs.engine.counter.counter import Counter, Screen
from dialogs.engine.shop.browsing import (
    ADDED,
    CART,
    CATEGORY,
    CLEARING,
    FAVOURITES,
    GROUP,
    HOME,
    PLACES,
    PRODUCT,
    WHICH,
)

SCREENS: Mapping[str, Callable[[Counter], Screen | None]] = {
    HOME: shelves.home,
    CATEGORY: shelves.category,
    FAVOURITES: shelves.favourites,
    PLACES: shelves.places,
    PRODUCT: composing.product,
    GROUP: composing.group,
    WHICH: composing.which,
    ADDED: basket.added,
    CART: basket.cart,
    CLEARING: basket.clearing,
}


def screen_of(counter: Counter) -> Screen:
    """Return the screen the guest stands at; the menu when what stood there has gone meanwhile."""
    shown = SCREENS.get(counter.at.screen, shelves.home)(counter)
    if shown is None:
        counter.look(screen=HOME)
        counter.tell("shop_gone")
        return shelves.home(counter)
    return shown


def pressed_by(counter: Counter, words: str, screen: Screen) -> str:
    """Return the data of the button whose words or number were written; "" for none."""
    shown = counter.at.shown
    if words.isdecimal() and len(words) < 4 and 0 < int(words) <= len(shown):
        return shown[int(words) - 1]
    fitting = [key.data for row in screen.rows for key in row if key.data and words in _labels(key.text)]
    return fitting[0] if len(fitting) == 1 else ""


def _labels(label: str) -> set[str]:
    whole = _plain(label)
    return {whole, _plain(label.partition(" · ")[0])} - {""}


def _plain(label: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in label.casefold().replace("ё", "е")).split())
