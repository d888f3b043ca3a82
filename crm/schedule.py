"""Which times the schedule offers: rules, days off and holidays in, moments out. Touches no table."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from content.week_fields import DAYS
from crm.models import ScheduleRule


@dataclass(frozen=True, slots=True)
class Opening:
    """A time the schedule offers, and to how many."""

    starts_at: dt.datetime  # in the schedule's zone
    capacity: int
    minutes: int
    reminders: tuple[int, ...]  # minutes before

    @property
    def zone(self) -> ZoneInfo:
        """The schedule's zone."""
        zone = self.starts_at.tzinfo
        if not isinstance(zone, ZoneInfo):
            raise TypeError("an opening is made in a named zone")
        return zone


def openings(
    rules: Iterable[ScheduleRule], holidays: Collection[str], now: dt.datetime, *, notice: bool = True
) -> dict[dt.datetime, Opening]:
    """Return the times ahead by their instant, soonest first; `notice` False: up to the last moment, as our people may."""
    found: dict[dt.datetime, Opening] = {}
    for rule in rules:
        earliest = now + dt.timedelta(minutes=rule.lead_minutes if notice else 0)
        for opening in _of(rule, holidays, now):
            instant = opening.starts_at.astimezone(dt.UTC)
            known = found.get(instant)
            if instant > now and instant >= earliest and (known is None or known.capacity < opening.capacity):
                found[instant] = opening
    return dict(sorted(found.items()))


def _of(rule: ScheduleRule, holidays: Collection[str], now: dt.datetime) -> Iterator[Opening]:
    zone = rule.zone
    today = now.astimezone(zone).date()
    clocks = [dt.time.fromisoformat(text) for text in rule.times]
    for ahead in range(rule.horizon_days + 1):
        date = today + dt.timedelta(days=ahead)
        if not is_working(rule, holidays, date):
            continue
        for clock in clocks:
            starts_at = dt.datetime.combine(date, clock, zone)
            yield Opening(starts_at, rule.capacity, rule.duration_minutes, tuple(rule.reminders))


def is_working(rule: ScheduleRule, holidays: Collection[str], date: dt.date) -> bool:
    """Tell whether the rule offers anything on this day."""
    if DAYS[date.weekday()] not in rule.weekdays or date.isoformat() in (*rule.days_off, *holidays):
        return False
    return (rule.valid_from is None or rule.valid_from <= date) and (rule.valid_to is None or date <= rule.valid_to)
