"""Counted things: what an order takes of them is held at once, and given back once."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Q

from content import stops
from content.menu.cart import Line
from content.models import Place, Stop
from payments.models import Order, StockHold

Wanted = Mapping[int, int]  # of a line of the stop-list, how many


def needs(lines: Iterable[Line]) -> tuple[Counter[str], Counter[str]]:
    """Return how many of each product and of each option ("size:l") the lines want."""
    products, options = Counter[str](), Counter[str]()
    for line in lines:
        products[line.product] += line.quantity
        for option in line.options:
            options[option] += line.quantity
    return products, options


def locked(place: Place, lines: Iterable[Line], now: dt.datetime) -> list[Stop]:
    """Return the lines of the stop-list that concern these goods, locked in the order of their numbers.

    The one order everywhere: two guests with the same two last things wait for each other, and never both for both.
    """
    products, options = needs(lines)
    theirs = Q(product__code__in=products)
    for option in options:
        group, _, code = option.partition(":")
        theirs |= Q(option__group__code=group, option__code=code)
    rows = stops.standing(now).filter(theirs, place=place)
    rows = rows.select_related("product", "option__group")
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def wanted_of(rows: Iterable[Stop], lines: Iterable[Line]) -> dict[int, int]:
    """Return how many each counted line of the stop-list loses."""
    products, options = needs(lines)
    wanted: dict[int, int] = {}
    for stop in rows:
        count = products[stop.product.code] if stop.product else options[_option_code(stop)]
        if stop.left is not None and count:
            wanted[stop.pk] = count
    return wanted


def take(wanted: Wanted) -> bool:
    """Take them all; False, and the caller rolls back, when there are too few of one."""
    return all(stops.count_down(pk, wanted[pk]) for pk in sorted(wanted))


def hold(order: Order, wanted: Wanted) -> None:
    """Write down what an order has taken."""
    rows = [StockHold(order=order, stop_id=pk, quantity=count) for pk, count in sorted(wanted.items())]
    StockHold.objects.bulk_create(rows)


def give_back(order_id: int, now: dt.datetime) -> None:
    """Give back what an order that was given up had taken: each hold once."""
    held = StockHold.objects.filter(order=order_id, released_at=None).select_for_update(no_key=True)
    for row in held.order_by("stop_id"):
        if StockHold.objects.filter(pk=row.pk, released_at=None).update(released_at=now) and row.stop_id:
            stops.count_up(row.stop_id, row.quantity)


def _option_code(stop: Stop) -> str:
    return f"{stop.option.group.code}:{stop.option.code}" if stop.option else ""
