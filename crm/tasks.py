"""Wake-up calls of the memory: each is one call. Beat sends them too, so a lost nudge only costs seconds."""

from celery import shared_task
from django.utils import timezone

from bot.nudges import drop_guard
from crm.bitrix24 import noticing, review, writeback
from crm.reports import WRITE_TASK


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
