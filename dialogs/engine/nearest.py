"""Which times somebody asks for in their own words, and which free ones come nearest."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogs.engine.reading import Reading
from dialogs.engine.slots import Slot, dates_of, on

Span = tuple[dt.time, dt.time]  # from, to; both inclusive


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was named. An exact `clock`, or a `span` of the day such as "после обеда", or neither."""

    date: dt.date | None = None
    clock: dt.time | None = None
    span: Span | None = None

    def fits(self, slot: Slot) -> bool:
        """Tell whether the time of day is what was asked for."""
        clock = slot.starts_at.time()
        if self.span is not None:
            return self.span[0] <= clock <= self.span[1]
        return self.clock is None or clock == self.clock


def wanted_of(reading: Reading, slots: Sequence[Slot], day: dt.date | None, *, numbers: bool) -> Wanted | None:
    """Return what the words ask for; None when they name no time. `day` was chosen before; a bare number is then an hour."""
    date, clock, span = reading.date, reading.time, reading.span
    if date is None and clock is None and span is None and numbers and reading.number is not None:
        whole = int(reading.number)
        if day is not None and 0 <= whole <= 23:
            clock = dt.time(whole + 12 if 1 <= whole <= 7 else whole)
        elif day is None:
            date = next((free for free in dates_of(slots) if free.day == whole), None)
    if date is None and clock is None and span is None:
        return None
    return Wanted(date or day, None if span is not None else clock, span)


def in_zone(reading: Reading, zone: dt.tzinfo, day: dt.date) -> Reading:
    """Return what was named by the person's own clock ("в 17:00 по Екатеринбургу") as the schedule's clock shows it."""
    if reading.time is None or reading.span is not None:
        return reading
    theirs = dt.datetime.combine(reading.date or day, reading.time, reading.zone)
    moment = theirs.astimezone(zone)
    return replace(reading, time=moment.time(), date=moment.date() if reading.date else None)


def nearest_dates(slots: Sequence[Slot], date: dt.date, count: int) -> list[dt.date]:
    """Return the `count` days with free slots that lie nearest to `date`, in order."""
    return sorted(sorted(dates_of(slots), key=lambda free: abs(free - date))[:count])


def soonest(slots: Sequence[Slot], wanted: Wanted) -> list[Slot]:
    """Return the slots of the first day that has what was asked for."""
    fitting = [slot for slot in slots if wanted.fits(slot)]
    return on(fitting, min(dates_of(fitting))) if fitting else []
