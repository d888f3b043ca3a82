"""Guests for the picture of the order board: `docs.make_screenshots` plays them inside a demo of its own."""

import datetime as dt

from django.utils import timezone

from content import menus
from content.models import Place
from payments.models import Ticket
from payments.shop import tickets
from payments.shop.placing import Placed
from tests.payments.shop.cafe import Guest, guests

# Who orders what, in which words, how long ago, and how far it has come.
ORDERS = (
    ("Анна", (("latte", "size:l", "milk:oat"), ("croissant",)), "Без корицы, пожалуйста", 1, ""),
    ("Борис", (("cappuccino", "size:m"),), "", 3, ""),
    ("Вера", (("latte-lavender",), ("latte-lavender",)), "", 8, "making"),
    ("Глеб", (("cappuccino", "size:l"), ("croissant",), ("croissant",)), "", 13, "making"),
    ("Дина", (("latte", "size:m"),), "Погорячее", 12, "ready"),
    ("Егор", (("cappuccino", "size:s"),), "", 15, "picked_up"),
    ("Жанна", (("latte", "size:l"),), "", 0, "later"),
)
PLACE = "lesnaya"


def play() -> None:
    """Open the place round the clock and let everybody order."""
    Place.objects.filter(code=PLACE).update(schedule={}, holidays=[], capacity=100)
    menus.forget()
    place = Place.objects.get(code=PLACE)
    for guest, (name, things, comment, ago, stage) in zip(guests(len(ORDERS)), ORDERS, strict=True):
        _order(place, guest, name, things, comment, timezone.now() - dt.timedelta(minutes=ago), stage)


def _order(
    place: Place,
    guest: Guest,
    name: str,
    things: tuple[tuple[str, ...], ...],
    comment: str,
    at: dt.datetime,
    stage: str,
) -> None:
    menu = menus.menu_of(place, at)
    for code, *wanted in things:
        product = menu.product(code)
        assert product is not None, code
        chosen = [*wanted, *_musts(product, wanted)]
        guest.puts(place, code, *chosen)
    guest.says(place, name=name, comment=comment)
    wishes = {"pickup_at": (at + dt.timedelta(hours=2)).replace(minute=0, second=0)} if stage == "later" else {}
    answer = guest.orders(place, at, **wishes)
    assert isinstance(answer, Placed), answer
    _make(tickets.of(answer.order), stage, at)


def _musts(product: object, wanted: list[str]) -> list[str]:
    """Choose the first of what must be chosen and was not."""
    groups = {name.partition(":")[0] for name in wanted}
    needed = [group for group in product.groups if group.is_required and group.code not in groups]  # type: ignore[attr-defined]
    return [f"{group.code}:{group.options[0].code}" for group in needed]


def _make(ticket: Ticket, stage: str, at: dt.datetime) -> None:
    minute = dt.timedelta(minutes=1)
    if stage in ("making", "ready", "picked_up"):
        assert tickets.accept(ticket, by="Олег", now=at + minute)
    if stage in ("ready", "picked_up"):
        assert tickets.ready(ticket, now=at + 9 * minute)
    if stage == "picked_up":
        assert tickets.pick_up(ticket, now=at + 12 * minute)
