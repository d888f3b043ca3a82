"""What has ended is off every guest's menu at once, for as long as was said, and comes back by the clock."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import menus
from content.models import Place, Stop
from payments.board import clocks
from tests.payments.shop.cafe import ALL_WEEK, Cafe

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")


def change(client: Client, **facts: Any) -> Any:
    return client.post(reverse("board_stops", args=["lenina"]), facts)


def row(answer: Any, key: str) -> Any:
    body = answer.json()
    groups = body.get("stops", body)["groups"]
    return next(row for group in groups for row in group["rows"] if row["key"] == key)


def test_a_product_is_stopped_until_tomorrow_and_guests_see_it_at_once(barista: Client, cafe: Cafe) -> None:
    answer = change(barista, key="product:croissant", until="tomorrow")
    assert row(answer, "product:croissant")["is_stopped"] is True
    product = menus.menu_of(cafe.place, timezone.now()).product("croissant")
    assert product is not None
    assert (product.is_available, product.why_not) == (False, "ended")
    back = Stop.objects.get().until
    assert back is not None
    assert back.astimezone(MOSCOW).date() == timezone.now().astimezone(MOSCOW).date() + dt.timedelta(days=1)
    product = menus.menu_of(cafe.place, back + dt.timedelta(minutes=1)).product("croissant")
    assert product is not None
    assert product.is_available


def test_an_option_is_stopped_and_put_back(barista: Client, cafe: Cafe) -> None:
    change(barista, key="option:milk:oat", until="manual")
    menu = menus.menu_of(cafe.place, timezone.now()).product("latte")
    assert menu is not None
    assert [option.is_available for option in menu.groups[1].options] == [False]
    answer = change(barista, key="option:milk:oat", back="yes")
    assert row(answer, "option:milk:oat")["is_stopped"] is False
    assert not Stop.objects.exists()


def test_so_many_are_left_and_counting_keeps_the_time_of_return(barista: Client, cafe: Cafe) -> None:
    assert row(change(barista, key="product:croissant", until="hour", left="3"), "product:croissant")["left"] == 3
    until = Stop.objects.get().until
    change(barista, key="product:croissant", until="manual", left="2")
    stop = Stop.objects.get()
    assert (stop.left, stop.until, stop.made_by) == (2, until, "Barista")


@pytest.mark.parametrize(
    "facts",
    [
        {"key": "product:nothing"},
        {"key": "option:milk:none"},
        {"key": "place:lenina"},
        {"key": ""},
        {"key": "product:latte", "left": "-1"},
        {"key": "product:latte", "left": "1000"},
        {"key": "product:latte", "left": "²"},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(barista: Client, cafe: Cafe, facts: dict[str, str]) -> None:
    answer = change(barista, **facts)
    assert (answer.status_code, answer.json()["ok"]) == (409, False)
    assert answer.json()["message"]
    assert not Stop.objects.exists()


def test_what_is_over_by_the_clock_is_no_longer_shown(barista: Client, cafe: Cafe) -> None:
    Stop.objects.create(place=cafe.place, product=cafe.latte, until=timezone.now() - dt.timedelta(seconds=1))
    answer = barista.get(reverse("board_stops", args=["lenina"]))
    assert (answer.json()["count"], row(answer, "product:latte")["is_stopped"]) == (0, False)


NOON = dt.datetime(2026, 11, 18, 12, 0, tzinfo=MOSCOW)  # a Wednesday
RETURNS = {
    ("hour", "open"): dt.datetime(2026, 11, 18, 13, 0, tzinfo=MOSCOW),
    ("day_end", "open"): dt.datetime(2026, 11, 18, 21, 0, tzinfo=MOSCOW),
    ("tomorrow", "open"): dt.datetime(2026, 11, 19, 8, 0, tzinfo=MOSCOW),
    ("manual", "open"): None,
    ("", "open"): None,
    ("day_end", "always"): dt.datetime(2026, 11, 19, 0, 0, tzinfo=MOSCOW),
    ("tomorrow", "weekend"): dt.datetime(2026, 11, 20, 8, 0, tzinfo=MOSCOW),
}
SCHEDULES = {"open": ALL_WEEK, "always": {}, "weekend": {**ALL_WEEK, "thu": []}}


@pytest.mark.parametrize(("choice", "schedule"), RETURNS)
def test_when_a_thing_comes_back(choice: str, schedule: str) -> None:
    place = Place(code="p", name="P", schedule=SCHEDULES[schedule])
    assert clocks.returns_at(choice, place, NOON) == RETURNS[choice, schedule]
