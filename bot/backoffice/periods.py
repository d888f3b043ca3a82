"""Days as people mean them: whole days of the business's clock, as half-open instants."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (inclusive) to `end` (exclusive)."""

    start: dt.datetime
    end: dt.datetime


NAMES = ("today", "yesterday", "7d", "30d")


def span_of(name: str, now: dt.datetime) -> Span:
    """Return the span a name of `NAMES` means at `now`; 7d and 30d end with today. Raises KeyError."""
    today = timezone.localtime(now).date()
    first, days = {
        "today": (today, 1),
        "yesterday": (today - dt.timedelta(days=1), 1),
        "7d": (today - dt.timedelta(days=6), 7),
        "30d": (today - dt.timedelta(days=29), 30),
    }[name]
    return Span(midnight(first), midnight(first + dt.timedelta(days=days)))


def midnight(day: dt.date) -> dt.datetime:
    """Return the instant `day` begins in the current time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
