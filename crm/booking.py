"""Appointments: free times, booking, moving, canceling. What the customer must hear goes into their chat's inbox.

Whoever takes or gives a place holds one lock, so that two people never get the last one; the constraint on places stands
behind it. Nobody else's calendar is asked here: that is done outside any transaction, by `crm.yclients`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bot import inbox
from bot.errors import Refused
from bot.messages import EventKind, Outgoing
from bot.models import Chat, Message
from bot.outbox import say
from content.hours import all_holidays
from crm import notifications, offers
from crm.models import Appointment, AppointmentReminder, Customer, Event, Lead, ScheduleRule
from crm.models.appointment import WHEN
from crm.schedule import Opening, openings

Status = Appointment.Status
LOCK = 0x0B00C  # every change of a place takes it; bookings are rare, so one lock for all is enough
CUSTOMER = "customer"  # `by` of what the customer did themselves


class Taken(Exception):
    """The time is not free: somebody was quicker, or the schedule has changed."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a turn may know: free times (None: not known), and who has an appointment ahead."""

    slots: tuple[dt.datetime, ...] | None
    standing: Mapping[int, Appointment] = field(default_factory=dict)  # by customer
    needs_phone: bool = False  # the calendar books nobody without one


def schedule(now: dt.datetime, *, notice: bool = True) -> dict[dt.datetime, Opening]:
    """Return what our own schedule offers from now on."""
    rules = ScheduleRule.objects.filter(is_active=True)
    return openings(rules, all_holidays(), now, notice=notice)


def free_slots(now: dt.datetime, *, notice: bool = True) -> list[dt.datetime]:
    """Return the times with a free place, soonest first."""
    return _with_room(schedule(now, notice=notice), places_held(now))


def _with_room(offered: Mapping[dt.datetime, Opening], held: Mapping[dt.datetime, int]) -> list[dt.datetime]:
    return [opening.starts_at for instant, opening in offered.items() if held.get(instant, 0) < opening.capacity]


def places_held(since: dt.datetime) -> dict[dt.datetime, int]:
    """Return how many places of each time are somebody's."""
    rows = Appointment.objects.filter(seat__isnull=False, starts_at__gte=since).order_by()
    return dict(rows.values_list("starts_at").annotate(Count("id")))


def outlook(
    customers: Sequence[int], now: dt.datetime, *, rules: Iterable[ScheduleRule], holidays: Collection[str]
) -> Outlook:
    """Return what the turns of a batch may know: one query, over what lies ahead only."""
    theirs = Q(customer__in=customers, status__in=Appointment.STANDING)
    rows = list(Appointment.objects.filter(Q(seat__isnull=False) | theirs, starts_at__gt=now))
    held = Counter(row.starts_at for row in rows if row.seat is not None)
    slots = _with_room(openings(rules, holidays, now), held)
    known = set(customers)
    standing = {row.customer_id: row for row in rows if row.customer_id in known and row.status in Appointment.STANDING}
    return Outlook(tuple(slots), standing)


def standing_of(customers: Sequence[int], now: dt.datetime) -> dict[int, Appointment]:
    """Return the appointment ahead of each customer who has one."""
    rows = Appointment.objects.filter(customer__in=customers, status__in=Appointment.STANDING, starts_at__gt=now)
    return {row.customer_id: row for row in rows}


# --- what the customer asks for


def request(
    customer: Customer, starts_at: dt.datetime, *, chat: Chat, lead: Lead | None, key: str, now: dt.datetime
) -> None:
    """Book the time, or move the customer's appointment to it; the chat is told how it went."""
    try:
        standing = ahead(customer, now)
        if standing is None:
            made = book(customer, starts_at, chat=chat, lead=lead, key=key, now=now)
            tell(chat, "booked", made, key=key)
        else:
            move(standing, starts_at, by=CUSTOMER, key=key, now=now)
            tell(chat, "moved", standing, key=key)
    except Taken:
        tell(chat, "taken", None, key=key, starts_at=starts_at)


def book(
    customer: Customer,
    starts_at: dt.datetime,
    *,
    chat: Chat | None = None,
    lead: Lead | None = None,
    key: str,
    now: dt.datetime,
    by: str = CUSTOMER,
) -> Appointment:
    """Take a place; raises `Taken`. One transaction: the place, the reminders and the lead belong together."""
    with transaction.atomic():
        _lock()
        opening = _opening(starts_at, now, notice=by == CUSTOMER)
        row = Appointment(customer=customer, chat=chat, lead=lead, seat=_free_seat(opening))
        row.place(starts_at, minutes=opening.minutes, zone=opening.zone)
        row.write_down("booked", by=by, at=now)
        row.save()
        remind_before(row, opening.reminders, now)
        has_begun(row, key=key, now=now)
    return row


