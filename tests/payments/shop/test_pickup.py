"""When an order can be handed over: hours, holidays, preparation, room; across midnight, the year's end and time zones."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from content.menu.opening import DAYS, Hours
from payments.shop.pickup import SLOT, Counter, Pickup, earliest, fit, slot_of, times

MOSCOW = "Europe/Moscow"
EVERY_DAY = {day: [["08:00", "21:00"]] for day in DAYS}
NIGHT_BAR = {day: [["18:00", "02:00"]] for day in DAYS}


def at(text: str, zone: str = MOSCOW) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def counter(
    schedule: dict[str, list[list[str]]] | None = None,
    *,
    holidays: tuple[str, ...] = (),
    zone: str = MOSCOW,
    capacity: int = 2,
    minutes: int = 10,
) -> Counter:
    return Counter(Hours(zone, EVERY_DAY if schedule is None else schedule, holidays), capacity, minutes)


def clock(pickup: Pickup | None, zone: str = MOSCOW) -> str:
    assert pickup is not None
    return f"{pickup.at.astimezone(ZoneInfo(zone)):%d.%m %H:%M}"


@pytest.mark.parametrize(
    ("now", "options", "expected"),
    [
        ("2026-11-18 12:03", {}, "18.11 12:13"),  # at once
        ("2026-11-18 12:03:20", {"minutes": 15}, "18.11 12:19"),  # nobody comes at a second
        ("2026-11-18 07:30", {}, "18.11 08:10"),  # made once they have opened
        ("2026-11-18 20:49", {}, "18.11 20:59"),  # the last minute of the day
        ("2026-11-18 20:51", {}, "19.11 08:10"),  # too late for today
        ("2026-11-18 23:40", {}, "19.11 08:10"),
        ("2026-12-31 20:55", {"holidays": ("2027-01-01", "2027-01-02")}, "03.01 08:10"),  # over the year's end
        ("2026-11-18 23:55", {"schedule": NIGHT_BAR}, "19.11 00:05"),  # past midnight it is still the same evening
        ("2026-11-19 01:55", {"schedule": NIGHT_BAR}, "19.11 18:10"),
        ("2026-11-18 23:55", {"schedule": {}}, "19.11 00:05"),  # round the clock: midnight is no closing
        ("2026-12-31 23:58", {"schedule": {}}, "01.01 00:08"),
        ("2026-12-31 23:30", {"schedule": NIGHT_BAR, "holidays": ("2027-01-01",)}, "31.12 23:40"),
        ("2027-01-01 00:30", {"schedule": NIGHT_BAR, "holidays": ("2027-01-01",)}, "01.01 00:40"),  # that evening's end
        ("2027-01-01 03:00", {"schedule": NIGHT_BAR, "holidays": ("2027-01-01",)}, "02.01 18:10"),
    ],
)
def test_as_soon_as_possible_is_when_it_can_be_made_and_they_are_open(
    now: str, options: dict[str, object], expected: str
) -> None:
    assert clock(earliest(counter(**options), at(now))) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ["Europe/Kaliningrad", "Asia/Yekaterinburg", "Asia/Kamchatka", "Asia/Kathmandu"])
def test_a_place_goes_by_its_own_clock(zone: str) -> None:
    assert clock(earliest(counter(zone=zone), at("2026-11-18 20:55", zone)), zone) == "19.11 08:10"
    assert clock(earliest(counter(zone=zone), at("2026-11-18 12:03", zone)), zone) == "18.11 12:13"
    slot = slot_of(at("2026-11-18 12:13", zone), counter(zone=zone).hours)
    assert f"{slot.astimezone(ZoneInfo(zone)):%H:%M}" == "12:10", "slots are round by the clock on the wall"


def test_a_full_slot_sends_to_the_next_with_room() -> None:
    full = {at("2026-11-18 12:10"): 2, at("2026-11-18 12:20"): 2, at("2026-11-18 12:30"): 1}
    found = earliest(counter(), at("2026-11-18 12:03"), full)
    assert found == Pickup(at("2026-11-18 12:30"), at("2026-11-18 12:30"), dt.date(2026, 11, 18))


def test_a_day_whose_rooms_are_taken_sends_to_the_next() -> None:
    evening = {at("2026-11-18 20:50"): 2, at("2026-11-18 20:40"): 2}
    assert clock(earliest(counter(), at("2026-11-18 20:31"), evening)) == "19.11 08:10"


def test_a_place_that_does_not_open_has_no_time() -> None:
    assert earliest(counter({"mon": []}), at("2026-11-18 12:00")) is None
    closed = tuple((dt.date(2026, 12, 30) + dt.timedelta(days=n)).isoformat() for n in range(40))
    assert earliest(counter(holidays=closed), at("2026-12-30 12:00")) is None
    assert times(counter(holidays=closed), at("2026-12-30 12:00")) == []


def test_times_on_offer_are_todays_and_the_next_open_days() -> None:
    offered = times(counter(holidays=("2026-11-19",)), at("2026-11-18 20:15"), {at("2026-11-18 20:40"): 2})
    shown = [clock(item) for item in offered]
    assert shown[:4] == ["18.11 20:30", "18.11 20:50", "20.11 08:10", "20.11 08:20"]
    assert shown[-1] == "20.11 20:50", "and not the day after"


def test_times_round_the_clock_end_with_the_second_day() -> None:
    offered = times(counter({}), at("2026-12-31 23:00"))
    assert (clock(offered[0]), clock(offered[-1])) == ("31.12 23:10", "01.01 23:50")


@pytest.mark.parametrize(
    ("wished", "is_there"),
    [
        ("2026-11-18 12:10", True),
        ("2026-11-18 12:00", False),  # cannot be made by then
        ("2026-11-18 07:00", False),  # over
        ("2026-11-19 07:50", False),  # closed
        ("2026-11-19 08:00", False),  # open, but nothing is made yet
        ("2026-11-19 08:10", True),
        ("2026-11-18 21:00", False),  # they have just closed
        ("2026-12-25 12:00", False),  # too far away
    ],
)
def test_a_wished_time_must_be_possible(wished: str, is_there: bool) -> None:
    assert (fit(counter(), at("2026-11-18 12:03"), at(wished)) is not None) is is_there


def test_a_wished_time_in_a_full_slot_is_not_there() -> None:
    assert fit(counter(), at("2026-11-18 12:03"), at("2026-11-18 13:00"), {at("2026-11-18 13:00"): 2}) is None


def test_past_midnight_is_the_business_day_that_was_opened() -> None:
    def day(now: str, schedule: dict[str, list[list[str]]]) -> dt.date:
        found = earliest(counter(schedule), at(now))
        assert found is not None
        return found.day

    assert day("2027-01-01 01:30", NIGHT_BAR) == dt.date(2026, 12, 31)
    assert day("2027-01-01 18:00", NIGHT_BAR) == dt.date(2027, 1, 1)
    assert day("2026-12-31 23:55", {}) == dt.date(2027, 1, 1), "round the clock the day ends at midnight"


@settings(deadline=None)  # a machine with other work is no fault of ours
@given(
    minute=some.integers(0, 60 * 24 * 400),
    prep=some.integers(0, 240),
    taken=some.lists(some.integers(0, 200), max_size=60),
    zone=some.sampled_from([MOSCOW, "Asia/Vladivostok", "Asia/Kathmandu", "Europe/Berlin"]),
    schedule=some.sampled_from([EVERY_DAY, NIGHT_BAR, {}]),
)
def test_the_soonest_time_is_open_makeable_and_has_room(
    minute: int, prep: int, taken: list[int], zone: str, schedule: dict[str, list[list[str]]]
) -> None:
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
    shop = counter(schedule, zone=zone, minutes=prep, capacity=1)
    full = {slot_of(now, shop.hours) + SLOT * number: 1 for number in taken}
    found = earliest(shop, now, full)
    assert found is not None
    assert shop.hours.is_open(found.at) and found.at >= now + shop.preparation
    assert found.slot_at <= found.at < found.slot_at + SLOT and found.slot_at not in full
    offered = times(shop, now, full)
    assert all(shop.hours.is_open(item.at) and item.slot_at not in full for item in offered)
    assert all(fit(shop, now, item.at, full) == item for item in offered[:5])
