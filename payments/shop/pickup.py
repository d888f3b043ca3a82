"""When an order can be handed over: opening hours, holidays, preparation, and room in each ten minutes. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from content.menu.opening import Hours

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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One opening of one day. What touches the one before goes on without a new preparation: midnight is no closing."""

    day: dt.date
    begins_at: dt.datetime
    ends_at: dt.datetime
    opened_at: dt.datetime  # of the first of those that touch

    def ready(self, counter: Counter, now: dt.datetime) -> dt.datetime:
        """Return when something begun as soon as possible is ready."""
        return max(max(now, self.opened_at) + counter.preparation, self.begins_at)


def earliest(counter: Counter, now: dt.datetime, taken: Taken = NOBODY) -> Pickup | None:
    """Return the first time with room: when it can be made from now on, or from the next opening; None when there is none."""
    for stretch in _stretches(counter.hours, now):
        at = _up(stretch.ready(counter, now))
        while at < stretch.ends_at:
            slot = slot_of(at, counter.hours)
            if taken.get(slot, 0) < counter.capacity:
                return Pickup(at, slot, stretch.day)
            at = slot + SLOT
    return None


def times(counter: Counter, now: dt.datetime, taken: Taken = NOBODY) -> list[Pickup]:
    """Return the times on offer, soonest first: each begins a slot with room, today and the next open day."""
    found: list[Pickup] = []
    days: set[dt.date] = set()
    for stretch in _stretches(counter.hours, now):
        slots = _slots_in(stretch, counter, now)
        days |= {stretch.day} if slots else set()
        if len(days) > OFFERED_DAYS:
            break
        found += [Pickup(at, at, stretch.day) for at in slots if taken.get(at, 0) < counter.capacity]
    return found


def fit(counter: Counter, now: dt.datetime, at: dt.datetime, taken: Taken = NOBODY) -> Pickup | None:
    """Return the wished time as a pickup; None when it is closed then, too soon, too far away or full.

    A guest who took some minutes to decide keeps the slot they were shown as long as it can still be kept within its ten minutes.
    """
    for stretch in _stretches(counter.hours, now):
        soonest = slot_of(stretch.ready(counter, now), counter.hours)
        if stretch.begins_at <= at < stretch.ends_at and at >= soonest:
            slot = slot_of(at, counter.hours)
            has_room = taken.get(slot, 0) < counter.capacity
            return Pickup(at.astimezone(dt.UTC), slot, stretch.day) if has_room else None
    return None


def slot_of(instant: dt.datetime, hours: Hours) -> dt.datetime:
    """Return the beginning of the ten minutes by the place's own clock that hold `instant`, in UTC."""
    local = instant.astimezone(hours.zone)
    past = dt.timedelta(minutes=local.minute % 10, seconds=local.second, microseconds=local.microsecond)
    return instant.astimezone(dt.UTC) - past


def _stretches(hours: Hours, now: dt.datetime) -> Iterator[_Stretch]:
    """Yield the openings that are not over, soonest first."""
    yesterday = now.astimezone(hours.zone).date() - DAY
    last: _Stretch | None = None
    for number in range(DAYS_AHEAD + 1):
        day = yesterday + DAY * number
        for begins_at, ends_at in hours.spans(day):
            touches = last is not None and begins_at <= last.ends_at
            last = _Stretch(day, begins_at, ends_at, last.opened_at if touches and last else begins_at)
            if ends_at > now:
                yield last


def _slots_in(stretch: _Stretch, counter: Counter, now: dt.datetime) -> list[dt.datetime]:
    ready = stretch.ready(counter, now)
    at = slot_of(ready, counter.hours)
    first = at if at >= ready else at + SLOT
    return [first + SLOT * number for number in range(max(0, -((first - stretch.ends_at) // SLOT)))]


def _up(at: dt.datetime) -> dt.datetime:
    """Nobody comes at a second: up to the whole minute."""
    whole = at.astimezone(dt.UTC).replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE
