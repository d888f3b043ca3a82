"""When a place is open: its week, its holidays and its zone turned into instants."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_AHEAD = 31  # a place closed for longer has no next opening to tell
Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Hours:
    """The week {"mon": [["08:00", "21:00"]], …}; an empty one is open round the clock, holidays too aside."""

    time_zone: str = "Europe/Moscow"
    schedule: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    holidays: Collection[str] = ()  # ISO dates; a span that began the evening before runs to its end

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def spans(self, day: dt.date) -> list[Span]:
        """Return when the place is open on the day that begins then, in order; a span may end after midnight."""
        if day.isoformat() in self.holidays:
            return []
        week = self.schedule.get(DAYS[day.weekday()], ()) if self.schedule else [["00:00", "24:00"]]
        return sorted(self._span(day, opens, closes) for opens, closes in week)

    def _span(self, day: dt.date, opens: str, closes: str) -> Span:
        last = day + dt.timedelta(days=1) if closes <= opens else day
        return _instant(day, opens, self.zone), _instant(last, closes, self.zone)

    def from_day(self, day: dt.date, days: int) -> Iterator[Span]:
        """Yield the spans of so many days; those that touch are one."""
        held: Span | None = None
        for number in range(days):
            for span in self.spans(day + dt.timedelta(days=number)):
                if held and span[0] <= held[1]:
                    held = (held[0], max(held[1], span[1]))
                    continue
                if held:
                    yield held
                held = span
        if held:
            yield held

    def is_open(self, now: dt.datetime) -> bool:
        """Tell whether the place is open."""
        return self.span_at(now) is not None

    def span_at(self, now: dt.datetime) -> Span | None:
        """Return the span that `now` is in."""
        yesterday = now.astimezone(self.zone).date() - dt.timedelta(days=1)
        return next((span for span in self.from_day(yesterday, 3) if span[0] <= now < span[1]), None)

    def opens_at(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the place opens next; None when it does not for a month."""
        today = now.astimezone(self.zone).date()
        return next((opens for opens, _closes in self.from_day(today, DAYS_AHEAD) if opens > now), None)


def is_sold_at(start: dt.time | None, end: dt.time | None, local: dt.time) -> bool:
    """Tell whether a part of the day covers a local time; a part may run past midnight, and no bound is the day's own."""
    if start and end and end <= start:
        return local >= start or local < end
    return (start is None or local >= start) and (end is None or local < end)


def part_of_day(start: dt.time | None, end: dt.time | None) -> str:
    """Return a part of the day in words of digits: "08:00–12:00", "–12:00", "17:00–"; "" for the whole day."""
    if not start and not end:
        return ""
    return f"{start:%H:%M}–{end:%H:%M}" if start and end else f"{start:%H:%M}–" if start else f"–{end:%H:%M}"


def _instant(day: dt.date, clock: str, zone: ZoneInfo) -> dt.datetime:
    hours, minutes = (int(part) for part in clock.split(":"))
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    return (midnight + dt.timedelta(hours=hours, minutes=minutes)).astimezone(dt.UTC)  # local wall time: 24:00 too
