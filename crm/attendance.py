"""What time brings to appointments: reminders come due, and what has passed is completed. Called by the clock."""

import datetime as dt

from django.db import transaction

from bot.models import Chat
from crm import booking, notifications
from crm.models import Appointment, AppointmentReminder, Event

LIMIT = 200
Status = Appointment.Status


def send_reminders(now: dt.datetime) -> int:
    """Tell the dialogues of appointments that are near; return how many reminders were done with."""
    with transaction.atomic():
        # SKIP LOCKED: two sweeps at once share the work instead of reminding twice.
        due = AppointmentReminder.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            due_at__lte=now, sent_at=None
        )
        joined = due.select_related("appointment__customer", "appointment__chat", "appointment__lead__manager")
        reminders = list(joined.order_by("due_at")[:LIMIT])
        latest = {reminder.appointment_id: reminder for reminder in reminders}  # one word is enough after a pause
        for reminder in latest.values():
            _remind(reminder, now)
        AppointmentReminder.objects.filter(pk__in=[reminder.pk for reminder in reminders]).update(sent_at=now)
    return len(reminders)


def _remind(reminder: AppointmentReminder, now: dt.datetime) -> None:
    row = reminder.appointment
    stands = row.status in Appointment.STANDING and row.declined_at is None and row.starts_at > now
    if not stands or row.chat is None or row.customer.unsubscribed_at is not None:
        return
    key = f"reminder:{reminder.pk}"
    if row.chat.speaker == Chat.Speaker.MANAGER:  # the bot is silent there: whoever speaks must know
        text = f"⏰ {row.customer}: консультация {booking.words(row)}. Бот молчит в этом диалоге, напомните сами."
        notifications.tell_managers(text, key=key, lead=row.lead)
        return
    booking.tell(row.chat, "reminder", row, key=key)


def close_past(now: dt.datetime) -> int:
    """Complete what has been held, and cancel what its customer had declined; return how many."""
    standing = Appointment.objects.filter(status__in=Appointment.STANDING)
    with transaction.atomic():
        rows = list(
            standing.filter(ends_at__lte=now)
            .select_for_update(skip_locked=True, no_key=True)
            .order_by("ends_at")[:LIMIT]
        )
        for row in rows:
            row.status = Status.CANCELED if row.declined_at is not None else Status.COMPLETED
            row.reason = "declined" if row.declined_at is not None else ""
            row.write_down(row.status, by="clock", at=now)
            row.save(update_fields=["status", "reason", "history", "updated_at"])
        Event.objects.bulk_create(
            Event(
                customer_id=row.customer_id,
                type=f"appointment.{row.status}",
                payload={"appointment": row.pk},
                created_at=now,
            )
            for row in rows
        )
    return len(rows)
