"""Free words about the menu: "латте большой на овсяном", "ещё один", "без сахара", "уберите круассан"."""

from collections.abc import Sequence
from dataclasses import replace

from content.menu.cart import MOST_OF_ONE, Line
from content.menu.values import Product

from dialogs.engine.counter.counter import Counter
from dialogs.engine.counter.opening import Then, open_product
from dialogs.engine.counter.taking import made, named_as_json, note, put_in, put_in_next
from dialogs.engine.reading import Named, Reading
from dialogs.engine.shop.browsing import ADDED, CART, GROUP, HOME, PRODUCT
from dialogs.engine.shop.cart_changes import SetOptions, SetQuantity


def take(counter: Counter, reading: Reading) -> Then | None:
    """Do what the words say of the menu; None when they say nothing of it."""
    named = reading.ordered
    if not named:
        return None
    asked = [item for item in named if item.is_asked and item.products]
    if asked:
        return _show(counter, asked[0])
    wanted = [item for item in named if item.products and not item.is_less]
    told = [_take_out(counter, item) for item in named if item.is_less]
    told += [_about_last(counter, item) for item in named if not item.products and not item.is_less]
    if wanted:
        told.append(_order(counter, wanted, reading))
    return Then.SHOW if any(told) else None


def _order(counter: Counter, wanted: Sequence[Named], reading: Reading) -> bool:
    if len(wanted) == 1 and _is_bare(wanted[0]) and not reading.unknown:
        item = counter.menu.product(wanted[0].products[0])
        if item is not None and _has_sizes(item):
            open_product(counter, item)  # its price and what may be chosen are seen before it is taken
            return True
    for words in reading.unknown:
        counter.tell("shop_not_understood_part", answer=words)
    counter.look(waiting=tuple(map(named_as_json, wanted)), screen=ADDED if counter.cart.lines else HOME)
    put_in_next(counter)
    return True


def _has_sizes(item: Product) -> bool:
    """Tell whether something must be chosen that changes the price."""
    return any(group.is_required and len({option.price for option in group.options}) > 1 for group in item.groups)


def _is_bare(named: Named) -> bool:
    is_one = len(named.products) == 1 and named.is_sure
    return is_one and named.quantity is None and not (named.options or named.without or named.notes or named.is_more)


def _show(counter: Counter, named: Named) -> Then:
    """A question is answered by the product itself, with its price; nothing is ordered."""
    item = next((item for code in named.products if (item := counter.menu.product(code)) is not None), None)
    if item is not None and len(named.products) == 1:
        return open_product(counter, item)
    counter.look(waiting=(named_as_json(replace(named, is_sure=False)),))
    put_in_next(counter)
    return Then.SHOW


def _take_out(counter: Counter, named: Named) -> bool:
    """Take out what was named, so many of it when a number was named, too."""
    lines = [line for line in counter.cart.lines if line.product in named.products]
    if not lines:
        last = counter.cart.line(counter.at.touched)
        if named.products or last is None:
            counter.tell("shop_not_in_cart")
            counter.look(screen=CART)
            return True
        lines = [last]
    left = named.quantity
    for line in lines:
        _less(counter, line, left)
        left = None if left is None else max(0, left - line.quantity)
        if left == 0:
            break
    counter.look(screen=CART)
    return True


def _less(counter: Counter, line: Line, quantity: int | None) -> None:
    told = next((counter.in_words(item) for item in counter.quote().lines if item.id == line.id), "")
    counter.change(SetQuantity(line.id, 0 if quantity is None else max(0, line.quantity - quantity)))
    counter.tell("shop_removed", answer=told)


def _about_last(counter: Counter, named: Named) -> bool:
    """Words without a name are about what is being put together, else about what went into the cart last."""
    item = counter.product
    if item is not None and counter.at.screen in (PRODUCT, GROUP):
        return _about_composed(counter, item, named)
    line = counter.cart.line(counter.at.touched) or (counter.cart.lines[-1] if len(counter.cart.lines) == 1 else None)
    item = counter.menu.product(line.product) if line is not None else None
    if line is None or item is None:
        if named.is_more:
            counter.tell("shop_more_of_what")
        note(counter, named.notes)
        return named.is_more or bool(named.notes)
    return _about_line(counter, line, item, named)


def _about_composed(counter: Counter, item: Product, named: Named) -> bool:
    options, _ = made(counter, item, counter.at.options, named_as_json(named))
    note(counter, named.notes)
    quantity = named.quantity or counter.at.quantity
    counter.look(options=options, quantity=max(1, min(quantity, MOST_OF_ONE)), screen=PRODUCT, group="")
    return True


def _about_line(counter: Counter, line: Line, item: Product, named: Named) -> bool:
    if not (named.is_more or named.options or named.without or named.notes):
        return False  # a bare number says nothing of what it counts
    options, is_clear = made(counter, item, line.options, named_as_json(named))
    note(counter, named.notes)
    if named.is_more:
        if is_clear and put_in(counter, item, options, named.quantity or 1):
            counter.look(screen=ADDED)
        return True
    counter.look(screen=ADDED, touched=line.id)
    if options != line.options and is_clear:
        counter.change(SetOptions(line.id, options))
        told = next((line_ for line_ in counter.quote().lines if line_.id == line.id), None)
        counter.tell("shop_saved", answer=counter.in_words(told) if told is not None else item.name)
    elif not (named.notes or named.without):
        counter.look(product=item.code, options=options, line=line.id, screen=PRODUCT, quantity=1)
    return True
