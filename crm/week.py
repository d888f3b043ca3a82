"""One week of the calendar as our people see it: times down, days across, who is where and what is free. Reads only."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet

from content.hours import all_holidays
from crm.calendars import active_account
from crm.models import Appointment, ScheduleRule
from crm.queries import SEE_EVERY_LEAD
from crm.schedule import Opening, is_working, openings
from crm.yclients.calendar import YclientsCalendar

SHOWN = (*Appointment.STANDING, *Appointment.HELD, Appointment.Status.REQUESTED)


@dataclass(frozen=True, slots=True)
class Place:
    """One appointment on the calendar."""

    row: Appointment
    is_mine: bool  # the viewer may know whose it is
    can_move: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One time of one day."""

    starts_at: dt.datetime
    places: tuple[Place, ...]
    capacity: int  # 0: nothing is held then
    is_free: bool  # an appointment may be moved here

    @property
    def value(self) -> str:
        """The instant, as a form brings it back."""
        return self.starts_at.isoformat()

    @property
    def held(self) -> int:
        """Places that are somebody's."""
        return sum(place.row.seat is not None for place in self.places)


@dataclass(frozen=True, slots=True)
class Day:
    """One column."""

    date: dt.date
    is_today: bool
    is_off: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The table; `days` hold their cells in the order of `clocks`."""

    monday: dt.date
    clocks: tuple[dt.time, ...]
    days: tuple[Day, ...]
    zone: ZoneInfo
    free: tuple[dt.datetime, ...]  # every time an appointment may be moved to, this week or later

    @property
    def rows(self) -> list[tuple[dt.time, list[Cell]]]:
        """The table by lines."""
        return [(clock, [day.cells[at] for day in self.days]) for at, clock in enumerate(self.clocks)]


def visible_appointments(user: User | AnonymousUser) -> QuerySet[Appointment]:
    """Return the appointments this person may see: everybody's by right, else of their own leads and of nobody's."""
    rows = Appointment.objects.all()
    if user.has_perm(SEE_EVERY_LEAD):
        return rows
    return rows.filter(Q(lead__manager__user_id=user.pk or 0) | Q(lead__manager=None))


def week_of(monday: dt.date, now: dt.datetime, user: User | AnonymousUser) -> Week:
    """Return the week that begins on `monday`, by the schedule's clock."""
    rules = list(ScheduleRule.objects.filter(is_active=True))
    holidays = all_holidays()
    zone = rules[0].zone if rules else ZoneInfo(settings.TIME_ZONE)
    first = dt.datetime.combine(monday, dt.time(), zone)
    theirs = _of_somebody_else(now)
    ahead = openings(rules, holidays, now, notice=False) if theirs is None else theirs
    before = openings(rules, holidays, first - dt.timedelta(seconds=1), notice=False) if theirs is None else {}
    shown = {**before, **ahead}
    rows = _rows(first, zone)
    held = _held(now)
    free = tuple(
        opening.starts_at.astimezone(zone) for at, opening in ahead.items() if held.get(at, 0) < opening.capacity
    )
    mine = set(visible_appointments(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return _table(
        monday, zone, rows, shown, free, _Viewer(mine, user.has_perm("crm.change_appointment"), now), rules, holidays
    )


def _of_somebody_else(now: dt.datetime) -> dict[dt.datetime, Opening] | None:
    """Return the free times of a connected calendar, as it showed them last; None while the schedule is our own."""
    account = active_account()
    if account is None:
        return None
    minutes = account.duration_minutes
    return {at.astimezone(dt.UTC): Opening(at, 1, minutes, ()) for at in YclientsCalendar(account).seen(now)}


@dataclass(frozen=True, slots=True)
class _Viewer:
    mine: set[int]
    may_move: bool
    now: dt.datetime

    def place(self, row: Appointment) -> Place:
        is_mine = row.pk in self.mine
        movable = row.status in Appointment.STANDING and row.starts_at > self.now
        return Place(row, is_mine, can_move=is_mine and self.may_move and movable)


def _rows(first: dt.datetime, zone: ZoneInfo) -> list[Appointment]:
    after = dt.datetime.combine(first.date() + dt.timedelta(days=7), dt.time(), zone)
    rows = Appointment.objects.select_related("customer", "lead__manager")
    return list(
        rows.filter(starts_at__gte=first, starts_at__lt=after, status__in=SHOWN).order_by("starts_at", "seat", "pk")
    )


def _held(now: dt.datetime) -> dict[dt.datetime, int]:
    held: dict[dt.datetime, int] = {}
    for starts_at in Appointment.objects.filter(seat__isnull=False, starts_at__gt=now).values_list(
        "starts_at", flat=True
    ):
        held[starts_at] = held.get(starts_at, 0) + 1
    return held


def _table(
    monday: dt.date,
    zone: ZoneInfo,
    rows: Sequence[Appointment],
    shown: dict[dt.datetime, Opening],
    free: tuple[dt.datetime, ...],
    viewer: _Viewer,
    rules: Sequence[ScheduleRule],
    holidays: Collection[str],
) -> Week:
    dates = [monday + dt.timedelta(days=ahead) for ahead in range(7)]
    local = {at.astimezone(zone): opening for at, opening in shown.items() if at.astimezone(zone).date() in dates}
    clocks = sorted({at.time() for at in local} | {row.starts_at.astimezone(zone).time() for row in rows})
    places: dict[dt.datetime, list[Place]] = {}
    for row in rows:
        places.setdefault(row.starts_at.astimezone(zone), []).append(viewer.place(row))
    days = []
    for date in dates:
        cells = []
        for clock in clocks:
            at = dt.datetime.combine(date, clock, zone)
            capacity = local[at].capacity if at in local else 0
            cells.append(Cell(at, tuple(places.get(at, ())), capacity, at in free))
        is_off = not any(is_working(rule, holidays, date) for rule in rules)
        days.append(Day(date, date == viewer.now.astimezone(zone).date(), is_off, tuple(cells)))
    return Week(monday, tuple(clocks), tuple(days), zone, free)
