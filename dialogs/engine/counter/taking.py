"""Putting things into the cart: pressed or named in words. What is not clear is asked, one thing after another."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from content.menu.cart import MOST_LINES, MOST_OF_ONE
from content.menu.changes import Kind
from content.menu.choosing import at_first, pressed, unfit
from content.menu.pricing import price
from content.menu.values import Product

from dialogs.engine.counter.counter import Counter
from dialogs.engine.counter.shelves import why_not
from dialogs.engine.reading import Named
from dialogs.engine.shop.bill import roubles
from dialogs.engine.shop.browsing import ADDED, CATEGORY, GROUP, PRODUCT, WHICH
from dialogs.engine.shop.cart_changes import Add, applied


def put_in(counter: Counter, item: Product, options: Sequence[str], quantity: int) -> bool:
    """Put something into the cart and say so; when it cannot be, say why and tell so."""
    change = Add(item.code, tuple(options), quantity)
    before, after = counter.cart, applied(counter.cart, change)
    if after == before:
        is_full = len(before.lines) >= MOST_LINES
        counter.tell(
            "shop_cart_full" if is_full else "shop_line_limit", count=str(MOST_LINES if is_full else MOST_OF_ONE)
        )
        return False
    [line] = [line for line in after.lines if line not in before.lines]
    priced = price(after, counter.menu)
    short = next((one for one in priced.changes if one.line == line.id and one.kind is Kind.TOO_FEW_LEFT), None)
    if short is not None:
        what = short.facts.get("option") or item.name
        counter.tell("shop_few_left", answer=what, count=short.facts["left"])
        return False
    counter.change(change)
    counter.look(touched=line.id, product="", options=(), quantity=1, line=0, group="")
    [told] = [one for one in priced.lines if one.id == line.id]
    many = f"{quantity} × " if quantity > 1 else ""
    counter.tell("shop_added", answer=f"{many}{counter.in_words(told)} — {roubles(told.unit * quantity)}")
    return True


def named_as_json(named: Named) -> dict[str, Any]:
    """Return what was named as it waits to be asked about."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(named).items()}


def put_in_next(counter: Counter) -> None:
    """Put in what is clear of what waits; stop at the first thing that must be asked."""
    while counter.at.waiting:
        asked = counter.at.waiting[0]
        if len(asked["products"]) != 1 or not asked["is_sure"]:
            if not any(counter.menu.product(code) for code in asked["products"]):
                counter.tell("shop_gone")
                counter.look(waiting=counter.at.waiting[1:])
                continue
            counter.look(screen=WHICH)
            return
        counter.look(waiting=counter.at.waiting[1:])
        if not _put_in_named(counter, asked):
            return


def _put_in_named(counter: Counter, asked: Mapping[str, Any]) -> bool:
    """Put one named thing in; tell whether the next may follow, else it is on the screen to be completed."""
    item = counter.menu.product(asked["products"][0])
    if item is None:
        counter.tell("shop_gone")
        return True
    if not item.is_available:
        counter.tell("shop_unavailable", answer=item.name, reason=why_not(counter, item))
        counter.look(screen=CATEGORY, category=item.category)
        return True
    quantity = max(1, int(asked["quantity"] or 1))
    chosen, is_clear = made(counter, item, at_first(item), asked)
    note(counter, asked["notes"])
    missing = unfit(item, chosen)
    if is_clear and not missing:
        if put_in(counter, item, chosen, quantity):
            counter.look(screen=ADDED)
        return True
    where = {"screen": GROUP, "group": missing[0].code} if missing and is_clear else {"screen": PRODUCT, "group": ""}
    counter.look(
        product=item.code, category=item.category, options=chosen, quantity=min(quantity, MOST_OF_ONE), line=0, **where
    )
    return False


def made(
    counter: Counter, item: Product, options: tuple[str, ...], asked: Mapping[str, Any]
) -> tuple[tuple[str, ...], bool]:
    """Return the options with what was named of them, and whether all of it was clear."""
    is_clear = True
    for meant in asked["options"]:
        fitting = [name for wish in meant for name in _names(item, wish) if item.chosen(name)]
        if len(fitting) > 1:
            names = " / ".join(_title(item, name) for name in fitting)
            counter.tell("shop_which_option", answer=names)
            is_clear = False
        elif not fitting:
            is_clear = _of_group(counter, item, options, meant) and is_clear
        elif not _is_there(item, fitting[0]):
            counter.tell("shop_option_gone", answer=_title(item, fitting[0]))
            is_clear = False
        else:
            options = options if fitting[0] in options else pressed(item, options, fitting[0])
    for meant, words in zip(asked["without"], asked["denied"], strict=True):
        fewer = _left_out(item, options, meant)
        if fewer == options:
            note(counter, [words])  # nothing of it was chosen: the barista shall know all the same
        options = fewer
    return options, is_clear


def _of_group(counter: Counter, item: Product, options: Sequence[str], meant: Sequence[str]) -> bool:
    """A word that names no option, maybe a whole group: "с молоком" is chosen already, "с сиропом" must be asked about."""
    groups = [
        group for name in meant if name.endswith(":") and (group := item.group(name.removesuffix(":"))) is not None
    ]
    if not groups:
        counter.tell("shop_no_such_option", answer=item.name)
        return True
    if any(name.startswith(f"{groups[0].code}:") for name in options):
        return True
    counter.look(group=groups[0].code)
    counter.tell("shop_choose_group", answer=groups[0].name)
    return False


def _left_out(item: Product, options: tuple[str, ...], meant: Sequence[str]) -> tuple[str, ...]:
    """Return the options without one, or without any of a group: "syrup:" is the whole group."""
    for name in meant:
        group = item.group(name.removesuffix(":")) if name.endswith(":") else None
        names = [f"{group.code}:{option.code}" for option in group.options] if group is not None else [name]
        for each in names:
            if each in options:
                fewer = pressed(item, options, each)
                options = fewer if fewer != options else _as_usual(item, options, each)
    return options


def _as_usual(item: Product, options: tuple[str, ...], name: str) -> tuple[str, ...]:
    """What must be chosen and is not wanted becomes what is usual."""
    usual = next((each for each in _names(item, f"{name.partition(':')[0]}:=") if each != name), None)
    return pressed(item, options, usual) if usual is not None else options


def _names(item: Product, wish: str) -> list[str]:
    """Return the options a wish stands for: "milk:=" is what is usual of the milk."""
    if not wish.endswith(":="):
        return [wish]
    group = item.group(wish.removesuffix(":="))
    return [f"{group.code}:{option.code}" for option in group.options if option.is_default] if group is not None else []


def _title(item: Product, name: str) -> str:
    pair = item.chosen(name)
    return f"{pair[0].name}: {pair[1].name}" if pair is not None else name


def _is_there(item: Product, name: str) -> bool:
    pair = item.chosen(name)
    return pair is not None and pair[1].is_available


def note(counter: Counter, notes: Sequence[str]) -> None:
    """Keep wishes that the menu has no option for, for the barista."""
    for words in notes:
        before = counter.cart.comment
        if words.casefold() not in before.casefold():
            counter.describe(comment=f"{before}, {words}" if before else words)
        counter.tell("shop_noted", answer=words)
