"""Wake-up calls of the mouth: each loads nothing and calls one function."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bot.delivery import Drain
from bot.nudges import drop_guard, nudge
from bot.recording import cancel_stale_epochs, settle_stale


@shared_task
def deliver() -> None:
    """Drain the outbox; nudge again when time ran out before the work did."""
    drop_guard(settings.OUTBOX_READY_TASK)
    if Drain().run():
        nudge(settings.OUTBOX_READY_TASK)


@shared_task
def sweep_outbox() -> None:
    """Find what a lost nudge or a dead worker left behind."""
    settle_stale(timezone.now())
    cancel_stale_epochs()
    nudge(settings.OUTBOX_READY_TASK)
