"""Times as the people of a place mean them."""

import datetime as dt
from zoneinfo import ZoneInfo

from content.models import Place
from content.stops import next_opening

RETURNS = ("hour", "day_end", "tomorrow", "manual")


def at(moment: dt.datetime, place: Place) -> str:
    """Return a time by the clock on the wall."""
    return f"{moment.astimezone(ZoneInfo(place.time_zone)):%H:%M}"


def returns_at(choice: str, place: Place, now: dt.datetime) -> dt.datetime | None:
    """Return when a thing put on the stop-list comes back; None: when a person puts it back."""
    match choice:
        case "hour":
            return now + dt.timedelta(hours=1)
        case "day_end":
            return _closing(place, now)
        case "tomorrow":
            return next_opening(place, now)
    return None


def _closing(place: Place, now: dt.datetime) -> dt.datetime:
    """Return when the shop closes; the next midnight while it is closed, or never closes."""
    span = place.hours.span_at(now) if place.schedule else None
    local = now.astimezone(ZoneInfo(place.time_zone))
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), local.tzinfo)
    return span[1] if span is not None else midnight
