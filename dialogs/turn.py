"""Turns: many ready chats in one transaction. Events in, the pure engine, state and effects out, all or nothing.

A batch that fails is repeated one chat at a time and one event at a time, so a poison event never holds up its neighbours: it
is tried `EVENT_ATTEMPTS` times, then parked, shown to people, and its chat goes on.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bot import courtesy, metrics
from bot.context import bound
from bot.inbox import mark_handled
from bot.messages import EventKind
from bot.models import InboxEvent
from dialogs import mailbox, staff
from dialogs.gathering import open_sessions
from dialogs.lanes import EVERYBODY, Lane
from dialogs.mailbox import Mail
from dialogs.session import Session
from dialogs.writing import write

logger = logging.getLogger(__name__)
BATCH = 200
RETRY_SECONDS = 5.0  # doubled with each attempt


@dataclass(frozen=True, slots=True)
class Batch:
    """What one pass did."""

    chats: int  # turns taken, or postponed: something was there
    failed: int = 0


def take_turns(*, limit: int = BATCH, clock: Callable[[], dt.datetime] = timezone.now, lane: Lane = EVERYBODY) -> Batch:
    """Take one batch of a lane's turns; return how many chats had mail."""
    try:
        with transaction.atomic(durable=True):
            # Locking the chat is what makes one person's events one after another, whatever the number of workers.
            chats = mailbox.lock_ready(limit, clock(), lane=lane)
            mails = mailbox.read(chats, clock())
            ours = staff.ours(mails) if mails else set()
            customers = [mail for mail in mails if mail.chat.pk not in ours]
            _handle(customers, clock())
    except Exception:
        logger.exception("a batch of turns failed, repeating it chat by chat")
        return _one_by_one(limit, clock, lane)
    # What our own people do locks leads and other chats: done inside a batch, two batches could wait for each other.
    failed = sum(not _alone(chat_id, clock) for chat_id in ours)
    metrics.count("turns", len(customers), outcome="ok")
    return Batch(len(chats), failed)


def take_turns_in(chat_ids: Sequence[int], *, ahead: float, clock: Callable[[], dt.datetime] = timezone.now) -> None:
    """Take the turns of these chats, their events of the next `ahead` seconds included; what fails is left to `take_turns`."""
    try:
        with transaction.atomic(durable=True):
            mails = mailbox.read(mailbox.lock_these(chat_ids), clock() + dt.timedelta(seconds=ahead))
            ours = staff.ours(mails) if mails else set()
            customers = [mail for mail in mails if mail.chat.pk not in ours]
            _handle(customers, clock())
    except Exception:
        logger.exception("turns failed, the worker of turns will repeat them")
    else:
        metrics.count("turns", len(customers), outcome="ok")


def _handle(mails: list[Mail], now: dt.datetime) -> None:
    if not mails:
        return
    sessions = open_sessions(
        [mail.chat for mail in mails],
        now,
        scenario_keys={mail.chat.pk: key for mail in mails if (key := mail.scenario_key)},
        pressed=[mail.chat.pk for mail in mails if mail.has(EventKind.PRESS)],
    )
    for mail, session in zip(mails, sessions, strict=True):
        _turn(mail, session)
    write(sessions, now)
    presses = [(session.chat, press) for session in sessions for press in session.presses]
    transaction.on_commit(partial(courtesy.acknowledge_all, presses))
    mark_handled([event.pk for mail in mails for event in mail.events], now)


def _turn(mail: Mail, session: Session) -> None:
    conversation = session.conversation.pk if session.conversation else None
    request_id = mail.events[-1].request_id
    with bound(request_id=request_id, channel=mail.chat.channel_id, chat=mail.chat.pk, conversation=conversation):
        session.hear(mail.events)
        logger.info("turn", extra={"events": len(mail.events), "step": session.step, "effects": len(session.effects)})


def _one_by_one(limit: int, clock: Callable[[], dt.datetime], lane: Lane) -> Batch:
    with transaction.atomic():
        ids = [chat.pk for chat in mailbox.lock_ready(limit, clock(), lane=lane)]
    failed = sum(not _alone(chat_id, clock) for chat_id in ids)
    metrics.count("turns", len(ids) - failed, outcome="ok")
    metrics.count("turns", failed, outcome="error")
    return Batch(len(ids), failed)


def _alone(chat_id: int, clock: Callable[[], dt.datetime]) -> bool:
    """Handle the mail of one chat event by event; the first that fails counts an attempt and ends it."""
    while True:
        head: InboxEvent | None = None
        try:
            with transaction.atomic(durable=True):
                chats = mailbox.lock_ready(1, clock(), chat_id=chat_id)
                mails = mailbox.read(chats, clock())
                if not mails:
                    return True
                head = mails[0].events[0]
                _handle_one(Mail(mails[0].chat, (head,)), clock())
        except Exception as error:
            if head is None:
                raise
            _count_failure(head, error, clock())
            return False


def _handle_one(mail: Mail, now: dt.datetime) -> None:
    if not staff.ours([mail]):
        _handle([mail], now)
        return
    (event,) = mail.events
    with bound(request_id=event.request_id, channel=mail.chat.channel_id, chat=mail.chat.pk):
        staff.hear(mail, now)
        logger.info("staff turn", extra={"kind": event.kind})
    InboxEvent.objects.filter(pk=event.pk).update(handled_at=now, error="")


def _count_failure(event: InboxEvent, error: Exception, now: dt.datetime) -> None:
    attempts = event.attempts + 1
    parked = attempts >= settings.EVENT_ATTEMPTS
    wait = dt.timedelta(seconds=RETRY_SECONDS * 2 ** (attempts - 1))
    InboxEvent.objects.filter(pk=event.pk, handled_at=None).update(
        attempts=attempts,
        error=f"{type(error).__name__}: {error}"[:2000],
        ready_at=now if parked else now + wait,
        parked_at=now if parked else None,
    )
    with bound(request_id=event.request_id, channel=event.channel_id, chat=event.chat_id):
        logger.error("event failed", exc_info=error, extra={"event": event.pk, "attempts": attempts, "parked": parked})
    metrics.count("errors", where="turn")
