"""What a report is about: days, hours of a shift, a place, and what it is compared with."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.dateparse import parse_date

LONGEST = 366  # days
NAMES = ("today", "yesterday", "7d", "30d", "own")
AGAINST = ("before", "week")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole business days (inclusive); the hours of a shift by the clock of each place, `until_hour` exclusive."""

    first: dt.date
    last: dt.date
    from_hour: int = 0
    until_hour: int = 24
    place: str = ""  # its code; empty: all of them
    name: str = "own"
    against: str = "before"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_shift(self) -> bool:
        """Tell whether it is a part of each day."""
        return (self.from_hour, self.until_hour) != (0, 24)

    def compared(self) -> "Period":
        """Return the same days before: those right before, or the same weekdays."""
        back = -(-self.days // 7) * 7 if self.against == "week" else self.days
        shift = dt.timedelta(days=back)
        return replace(self, first=self.first - shift, last=self.last - shift)


def period_of(asked: Mapping[str, str], today: dt.date) -> Period:
    """Return what was asked for; whatever makes no sense is today."""
    name = asked.get("period", "today")
    first, last = _days(name, asked, today)
    from_hour, until_hour = _hour(asked.get("from_hour", ""), 0), _hour(asked.get("until_hour", ""), 24)
    if from_hour >= until_hour:
        from_hour, until_hour = 0, 24
    against = asked.get("against", "")
    return Period(
        first,
        last,
        from_hour,
        until_hour,
        place=asked.get("place", "")[:24],
        name=name if name in NAMES else "today",
        against=against if against in AGAINST else "before",
    )


def _days(name: str, asked: Mapping[str, str], today: dt.date) -> tuple[dt.date, dt.date]:
    match name:
        case "yesterday":
            return today - dt.timedelta(days=1), today - dt.timedelta(days=1)
        case "7d" | "30d":
            return today - dt.timedelta(days=int(name[:-1]) - 1), today
        case "own":
            first, last = _day(asked.get("first", "")) or today, _day(asked.get("last", "")) or today
            first, last = min(first, last), max(first, last)
            return max(first, last - dt.timedelta(days=LONGEST - 1)), last
    return today, today


def _day(text: str) -> dt.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and 2000 < day.year < 9000 else None


def _hour(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 <= int(text) <= 24 else default