def has_begun(row: Appointment, *, key: str, now: dt.datetime) -> None:
    """An appointment stands from now on: our people hear of it, it is counted."""
    _note(row, "appointment.booked", now)
    _tell_people(row, f"назначен на консультацию {words(row)}", key=f"{key}:booked")


def move(row: Appointment, starts_at: dt.datetime, *, by: str, key: str, now: dt.datetime) -> None:
    """Take another place instead of the one held; raises `Taken` and changes nothing when it is not free."""
    with transaction.atomic():
        _lock()
        _reread(row)
        if row.status not in Appointment.STANDING:
            raise Taken
        opening = _opening(starts_at, now, notice=by == CUSTOMER)
        stays = row.starts_at == starts_at and row.seat is not None
        row.seat = row.seat if stays else _free_seat(opening)
        row.place(starts_at, minutes=opening.minutes, zone=opening.zone)
        has_moved(row, opening.reminders, by=by, key=key, now=now)


def has_moved(row: Appointment, reminders: Iterable[int], *, by: str, key: str, now: dt.datetime) -> None:
    """An appointment stands at another time: write it down with its reminders, and tell our people."""
    row.status, row.declined_at, row.confirmed_at = Status.RESCHEDULED, None, None
    row.write_down("moved", by=by, at=now)
    row.save(update_fields=[*WHEN, "status", "seat", "declined_at", "confirmed_at", "history", "updated_at"])
    forget_reminders(row)
    remind_before(row, reminders, now)
    _note(row, "appointment.moved", now)
    _tell_people(row, f"консультация перенесена на {words(row)}", key=f"{key}:moved")


def cancel(row: Appointment, *, by: str, key: str, now: dt.datetime, reason: str = "") -> bool:
    """Give the place back; return False when the appointment stands no more."""
    with transaction.atomic():
        _reread(row)
        if row.status not in (*Appointment.STANDING, Status.REQUESTED):
            return False
        row.status, row.seat, row.reason = Status.CANCELED, None, reason[:190]
        row.write_down("canceled", by=by, at=now)
        row.save(update_fields=["status", "seat", "reason", "history", "updated_at"])
        forget_reminders(row)
        _note(row, "appointment.canceled", now)
        _tell_people(row, f"консультация {words(row)} отменена", key=f"{key}:canceled")
    return True


def attend(row: Appointment, *, comes: bool, key: str, now: dt.datetime) -> None:
    """The customer said whether they will come; who will not gives their place back and is asked for another time."""
    with transaction.atomic():
        _reread(row)
        if row.status not in Appointment.STANDING:
            return
        if comes:
            row.confirmed_at = now
        else:
            row.declined_at, row.seat = now, None
            forget_reminders(row)
            _tell_people(row, f"не придёт на консультацию {words(row)}, выбирает другое время", key=f"{key}:declined")
        row.write_down("confirmed" if comes else "declined", by=CUSTOMER, at=now)
        row.save(update_fields=["confirmed_at", "declined_at", "seat", "history", "updated_at"])
        _note(row, "appointment.confirmed" if comes else "appointment.declined", now)


def withdraw(row: Appointment, *, chat: Chat, key: str, now: dt.datetime) -> None:
    """The customer takes their appointment back; the chat is told when it is done."""
    if cancel(row, by=CUSTOMER, key=key, now=now):
        tell(chat, "canceled", row, key=key)


def look_up(chat: Chat, *, key: str) -> None:
    """Our own schedule is always known; the answer is an event all the same."""
    tell(chat, "slots", None, key=key)


# --- what our people do


def move_by_us(row: Appointment, starts_at: dt.datetime, *, by: str, now: dt.datetime | None = None) -> None:
    """Move an appointment from the calendar and tell the customer; raises `Refused`."""
    now = now or timezone.now()
    key = f"desk:appointment:{row.pk}:{now.timestamp():.3f}"
    if row.starts_at == starts_at:
        raise Refused(_("The appointment is at this time already."))
    with transaction.atomic():
        try:
            move(row, starts_at, by=by, key=key, now=now)
        except Taken as error:
            raise Refused(_("This time is not free.")) from error
        tell(row.chat, "moved_by_us", row, key=key)


def cancel_by_us(row: Appointment, *, by: str, reason: str = "", now: dt.datetime | None = None) -> None:
    """Cancel an appointment and tell the customer; raises `Refused`."""
    now = now or timezone.now()
    key = f"desk:appointment:{row.pk}:{now.timestamp():.3f}"
    with transaction.atomic():
        if not cancel(row, by=by, key=key, now=now, reason=reason):
            raise Refused(_("This appointment does not stand any more."))
        tell(row.chat, "canceled_by_us", row, key=key)


