"""Is the business open? Schedules are {"mon": [["09:00", "18:00"]], …} in the business's own time zone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from content.models import BusinessProfile

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Schedule = Mapping[str, Sequence[Sequence[str]]]


def is_within(schedule: Schedule, local: dt.datetime) -> bool:
    """Tell whether `local` (time of the schedule's own zone) is within it; an empty schedule is always open."""
    if not schedule:
        return True
    return _covers(schedule, local) or _covers(schedule, local, yesterday=True)


def _covers(schedule: Schedule, local: dt.datetime, *, yesterday: bool = False) -> bool:
    """A span may run past midnight ("18:00"–"02:00"): its tail belongs to the next day."""
    day = local - dt.timedelta(days=1) if yesterday else local
    clock = local.strftime("%H:%M")
    for opens, closes in schedule.get(DAYS[day.weekday()], ()):
        past_midnight = closes <= opens
        if yesterday:
            if past_midnight and clock < closes:
                return True
        elif opens <= clock and (past_midnight or clock < closes):
            return True
    return False


def is_open_at(profile: BusinessProfile, now: dt.datetime) -> bool:
    """Tell whether the business is open at `now`, holidays considered."""
    local = now.astimezone(ZoneInfo(profile.time_zone))
    return local.date().isoformat() not in profile.holidays and is_within(profile.schedule, local)


def all_holidays() -> frozenset[str]:
    """Return the holidays of every profile, as ISO dates: one calendar of consultations serves all products."""
    return frozenset(date for dates in BusinessProfile.objects.values_list("holidays", flat=True) for date in dates)
