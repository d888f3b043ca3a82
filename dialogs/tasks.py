"""Wake-up calls of the mind."""

import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bot.nudges import drop_guard, nudge
from dialogs.mailbox import seconds_to_next
from dialogs.timers import fire_due
from dialogs.turn import take_turns

DRAIN_SECONDS = 20.0  # one task works no longer than this, then nudges again
LINGER_SECONDS = 2.0  # it waits this long for mail that becomes complete in a moment …
LOOK_SECONDS = 0.05  # … and looks this often whether somebody else has come meanwhile, who need not wait


@shared_task
def take_turn() -> None:
    """Take turns until no mail is left, waiting a moment for sentences that are still being typed."""
    drop_guard(settings.INBOX_READY_TASK)
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        if take_turns().chats:
            continue
        wait = seconds_to_next(timezone.now())
        if wait is None or wait > LINGER_SECONDS:
            return
        time.sleep(min(max(wait, 0.005), LOOK_SECONDS))
    nudge(settings.INBOX_READY_TASK)


@shared_task
def sweep_inbox() -> None:
    """Fire due timers and find what a lost nudge left behind."""
    fire_due()
    nudge(settings.INBOX_READY_TASK)
