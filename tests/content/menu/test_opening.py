"""When a place is open."""

import datetime as dt

import pytest

from content.menu.opening import Hours, is_sold_at, part_of_day
from content.menu.photos import photo_path

DAILY = {day: [["08:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
HOURS = Hours("Europe/Moscow", {**DAILY, "fri": [["08:00", "02:00"]]}, ("2026-11-24",))


def moscow(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+03:00")


@pytest.mark.parametrize(
    ("when", "is_open", "opens_at"),
    [
        ("2026-11-23T07:59", False, "2026-11-23T08:00"),
        ("2026-11-23T08:00", True, "2026-11-25T08:00"),
        ("2026-11-23T21:00", False, "2026-11-25T08:00"),  # the 24th is a holiday
        ("2026-11-24T12:00", False, "2026-11-25T08:00"),
        ("2026-11-28T01:59", True, "2026-11-28T08:00"),  # Friday runs past midnight
        ("2026-11-28T02:00", False, "2026-11-28T08:00"),
        ("2026-11-29T12:00", False, "2026-11-30T08:00"),  # Sunday is a day off
    ],
)
def test_the_week_with_its_holidays_and_its_late_friday(when: str, is_open: bool, opens_at: str) -> None:
    assert HOURS.is_open(moscow(when)) is is_open
    assert HOURS.opens_at(moscow(when)) == moscow(opens_at)


def test_an_empty_week_is_open_round_the_clock_but_for_its_holidays() -> None:
    hours = Hours(holidays=("2026-11-24",))
    assert hours.is_open(moscow("2026-11-23T03:00"))
    assert not hours.is_open(moscow("2026-11-24T03:00"))
    assert hours.opens_at(moscow("2026-11-24T03:00")) == moscow("2026-11-25T00:00")


def test_a_place_that_never_opens_has_no_next_opening() -> None:
    assert Hours(schedule={"mon": []}).opens_at(moscow("2026-11-23T03:00")) is None


def test_spans_that_touch_are_one() -> None:
    hours = Hours(
        schedule={"mon": [["08:00", "12:00"], ["12:00", "24:00"]], "tue": [["00:00", "03:00"], ["09:00", "10:00"]]}
    )
    spans = list(hours.from_day(dt.date(2026, 11, 23), 2))
    assert spans == [
        (moscow("2026-11-23T08:00"), moscow("2026-11-24T03:00")),
        (moscow("2026-11-24T09:00"), moscow("2026-11-24T10:00")),
    ]


@pytest.mark.parametrize(
    ("start", "end", "clock", "is_sold"),
    [
        (None, None, "00:00", True),
        (None, "12:00", "11:59", True),
        (None, "12:00", "12:00", False),
        ("17:00", None, "16:59", False),
        ("17:00", None, "17:00", True),
        ("08:00", "12:00", "07:00", False),
        ("22:00", "04:00", "23:00", True),
        ("22:00", "04:00", "03:59", True),
        ("22:00", "04:00", "12:00", False),
    ],
)
def test_breakfast_until_noon(start: str | None, end: str | None, clock: str, is_sold: bool) -> None:
    bounds = [dt.time.fromisoformat(text) if text else None for text in (start, end)]
    assert is_sold_at(bounds[0], bounds[1], dt.time.fromisoformat(clock)) is is_sold


def test_a_part_of_the_day_is_told_in_digits() -> None:
    noon, eight = dt.time(12), dt.time(8)
    assert [part_of_day(None, None), part_of_day(eight, noon), part_of_day(eight, None), part_of_day(None, noon)] == [
        "",
        "08:00–12:00",
        "08:00–",
        "–12:00",
    ]


def test_a_photo_has_an_address_for_each_width() -> None:
    assert photo_path("ab12") == "/shop/photo/ab12.webp?w=320"
    assert photo_path("ab12", 800) == "/shop/photo/ab12.jpg?w=800"
    assert photo_path("") == ""
