"""Wake-up calls of the mind."""

import logging
import threading
from collections.abc import Sequence

import redis
from celery import shared_task
from django.conf import settings

from bot.nudges import drop_guard, nudge
from dialogs import briefings
from dialogs.assistant.thinking import answer_overdue, settle_forgotten, think_till_idle
from dialogs.draining import TALKS_READY_TASK, TalksWatch, drain, is_near
from dialogs.lanes import lanes
from dialogs.timers import fire_due
from dialogs.turn import take_turns_in

logger = logging.getLogger(__name__)
_taking_talks = threading.Lock()


@shared_task
def take_turn() -> None:
    """Take turns until no mail is left, waiting a moment for sentences that are still being typed, and for the next mail."""
    drop_guard(settings.INBOX_READY_TASK)
    if drain(lambda: lanes.plain, meanwhile=TalksWatch()):
        nudge(settings.INBOX_READY_TASK)


@shared_task
def take_talk_turn() -> None:
    """Take the turns of channels with a free talk. One drain is enough for a process: the other thread decides on answers."""
    drop_guard(TALKS_READY_TASK)
    if not _taking_talks.acquire(blocking=False):
        return
    try:
        drain(lambda: lanes.talks)
    finally:
        _taking_talks.release()
    if is_near(lanes.talks):  # who came last found the door closed, or time ran out
        nudge(TALKS_READY_TASK)


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
