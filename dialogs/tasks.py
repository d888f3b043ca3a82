"""Wake-up calls of the mind."""

import logging
import time
from collections.abc import Sequence

import redis
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bot.nudges import drop_guard, nudge
from dialogs import briefings
from dialogs.assistant.thinking import answer_overdue, settle_forgotten, think_till_idle
from dialogs.mailbox import seconds_to_next
from dialogs.timers import fire_due
from dialogs.turn import take_turns, take_turns_in

logger = logging.getLogger(__name__)
DRAIN_SECONDS = 20.0  # one task works no longer than this, then nudges again
LINGER_SECONDS = 2.0  # it waits this long for mail that becomes complete in a moment …
LOOK_SECONDS = 0.05  # … and looks this often whether somebody else has come meanwhile, who need not wait
AWAKE_SECONDS = 0.25  # after its last turn it stays awake: where one message came, the next is near …
BLINK_SECONDS = 0.01  # … and one look costs a tenth of what it takes to be woken through the broker


@shared_task
def take_turn() -> None:
    """Take turns until no mail is left, waiting a moment for sentences that are still being typed, and for the next mail."""
    drop_guard(settings.INBOX_READY_TASK)
    deadline = time.monotonic() + DRAIN_SECONDS
    awake_until = 0.0
    while time.monotonic() < deadline:
        wait = seconds_to_next(timezone.now())
        if wait == 0.0 and take_turns().chats:
            awake_until = time.monotonic() + AWAKE_SECONDS
        elif time.monotonic() < awake_until:  # whatever else is pending: a sentence being typed must not make it drowsy
            time.sleep(BLINK_SECONDS)
        elif wait is not None and wait <= LINGER_SECONDS:
            time.sleep(min(max(wait, 0.005), LOOK_SECONDS))
        else:
            return
    nudge(settings.INBOX_READY_TASK)


@shared_task
def sweep_inbox() -> None:
    """Fire due timers and find what a lost nudge left behind."""
    fire_due()
    nudge(settings.INBOX_READY_TASK)


@shared_task
def think() -> None:
    """Let the assistant answer what it was asked."""
    drop_guard(settings.ASSISTANT_READY_TASK)
    think_till_idle(hear=_let_hear)


def _let_hear(chat_ids: Sequence[int], *, ahead: float) -> None:
    """Let another process take the turns; should the message be lost, the worker of turns finds them in a moment."""
    try:
        hear_answers.apply_async((list(chat_ids), ahead), expires=ahead, retry=False)
    except (redis.RedisError, OSError) as error:
        logger.warning("answers are left to the worker of turns", extra={"reason": type(error).__name__})


@shared_task
def hear_answers(chat_ids: list[int], ahead: float) -> None:
    """Take the turns in which the assistant's answers are decided on: it takes thought, and plain turns do not wait behind it."""
    take_turns_in(chat_ids, ahead=ahead)


@shared_task
def sweep_assistant() -> None:
    """Find questions a lost nudge or a dead worker left behind."""
    answer_overdue()
    settle_forgotten()
    nudge(settings.ASSISTANT_READY_TASK)


@shared_task
def write_briefings() -> None:
    """Write the texts our own people asked for."""
    drop_guard(briefings.READY_TASK)
    briefings.write_waiting()
