"""Moments people name: "завтра в 10", "после шести". Seen in the business's own time zone."""

import datetime as dt

from dialogs.engine.reading import Reading

MORNING = dt.time(10)  # a day without an hour
FARTHEST = dt.timedelta(days=31)  # what is named farther away is no appointment to write again


def moment_of(reading: Reading, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """Return the moment named, if it lies ahead and within `FARTHEST`."""
    if reading.date is None and reading.time is None:
        return None
    here = now.astimezone(zone)
    moment = dt.datetime.combine(reading.date or here.date(), reading.time or MORNING, zone)
    if moment <= here and reading.date is None:
        moment += dt.timedelta(days=1)
    return moment if here < moment <= here + FARTHEST else None


def shown(moment: dt.datetime, now: dt.datetime) -> str:
    """Return the moment as one says it: "сегодня в 18:00", "завтра в 10:00", "09.03 в 10:00"."""
    days = (moment.date() - now.astimezone(moment.tzinfo).date()).days
    day = {0: "сегодня", 1: "завтра"}.get(days, f"{moment:%d.%m}")
    return f"{day} в {moment:%H:%M}"
