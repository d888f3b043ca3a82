"""Which times are offered: weekdays, days off, notice, horizon, several rules; midnight, the year's end, other zones."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from crm.models import ScheduleRule
from crm.schedule import openings

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = dt.datetime(2026, 11, 16, 9, 0, tzinfo=MOSCOW)


def rule(**fields: object) -> ScheduleRule:
    return ScheduleRule(title="Консультации", **fields)


def times(now: dt.datetime, *rules: ScheduleRule, holidays: tuple[str, ...] = (), notice: bool = True) -> list[str]:
    found = openings(rules or (rule(),), holidays, now, notice=notice).values()
    return [f"{opening.starts_at:%m-%d %H:%M}" for opening in found]


def test_the_four_times_of_working_days_are_offered() -> None:
    found = times(MONDAY, rule(horizon_days=1))
    assert found == [f"11-{day} {hour}:00" for day in (16, 17) for hour in (12, 14, 16, 18)]


@pytest.mark.parametrize(
    ("clock", "first"),
    [("10:59", "11-16 12:00"), ("11:00", "11-16 12:00"), ("11:01", "11-16 14:00"), ("17:30", "11-17 12:00")],
)
def test_what_is_too_soon_is_not_offered(clock: str, first: str) -> None:
    now = dt.datetime.combine(MONDAY.date(), dt.time.fromisoformat(clock), MOSCOW)
    assert times(now)[0] == first


def test_our_own_people_may_take_the_last_moment_but_never_the_past() -> None:
    now = dt.datetime(2026, 11, 16, 13, 59, tzinfo=MOSCOW)
    assert times(now, notice=False)[0] == "11-16 14:00"
    assert times(now.replace(hour=14, minute=0), notice=False)[0] == "11-16 16:00"


def test_weekends_days_off_and_holidays_are_free_of_work() -> None:
    friday = MONDAY.replace(day=20, hour=19)
    assert times(friday)[0] == "11-23 12:00"
    assert times(friday, rule(days_off=["2026-11-23"]))[0] == "11-24 12:00"
    assert times(friday, rule(days_off=["2026-11-23"]), holidays=("2026-11-24",))[0] == "11-25 12:00"


def test_a_rule_holds_between_its_days() -> None:
    winter = rule(valid_from=dt.date(2026, 11, 18), valid_to=dt.date(2026, 11, 19), times=["09:30"])
    assert times(MONDAY, winter) == ["11-18 09:30", "11-19 09:30"]


def test_the_same_time_of_two_rules_has_the_larger_capacity() -> None:
    found = openings([rule(capacity=1), rule(capacity=3), rule(capacity=2)], (), MONDAY)
    assert {opening.capacity for opening in found.values()} == {3}


def test_the_year_ends_and_the_days_go_on() -> None:
    eve = dt.datetime(2026, 12, 31, 23, 50, tzinfo=MOSCOW)
    assert times(eve)[0] == "01-01 12:00"
    assert times(eve, holidays=tuple(f"2027-01-0{day}" for day in range(1, 9)))[0] == "01-11 12:00"


def test_the_day_is_that_of_the_schedule_and_not_of_the_server() -> None:
    just_after_midnight = dt.datetime(2026, 11, 16, 21, 30, tzinfo=dt.UTC)  # Tuesday, 00:30 in Moscow
    assert times(just_after_midnight)[0] == "11-17 12:00"
    late = rule(times=["00:30"], lead_minutes=0)
    assert times(dt.datetime(2026, 11, 16, 20, 59, tzinfo=dt.UTC), late)[0] == "11-17 00:30"


def test_a_rule_of_another_zone_keeps_its_own_clock() -> None:
    vladivostok = rule(time_zone="Asia/Vladivostok", times=["12:00"])
    instant = next(iter(openings([vladivostok], (), MONDAY - dt.timedelta(hours=9))))
    assert instant == dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)
