"""When an order can be handed over: opening hours, holidays, preparation, and room in each ten minutes. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from content.menu.opening import Hours, Span

SLOT = dt.timedelta(minutes=10)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
DAYS_AHEAD = 14  # how far the search for an open day goes: past New Year's holidays
OFFERED_DAYS = 2  # times are offered for so many open days
Taken = Mapping[dt.datetime, int]  # orders by the beginning of their slot, in UTC
NOBODY: Taken = {}


@dataclass(frozen=True, slots=True)
class Counter:
    """What a place can do: its hours, the orders it hands over in a slot, the minutes these goods take."""

    hours: Hours
    capacity: int
    minutes: int

    @property
    def preparation(self) -> dt.timedelta:
        """How long it takes."""
        return dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Pickup:
    """A time to come, the slot that it takes a place of, and the business day it belongs to."""

    at: dt.datetime
    slot_at: dt.datetime
    day: dt.date


def earliest(counter: Counter, now: dt.datetime, taken: Taken = NOBODY) -> Pickup | None:
    """Return the first time with room: when it can be made from now on, or from the next opening; None when there is none."""
    for opens_at, closes_at in _spans(counter.hours, now):
        at = _up(max(now, opens_at) + counter.preparation)
        while at < closes_at:
            slot = slot_of(at, counter.hours)
            if taken.get(slot, 0) < counter.capacity:
                return Pickup(at, slot, day_of(at, counter.hours))
            at = slot + SLOT
    return None


def times(counter: Counter, now: dt.datetime, taken: Taken = NOBODY) -> list[Pickup]:
    """Return the times on offer, soonest first: each begins a slot with room, today and the next open day."""
    found: list[Pickup] = []
    days: set[dt.date] = set()
    for span in _spans(counter.hours, now):
        for at in _slots_in(span, counter, now):
            day = day_of(at, counter.hours)
            days.add(day)
            if len(days) > OFFERED_DAYS:
                return found
            if taken.get(at, 0) < counter.capacity:
                found.append(Pickup(at, at, day))
    return found


def fit(counter: Counter, now: dt.datetime, at: dt.datetime, taken: Taken = NOBODY) -> Pickup | None:
    """Return the wished time as a pickup; None when it is closed then, too soon, too far away or full.

    A guest who took some minutes to decide keeps the slot they were shown as long as it can still be kept within its ten minutes.
    """
    for opens_at, closes_at in _spans(counter.hours, now):
        soonest = slot_of(max(now, opens_at) + counter.preparation, counter.hours)
        if opens_at <= at < closes_at and at >= soonest:
            slot = slot_of(at, counter.hours)
            has_room = taken.get(slot, 0) < counter.capacity
            return Pickup(at.astimezone(dt.UTC), slot, day_of(at, counter.hours)) if has_room else None
    return None


def slot_of(instant: dt.datetime, hours: Hours) -> dt.datetime:
    """Return the beginning of the ten minutes by the place's own clock that hold `instant`, in UTC."""
    local = instant.astimezone(hours.zone)
    past = dt.timedelta(minutes=local.minute % 10, seconds=local.second, microseconds=local.microsecond)
    return instant.astimezone(dt.UTC) - past


def day_of(at: dt.datetime, hours: Hours) -> dt.date:
    """Return the business day of an instant: past midnight it is still the day that was opened."""
    day = at.astimezone(hours.zone).date()
    is_of_yesterday = any(begins <= at < ends for begins, ends in hours.spans(day - DAY))
    is_of_today = any(begins <= at < ends for begins, ends in hours.spans(day))
    return day - DAY if is_of_yesterday and not is_of_today else day


def _spans(hours: Hours, now: dt.datetime) -> Iterator[Span]:
    """Yield the stretches of being open that are not over, soonest first."""
    yesterday = now.astimezone(hours.zone).date() - DAY
    return (span for span in hours.from_day(yesterday, DAYS_AHEAD + 1) if span[1] > now)


def _slots_in(span: Span, counter: Counter, now: dt.datetime) -> Iterator[dt.datetime]:
    ready = max(now, span[0]) + counter.preparation
    at = slot_of(ready, counter.hours)
    at = at if at >= ready else at + SLOT
    while at < span[1]:
        yield at
        at += SLOT


def _up(at: dt.datetime) -> dt.datetime:
    """Nobody comes at a second: up to the whole minute."""
    whole = at.astimezone(dt.UTC).replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE
