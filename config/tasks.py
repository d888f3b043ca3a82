"""Wake-up calls of the house itself."""

import datetime as dt

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bot.nudges import broker
from config import backups

BEAT_KEY = "otklik:beat"


@shared_task
def heartbeat() -> None:
    """Leave a sign that beat sends and a worker takes."""
    broker().set(BEAT_KEY, timezone.now().isoformat())


def beat_age(now: dt.datetime) -> dt.timedelta | None:
    """Return how long ago beat and a worker were last seen together; None when never."""
    seen = broker().get(BEAT_KEY)
    return now - dt.datetime.fromisoformat(seen.decode()) if isinstance(seen, bytes) else None


@shared_task(time_limit=4 * 3600)
def back_up() -> None:
    """Make tonight's backup, try it, and drop the oldest."""
    backups.make(folder=settings.BACKUP_DIR)
    backups.rotate(folder=settings.BACKUP_DIR, keep=settings.BACKUP_KEEP)
