"""Opening a screen of the shop: a shelf, a product; and what a press or a word leads to."""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from content.menu.choosing import at_first
from content.menu.values import Product

from dialogs.engine.counter.counter import Counter
from dialogs.engine.counter.shelves import why_not
from dialogs.engine.shop.browsing import CATEGORY, HOME, PRODUCT
from dialogs.engine.shop.refs import CHOICE, found


class Then(Enum):
    """What follows a press or a word."""

    SHOW = auto()  # the screen as it is now
    CHECKOUT = auto()
    STAY = auto()  # all was said


Verb = Callable[[Counter, Sequence[str]], Then | None]


def home(counter: Counter, _: Sequence[str]) -> Then:
    counter.look(screen=HOME, waiting=())
    return Then.SHOW


def category(counter: Counter, rest: Sequence[str]) -> Then:
    """Open a shelf; without a name the one last looked at."""
    shelf = found(rest[0], counter.menu.categories, CHOICE) if rest else counter.menu.category(counter.at.category)
    if shelf is None:
        return home(counter, ())
    counter.look(screen=CATEGORY, category=shelf.code)
    return Then.SHOW


def product(counter: Counter, rest: Sequence[str]) -> Then | None:
    """Open a product with its defaults."""
    item = product_of(counter, rest)
    if item is None:
        return gone(counter)
    return open_product(counter, item)


def open_product(counter: Counter, item: Product) -> Then:
    """Show a product, or the shelf it stands on when it cannot be had just now."""
    if not item.is_available:
        counter.tell("shop_unavailable", answer=item.name, reason=why_not(counter, item))
        counter.look(screen=CATEGORY, category=item.category)
        return Then.SHOW
    compose(counter, item, at_first(item))
    return Then.SHOW


def compose(counter: Counter, item: Product, options: tuple[str, ...], *, quantity: int = 1, line: int = 0) -> None:
    """Begin to put a product together."""
    place = {"product": item.code, "category": item.category}
    counter.look(screen=PRODUCT, options=options, quantity=quantity, line=line, group="", **place)


def product_of(counter: Counter, rest: Sequence[str]) -> Product | None:
    return found(rest[0], tuple(counter.menu.products())) if rest else None


def is_composed(counter: Counter, rest: Sequence[str]) -> bool:
    item = product_of(counter, rest)
    return item is not None and item.code == counter.at.product


def gone(counter: Counter) -> Then:
    counter.tell("shop_gone")
    return home(counter, ())


def line_in_words(counter: Counter, line: int) -> str | None:
    return next((counter.in_words(item) for item in counter.quote().lines if item.id == line), None)
