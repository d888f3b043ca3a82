"""One product being put together: its options, the groups of them, and which of several was meant."""

from collections.abc import Mapping
from typing import Any

from content.menu.choosing import unfit
from content.menu.photos import LARGE, photo_path
from content.menu.pricing import unit_price
from content.menu.values import Group, Option, Product

from dialogs.engine.counter.counter import Counter, Row, Screen, in_rows
from dialogs.engine.counter.shelves import label_of
from dialogs.engine.effects import Key
from dialogs.engine.shop.bill import difference, roubles
from dialogs.engine.shop.refs import CHOICE, ref

INLINE = 3  # a group of so many options is chosen from on the product's own screen


def product(counter: Counter) -> Screen | None:
    """The product with what is chosen; a group of few options is chosen from right here."""
    item = counter.product
    if item is None:
        return None
    rows = [row for group in item.groups for row in _group_rows(counter, item, group)]
    about = [item.name, item.details, item.description]
    missing = [group.name for group in unfit(item, counter.at.options)]
    cost = roubles(unit_price(item, counter.at.options) * counter.at.quantity)
    below = counter.text("shop_group_first", answer=", ".join(missing)) if missing else cost
    text = "\n".join(line for line in about if line)
    return Screen(f"{text}\n\n{below}", (*rows, *_finish(counter, item, cost)), photo_path(item.photo, LARGE))


def _finish(counter: Counter, item: Product, cost: str) -> tuple[Row, ...]:
    how_many = f"{counter.at.quantity} шт., {cost}" if counter.at.quantity > 1 else cost
    name = "shop_b_save" if counter.at.line else "shop_b_add"
    back = counter.button("shop_b_back", "b") if counter.at.line else counter.button("shop_b_back", "c", _shelf(item))
    return ((counter.button(name, "a", ref(item.code), more=how_many),), (back,))


def _shelf(item: Product) -> str:
    return ref(item.category, CHOICE)


def _group_rows(counter: Counter, item: Product, group: Group) -> list[Row]:
    if len(group.options) == 1 or (group.is_required and len(group.options) <= INLINE):
        return list(in_rows([option_key(counter, item, group, option) for option in group.options], INLINE))
    chosen = [option.name for option in group.options if f"{group.code}:{option.code}" in counter.at.options]
    label = f"{group.name}: {', '.join(chosen) or counter.text('shop_none')} ›"
    return [(Key(label, data=counter.data("g", ref(item.code), ref(group.code, CHOICE))),)]


def option_key(counter: Counter, item: Product, group: Group, option: Option) -> Key:
    """Return the button of an option: chosen or not, what it adds, whether it has ended."""
    name = f"{group.code}:{option.code}"
    sign = "✅ " if name in counter.at.options else "" if option.is_available else "✖️ "
    label = " ".join(part for part in (f"{sign}{option.name}", difference(option.price)) if part)
    return Key(label, data=counter.data("o", ref(item.code), ref(name, CHOICE)))


def group(counter: Counter) -> Screen | None:
    """One group of options, each a button."""
    item = counter.product
    shown = item.group(counter.at.group) if item is not None else None
    if item is None or shown is None:
        return None
    name = "shop_choose_group" if shown.most == 1 else "shop_choose_some"
    text = f"{item.name}\n{counter.text(name, answer=shown.name, count=str(shown.most))}"
    keys = [option_key(counter, item, shown, option) for option in shown.options]
    done = counter.button("shop_b_done" if shown.most > 1 else "shop_b_back", "s", ref(item.code))
    return Screen(text, (*in_rows(keys, 2), (done,)))


def which(counter: Counter) -> Screen | None:
    """Which of several products was meant by the words."""
    asked: Mapping[str, Any] = next(iter(counter.at.waiting), {"products": (), "words": ""})
    items = [item for code in asked["products"] if (item := counter.menu.product(code)) is not None]
    if not items:
        return None
    rows = tuple((Key(label_of(counter, item), data=counter.data("w", ref(item.code))),) for item in items)
    return Screen(counter.text("shop_which", answer=asked["words"]), (*rows, (counter.button("shop_b_skip", "w"),)))
