"""What follows from a task of YClients: the appointment changes, the dialogue and our people hear of it. Rows only."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from crm import booking, notifications
from crm.models import Appointment, CalendarTask, YclientsAccount
from crm.yclients import errors
from crm.yclients.client import Record

Operation, Status = CalendarTask.Operation, Appointment.Status
CAME, MISSED, CONFIRMED = 1, -1, 2  # attendance of a record
BY = "YClients"


def done(task: CalendarTask, result: Any, now: dt.datetime) -> None:
    """A task was done."""
    account, row = task.account, task.appointment
    if task.operation == Operation.LOOK:
        YclientsAccount.objects.filter(pk=account.pk).update(slots=result, slots_at=now)
        booking.tell(task.chat, "slots", None, key=_key(task))
        return
    forget_slots(account)
    if row is None:
        return
    match task.operation:
        case Operation.BOOK:
            _booked(task, row, result, now)
        case Operation.MOVE:
            _moved(task, row, dt.datetime.fromisoformat(task.params["starts_at"]), now)
        case Operation.CANCEL:
            _canceled(task, row, now)
        case Operation.READ:
            _read(task, row, result, now)


def failed(task: CalendarTask, refusal: errors.YclientsError | None, now: dt.datetime) -> None:
    """A task will not be done: say why to whoever waits for it."""
    forget_slots(task.account)
    row, is_busy = task.appointment, isinstance(refusal, errors.Busy)
    if task.operation == Operation.LOOK:
        booking.tell(task.chat, "failed", None, key=_key(task))
    if row is None or task.operation == Operation.READ:
        return
    wanted = dt.datetime.fromisoformat(task.params["starts_at"]) if "starts_at" in task.params else row.starts_at
    if task.operation == Operation.BOOK:
        row.status, row.reason = Status.CANCELED, "taken" if is_busy else "refused"
        row.write_down("canceled", by=BY, at=now)
        row.save(update_fields=["status", "reason", "history", "updated_at"])
    outcome = "taken" if is_busy else "failed"
    if not task.params.get("by"):
        booking.tell(row.chat, outcome, None, key=_key(task), starts_at=wanted.astimezone(ZoneInfo(row.tz)))
    if not is_busy:
        text = f"⚠️ YClients: {row.customer}, {booking.words(row)} — {refusal}"
        notifications.tell_managers(text, key=_key(task), lead=row.lead)


def unsure(task: CalendarTask) -> None:
    """Nobody can tell yet whether it was done: the customer and our people know that, once."""
    row = task.appointment
    if row is None or task.operation not in (Operation.BOOK, Operation.MOVE):
        return
    if not task.params.get("by"):
        booking.tell(row.chat, "unsure", row, key=_key(task))
    text = f"⚠️ YClients не подтвердил запись: {row.customer}, {booking.words(row)}. Проверьте в YClients."
    notifications.tell_managers(text, key=f"{_key(task)}:unsure", lead=row.lead)


def forget_slots(account: YclientsAccount) -> None:
    """The free times have changed: the next who asks looks anew."""
    YclientsAccount.objects.filter(pk=account.pk).update(slots_at=None)


def _booked(task: CalendarTask, row: Appointment, result: tuple[int, str], now: dt.datetime) -> None:
    row.status, row.external_id, row.external_hash = Status.SCHEDULED, str(result[0]), result[1]
    row.write_down("booked", by=booking.CUSTOMER, at=now)
    row.save(update_fields=["status", "external_id", "external_hash", "history", "updated_at"])
    booking.remind_before(row, task.account.reminders, now)
    booking.has_begun(row, key=_key(task), now=now)
    booking.tell(row.chat, "booked", row, key=_key(task))


def _moved(task: CalendarTask, row: Appointment, starts_at: dt.datetime, now: dt.datetime) -> None:
    by = str(task.params.get("by") or booking.CUSTOMER)
    row.place(starts_at, minutes=task.account.duration_minutes, zone=ZoneInfo(task.account.time_zone))
    booking.has_moved(row, task.account.reminders, by=by, key=_key(task), now=now)
    booking.tell(row.chat, "moved_by_us" if task.params.get("by") else "moved", row, key=_key(task))


def _canceled(task: CalendarTask, row: Appointment, now: dt.datetime) -> None:
    by = str(task.params.get("by") or booking.CUSTOMER)
    if booking.cancel(row, by=by, key=_key(task), now=now, reason=str(task.params.get("reason", ""))):
        booking.tell(row.chat, "canceled_by_us" if task.params.get("by") else "canceled", row, key=_key(task))


def _read(task: CalendarTask, row: Appointment, record: Record | None, now: dt.datetime) -> None:
    """Follow what people changed in YClients itself."""
    if row.status not in Appointment.STANDING:
        return
    if record is None or record.is_deleted:
        if booking.cancel(row, by=BY, key=_key(task), now=now, reason="yclients"):
            booking.tell(row.chat, "canceled_by_us", row, key=_key(task))
    elif record.starts_at is not None and record.starts_at != row.starts_at:
        row.place(record.starts_at, minutes=task.account.duration_minutes, zone=ZoneInfo(task.account.time_zone))
        booking.has_moved(row, task.account.reminders, by=BY, key=_key(task), now=now)
        booking.tell(row.chat, "moved_by_us", row, key=_key(task))
    elif record.attendance in (CAME, MISSED) and row.starts_at <= now:
        booking.mark_held(row, Status.COMPLETED if record.attendance == CAME else Status.NO_SHOW, by=BY, now=now)
    elif record.attendance == CONFIRMED and row.confirmed_at is None:
        booking.attend(row, comes=True, key=_key(task), now=now)


def _key(task: CalendarTask) -> str:
    return f"calendar:{task.pk}"
