"""What a press does at the counter. Its data names things by their codes, so an old button does what it says or says why not.

Each verb tells what follows; None is a press that means nothing, or nothing any more.
"""

from collections.abc import Sequence

from content.menu.cart import MOST_OF_ONE
from content.menu.choosing import at_first, pressed, unfit
from content.menu.values import Group, Option, Product

from dialogs.engine.counter.counter import Counter
from dialogs.engine.counter.opening import (
    Then,
    Verb,
    category,
    compose,
    home,
    is_composed,
    line_in_words,
    product,
    product_of,
)
from dialogs.engine.counter.returning import add_favourite, favourites, love, place
from dialogs.engine.counter.taking import put_in, put_in_next
from dialogs.engine.shop.browsing import ADDED, CART, CLEARING, GROUP, HOME, PRODUCT
from dialogs.engine.shop.cart_changes import Clear, SetOptions, SetQuantity
from dialogs.engine.shop.refs import CHOICE, found, ref


def press(counter: Counter, data: str) -> Then | None:
    """Do what a button of the catalogue says; `data` without the step's key."""
    verb, *rest = data.split(":")
    act = VERBS.get(verb)
    then = act(counter, rest) if act is not None else None
    if then is Then.SHOW:
        counter.look(is_paying=False, asks="")
    return then


def back_to_product(counter: Counter, rest: Sequence[str]) -> Then | None:
    if not is_composed(counter, rest):
        return product(counter, rest)
    counter.look(screen=PRODUCT, group="")
    return Then.SHOW


def group(counter: Counter, rest: Sequence[str]) -> Then | None:
    """Open a group of options."""
    item = product_of(counter, rest)
    if item is None or not is_composed(counter, rest):
        return product(counter, rest)
    if (shown := found(rest[1], item.groups, CHOICE) if len(rest) > 1 else None) is None:
        return back_to_product(counter, rest)
    counter.look(screen=GROUP, group=shown.code)
    return Then.SHOW


def option(counter: Counter, rest: Sequence[str]) -> Then | None:
    """Choose an option, or give it up."""
    item = product_of(counter, rest)
    if item is None or not item.is_available or len(rest) < 2:
        return product(counter, rest)
    if not is_composed(counter, rest):
        compose(counter, item, at_first(item))  # an old button of another product: that one is put together now
    short = ":".join(rest[1:])
    pairs = [(of, each) for of in item.groups for each in of.options if ref(f"{of.code}:{each.code}", CHOICE) == short]
    if not pairs:
        counter.tell("shop_gone")
        return back_to_product(counter, rest)
    choose(counter, item, *pairs[0])
    return Then.SHOW


def choose(counter: Counter, item: Product, of: Group, chosen: Option) -> None:
    """Press one option; what cannot be is explained."""
    name = f"{of.code}:{chosen.code}"
    options = pressed(item, counter.at.options, name)
    if options == counter.at.options and name not in options:
        reason = "shop_group_full" if chosen.is_available else "shop_option_gone"
        counter.tell(reason, answer=chosen.name, count=str(of.most))
    counter.look(options=options, screen=PRODUCT if of.most == 1 else counter.at.screen)


def add(counter: Counter, rest: Sequence[str]) -> Then | None:
    """Put what is composed into the cart, or save what was changed in it."""
    item = product_of(counter, rest)
    if item is None or not item.is_available or not is_composed(counter, rest):
        return product(counter, rest)
    missing = unfit(item, counter.at.options)
    if missing:
        counter.tell("shop_group_first", answer=missing[0].name)
        counter.look(screen=GROUP, group=missing[0].code)
        return Then.SHOW
    if counter.at.line:
        return _save(counter)
    if put_in(counter, item, counter.at.options, counter.at.quantity):
        counter.look(screen=ADDED)
    put_in_next(counter)
    return Then.SHOW


def _save(counter: Counter) -> Then:
    line = counter.at.line
    counter.look(screen=CART, line=0)
    if counter.cart.line(line) is None:
        counter.tell("shop_not_in_cart")
        return Then.SHOW
    counter.change(SetOptions(line, counter.at.options))
    if (told := line_in_words(counter, line)) is not None:
        counter.tell("shop_saved", answer=told)
    return Then.SHOW


def which(counter: Counter, rest: Sequence[str]) -> Then | None:
    """Take one of several that the words fitted; nothing: none of them was meant."""
    if not counter.at.waiting:
        return product(counter, rest) if rest else home(counter, ())
    asked, *others = counter.at.waiting
    item = product_of(counter, rest)
    if item is not None and item.code not in asked["products"]:
        return product(counter, rest)
    kept = [{**asked, "products": [item.code], "is_sure": True}] if item is not None else []
    counter.look(waiting=(*kept, *others), screen=ADDED if counter.cart.lines else HOME)
    put_in_next(counter)
    return Then.SHOW


# --- the cart


def cart(counter: Counter, _: Sequence[str]) -> Then:
    counter.look(screen=CART, waiting=())
    return Then.SHOW


def quantity(counter: Counter, rest: Sequence[str]) -> Then | None:
    """Set how many there are: the number wanted stands on the button, so pressing it twice does no more than once."""
    if len(rest) != 2 or not all(part.isdecimal() and len(part) < 9 for part in rest):
        return None
    line, wanted = counter.cart.line(int(rest[0])), int(rest[1])
    counter.look(screen=CART)
    if line is None:
        counter.tell("shop_not_in_cart")
    elif wanted > MOST_OF_ONE:
        counter.tell("shop_line_limit", count=str(MOST_OF_ONE))
    else:
        counter.change(SetQuantity(line.id, wanted))
        counter.look(touched=line.id)
    return Then.SHOW


def edit(counter: Counter, rest: Sequence[str]) -> Then | None:
    """Change how a line is made."""
    line = counter.cart.line(int(rest[0])) if rest and rest[0].isdecimal() and len(rest[0]) < 9 else None
    item = counter.menu.product(line.product) if line is not None else None
    if line is None or item is None or not item.is_available:
        counter.look(screen=CART)
        counter.tell("shop_not_in_cart" if line is None else "shop_gone")
        return Then.SHOW
    compose(counter, item, tuple(name for name in line.options if item.chosen(name)), line=line.id)
    return Then.SHOW


def clear(counter: Counter, rest: Sequence[str]) -> Then:
    """Ask, then take everything out."""
    if rest == ["yes"]:
        counter.change(Clear())
        counter.look(screen=HOME, spends=False, pickup="", is_moved=False)
        counter.tell("shop_cart_cleared")
    else:
        counter.look(screen=CLEARING if counter.cart.lines else CART)
    return Then.SHOW


def checkout(counter: Counter, _: Sequence[str]) -> Then:
    """Go and order, when there is something to order."""
    if counter.cart.lines:
        return Then.CHECKOUT
    counter.look(screen=CART)
    return Then.SHOW


VERBS: dict[str, Verb] = {
    "h": home,
    "c": category,
    "p": product,
    "s": back_to_product,
    "g": group,
    "o": option,
    "a": add,
    "w": which,
    "b": cart,
    "q": quantity,
    "e": edit,
    "x": clear,
    "go": checkout,
    "f": favourites,
    "fa": add_favourite,
    "fk": love,
    "pl": place,
}
