"""Housekeeping of the library."""

from celery import shared_task
from django.utils import timezone

from content import stops


@shared_task
def tidy_stop_list() -> None:
    """Remove lines of the stop-list whose time is over; nothing waits for it."""
    stops.tidy(timezone.now())
