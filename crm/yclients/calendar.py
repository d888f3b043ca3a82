"""The YClients calendar as a source of times: what it showed last, and errands instead of answers."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.errors import Refused
from bot.models import Chat
from crm import booking
from crm.models import Appointment, CalendarTask, Customer, Lead, YclientsAccount
from crm.yclients.queueing import enqueue

FRESH = dt.timedelta(seconds=60)  # what was seen longer ago is not offered to anybody
Operation, Status = CalendarTask.Operation, Appointment.Status


class YclientsCalendar:
    """One account; asks nobody by itself."""

    needs_phone = True  # no record without one

    def __init__(self, account: YclientsAccount) -> None:
        self.account = account

    @property
    def zone(self) -> ZoneInfo:
        """The company's clock."""
        return ZoneInfo(self.account.time_zone)

    def free(self, now: dt.datetime) -> tuple[dt.datetime, ...] | None:
        """Return the free times if they were seen a moment ago."""
        seen_at = self.account.slots_at
        return self.seen(now) if seen_at is not None and now - seen_at <= FRESH else None

    def seen(self, now: dt.datetime) -> tuple[dt.datetime, ...]:
        """Return the times seen last, however long ago."""
        moments = (dt.datetime.fromisoformat(text).astimezone(self.zone) for text in self.account.slots)
        return tuple(sorted(moment for moment in moments if moment > now))

    def look_up(self, chat: Chat, *, key: str) -> None:
        """Have the free times asked for; the chat hears of it."""
        enqueue(self.account, Operation.LOOK, chat=chat, key=f"{key}:look")

    def request(
        self, customer: Customer, starts_at: dt.datetime, *, chat: Chat, lead: Lead | None, key: str, now: dt.datetime
    ) -> None:
        """Ask for the time; the chat hears of it when YClients has answered."""
        standing = booking.ahead(customer, now)
        if standing is not None and standing.source == Appointment.Source.YCLIENTS:
            enqueue(
                self.account,
                Operation.MOVE,
                appointment=standing,
                params={"starts_at": starts_at.isoformat()},
                key=f"{key}:move",
            )
            return
        if standing is not None:  # made before the house changed its calendar
            booking.cancel(standing, by=booking.CUSTOMER, key=f"{key}:old", now=now, reason="moved")
        if not customer.phone:
            booking.tell(chat, "failed", None, key=key, starts_at=starts_at)
            return
        row = self._requested(customer, starts_at, chat=chat, lead=lead, now=now)
        if row is not None:
            enqueue(self.account, Operation.BOOK, appointment=row, key=f"{key}:book")

    def _requested(
        self, customer: Customer, starts_at: dt.datetime, *, chat: Chat, lead: Lead | None, now: dt.datetime
    ) -> Appointment | None:
        """Return the row that waits for an answer; None when one waits already: pressed twice."""
        source = Appointment.Source.YCLIENTS
        row = Appointment(customer=customer, chat=chat, lead=lead, status=Status.REQUESTED, source=source)
        row.place(starts_at, minutes=self.account.duration_minutes, zone=self.zone)
        row.write_down("requested", by=booking.CUSTOMER, at=now)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            return None
        return row

    def withdraw(self, row: Appointment, *, chat: Chat, key: str, now: dt.datetime) -> None:
        """Have the record taken back."""
        enqueue(self.account, Operation.CANCEL, appointment=row, key=f"{key}:cancel")

    def move_by_us(self, row: Appointment, starts_at: dt.datetime, *, by: str, now: dt.datetime | None = None) -> None:
        """Have an appointment moved, as our people want it; raises `Refused` for a time that is not offered."""
        if row.status not in Appointment.STANDING or starts_at not in self.seen(now or timezone.now()):
            raise Refused(_("This time is not free."))
        params = {"starts_at": starts_at.isoformat(), "by": by}
        with transaction.atomic():
            enqueue(self.account, Operation.MOVE, appointment=row, params=params)

    def cancel_by_us(self, row: Appointment, *, by: str, reason: str = "", now: dt.datetime | None = None) -> None:
        """Have an appointment canceled, as our people want it; raises `Refused`."""
        if row.status not in Appointment.STANDING:
            raise Refused(_("This appointment does not stand any more."))
        with transaction.atomic():
            enqueue(self.account, Operation.CANCEL, appointment=row, params={"by": by, "reason": reason})
