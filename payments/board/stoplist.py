"""The stop-list as a barista sees it: everything that can end at this place, what has, and when it comes back."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bot.errors import Refused
from content import menus, stops
from content.menu.values import Menu
from content.models import Option, Place, Product, Stop
from payments.board import clocks
from payments.shop.live import wake_boards

MOST_LEFT = 999
Row = dict[str, Any]


def told(place: Place, now: dt.datetime) -> dict[str, Any]:
    """Return every product by its shelf and every option by its group, with its line of the stop-list."""
    menus.forget()  # a barista sees what they have just pressed
    menu = menus.menu_of(place, now)
    lines = {_key_of(row): row for row in _standing(place, now)}
    groups = [*_shelves(menu, lines), *_choices(menu, lines)]
    return {"count": len(lines), "groups": groups}


def change(place: Place, facts: Mapping[str, str], *, by: str, now: dt.datetime) -> None:
    """Stop a thing, count it down, or put it back. Raises `Refused`."""
    thing = _thing(facts.get("key", ""))
    if facts.get("back"):
        stops.put_back(place, thing)
    else:
        left = _left(facts.get("left", ""))
        standing = _standing(place, now).filter(**{_field(thing): thing}).first()
        # Counting on keeps the time that was chosen; a new line takes the time chosen on top of the list.
        choice = facts.get("until", "")
        until = standing.until if standing and left is not None else clocks.returns_at(choice, place, now)
        stops.stop(place, thing, left=left, until=until, by=by)
    menus.forget()
    wake_boards(place.pk)


def _standing(place: Place, now: dt.datetime) -> Any:
    return stops.standing(now).filter(place=place).select_related("product", "option__group")


def _shelves(menu: Menu, lines: Mapping[str, Stop]) -> Iterator[Row]:
    for shelf in menu.categories:
        rows = [_row(f"product:{product.code}", product.name, product.details, lines) for product in shelf.products]
        yield {"name": shelf.title, "rows": rows}


def _choices(menu: Menu, lines: Mapping[str, Stop]) -> Iterator[Row]:
    groups = {group.code: group for product in menu.products() for group in product.groups}
    for group in groups.values():
        rows = [_row(f"option:{group.code}:{option.code}", option.name, group.name, lines) for option in group.options]
        yield {"name": _("Options: %(name)s") % {"name": group.name}, "rows": rows}


def _row(key: str, name: str, where: str, lines: Mapping[str, Stop]) -> Row:
    line = lines.get(key)
    return {
        "key": key,
        "name": name,
        "where": where,
        "is_stopped": line is not None,
        "left": line.left or None if line else None,
        "until": line.until.isoformat() if line and line.until else None,
    }


def _key_of(row: Stop) -> str:
    if row.product is not None:
        return f"product:{row.product.code}"
    assert row.option is not None  # noqa: S101  # a constraint holds it: one of the two
    return f"option:{row.option.group.code}:{row.option.code}"


def _field(thing: Product | Option) -> str:
    return "product" if isinstance(thing, Product) else "option"


def _thing(key: str) -> Product | Option:
    kind, _colon, code = key.partition(":")
    found: Product | Option | None = None
    if kind == "product":
        found = Product.objects.on_menu().filter(code=code).first()
    elif kind == "option":
        group, _colon, option = code.partition(":")
        found = Option.objects.filter(group__code=group, code=option).first()
    if found is None:
        raise Refused(_("This is not on the menu any more."))
    return found


def _left(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_LEFT):
        raise Refused(_("How many are left: a number up to %(most)d.") % {"most": MOST_LEFT})
    return int(text)