def mark_held(row: Appointment, status: str, *, by: str, now: dt.datetime | None = None) -> None:
    """Say how an appointment went, once its time has come; raises `Refused`."""
    now = now or timezone.now()
    with transaction.atomic():
        _reread(row)
        if status not in Appointment.HELD or row.status not in (*Appointment.STANDING, *Appointment.HELD):
            raise Refused(_("This cannot be said of this appointment."))
        if row.starts_at > now:
            raise Refused(_("Its time has not come yet."))
        row.status = status
        row.write_down(status, by=by, at=now)
        row.save(update_fields=["status", "history", "updated_at"])
        forget_reminders(row)
        _note(row, f"appointment.{status}", now)


# --- telling


def tell(
    chat: Chat | None, outcome: str, row: Appointment | None, *, key: str, starts_at: dt.datetime | None = None
) -> None:
    """Tell the chat's dialogue; while a human has the chat, what our people did is said in their name."""
    if chat is None:
        return
    moment = row.starts_at if row is not None else starts_at
    number = row.pk if row is not None else 0
    payload: dict[str, Any] = {"outcome": outcome, "appointment": number}
    if moment is not None:
        payload |= {"starts_at": moment.isoformat(), "zone": _zone_of(moment, row)}
    if row is not None and outcome in BY_US and chat.speaker == Chat.Speaker.MANAGER:
        say(chat, Outgoing(f"{BY_US[outcome]} {words(row)}."), role=Message.Role.MANAGER, dedupe_key=f"{key}:said")
        return
    inbox.put(chat, EventKind.BOOKING, external_id=f"booking:{key}:{outcome}"[:190], payload=payload)


def _zone_of(moment: dt.datetime, row: Appointment | None) -> str:
    """Return the zone the moment is told in: the schedule's own."""
    return row.tz if row is not None else str(getattr(moment.tzinfo, "key", "Europe/Moscow"))


BY_US = {"moved_by_us": "Консультация перенесена:", "canceled_by_us": "Консультация отменена:"}


def words(row: Appointment) -> str:
    """Return when it is, for our people: "пт 25.12 в 14:00 (МСК)"."""
    local = row.local
    zone = "МСК" if row.tz == "Europe/Moscow" else row.tz
    return f"{('пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс')[local.weekday()]} {local:%d.%m} в {local:%H:%M} ({zone})"


# --- reminders


def remind_before(row: Appointment, minutes: Iterable[int], now: dt.datetime) -> None:
    """Set the reminders whose time is still ahead."""
    wanted = {row.starts_at - dt.timedelta(minutes=before): before for before in minutes}
    AppointmentReminder.objects.bulk_create(
        [
            AppointmentReminder(appointment=row, before_minutes=before, due_at=due_at)
            for due_at, before in wanted.items()
            if due_at > now
        ],
        ignore_conflicts=True,
    )


def forget_reminders(row: Appointment) -> None:
    """Take back the reminders not yet sent."""
    AppointmentReminder.objects.filter(appointment=row, sent_at=None).delete()


# --- inside


def ahead(customer: Customer, now: dt.datetime) -> Appointment | None:
    """Return the customer's appointment ahead; one that has begun makes way for the next."""
    rows = Appointment.objects.select_related("customer", "lead__customer", "chat")
    row = rows.filter(customer=customer, status__in=Appointment.STANDING).first()
    if row is not None and row.starts_at <= now:
        mark_held(row, Status.COMPLETED, by="clock", now=now)
        return None
    return row


def _lock() -> None:
    """Wait until nobody else is taking or giving a place; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _reread(row: Appointment) -> None:
    """Lock the row and take its newest values: another hand may have changed it."""
    fresh = Appointment.objects.select_for_update(no_key=True).get(pk=row.pk)
    for name in (*WHEN, "status", "seat", "declined_at", "confirmed_at", "history", "external_id", "external_hash"):
        setattr(row, name, getattr(fresh, name))


def _opening(starts_at: dt.datetime, now: dt.datetime, *, notice: bool) -> Opening:
    opening = schedule(now, notice=notice).get(starts_at.astimezone(dt.UTC))
    if opening is None:
        raise Taken
    return opening


def _free_seat(opening: Opening) -> int:
    rows = Appointment.objects.filter(starts_at=opening.starts_at, seat__isnull=False)
    held = set(rows.values_list("seat", flat=True))
    seat = next((number for number in range(1, opening.capacity + 1) if number not in held), None)
    if seat is None:
        raise Taken
    return seat


def _note(row: Appointment, type_: str, now: dt.datetime) -> None:
    payload = {"appointment": row.pk, "starts_at": row.starts_at.isoformat()}
    Event.objects.create(customer_id=row.customer_id, type=type_, payload=payload, created_at=now)


def _tell_people(row: Appointment, text: str, *, key: str) -> None:
    """Write how things stand onto the lead's card; where the managers' chat shows none, say it."""
    occasion = f"appointment:{row.pk}:{key}"[:100]
    on_card = row.lead is not None and offers.restate(row.lead, text, key=occasion)
    if not on_card:
        notifications.tell_managers(f"📅 {row.customer}: {text}", key=occasion, lead=row.lead)
