"""Wake-up calls of the memory: each is one call. Beat sends them too, so a lost nudge only costs seconds."""

from celery import shared_task
from django.utils import timezone

from bot.nudges import broker, drop_guard
from crm import alerts, attendance, rotation, watching
from crm.bitrix24 import fetching, noticing, polling, review, shifts, writeback
from crm.leads import ASSIGN_TASK
from crm.reports import WRITE_TASK
from crm.yclients import errands, queueing

TALKING_SECONDS = 2  # between two looks while somebody is talking; the portal asks for no less


@shared_task
def write_back() -> None:
    """Tell the portals what waits to be told."""
    drop_guard(WRITE_TASK)
    writeback.settle_stale(timezone.now())
    writeback.drain()


@shared_task
def review_leads() -> None:
    """Look at the portal's leads that were noticed."""
    drop_guard(noticing.TASK)
    review.review_noticed()


@shared_task
def assign_leads() -> None:
    """Give waiting leads to managers, by what Bitrix24 says of their shifts where a rule asks for it."""
    drop_guard(ASSIGN_TASK)
    if rotation.waiting():
        shifts.refresh(timezone.now())
        rotation.assign_waiting()


@shared_task
def watch_desk() -> None:
    """Remind of leads nobody takes; warn managers who are silent, and give their dialogues back."""
    watching.watch(timezone.now())


@shared_task
def look_for_failures() -> None:
    """Tell the owner what began to fail and what works again."""
    alerts.look(timezone.now())


@shared_task
def poll_portals() -> None:
    """Ask the portals what changed: events may be lost."""
    polling.poll_portals()


@shared_task
def fetch_line_events() -> None:
    """Fetch the open-line bots' events; look again soon while somebody is talking. Two looks are never closer than that."""
    if not broker().set("otklik:bitrix24:fetched", b"1", nx=True, px=TALKING_SECONDS * 900):
        return
    if fetching.fetch_portals():
        fetch_line_events.apply_async(countdown=TALKING_SECONDS, expires=TALKING_SECONDS * 5, retry=False)


@shared_task
def run_calendar_tasks() -> None:
    """Ask and tell YClients what waits to be asked and told."""
    drop_guard(queueing.TASK)
    errands.settle_stale(timezone.now())
    errands.drain()


@shared_task
def look_at_appointments() -> None:
    """Remind of the appointments that are near, complete those that have passed."""
    attendance.send_reminders(timezone.now())
    attendance.close_past(timezone.now())
