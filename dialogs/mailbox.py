"""Whose turn it is: ready chats are locked, their unread events read in order, and what is not complete yet is postponed.

A text waits `COALESCE_SECONDS` for the rest of the sentence (at most `COALESCE_CAP_SECONDS` from the first word); a failed
event waits for its retry, and its chat with it, because order is kept per chat.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from bot.courtesy import show_typing
from bot.inbox import postpone
from bot.messages import EventKind
from bot.models import Chat, InboxEvent
from dialogs.lanes import EVERYBODY, Lane

PENDING = Q(handled_at__isnull=True, parked_at__isnull=True)
LOOK_AHEAD = 8  # due events looked at per chat wanted: one chat may hold several
# The lock is FOR NO KEY UPDATE: the door's foreign keys to the chat never wait for a turn.
LOCK_SQL = """
WITH due AS (
    SELECT chat_id, min(ready_at) AS since FROM (
        SELECT chat_id, ready_at FROM bot_inboxevent
        WHERE handled_at IS NULL AND parked_at IS NULL AND ready_at <= %(now)s
          AND (channel_id = ANY(%(channels)s)) = %(inside)s
        ORDER BY ready_at LIMIT %(look)s) e
    GROUP BY chat_id ORDER BY since LIMIT %(limit)s
)
SELECT c.id FROM bot_chat c JOIN due ON due.chat_id = c.id FOR NO KEY UPDATE OF c SKIP LOCKED
"""
NEXT_SQL = """
SELECT min(ready_at) FROM bot_inboxevent
WHERE handled_at IS NULL AND parked_at IS NULL AND (channel_id = ANY(%s)) = %s
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """One locked chat and the events to handle now, oldest first."""

    chat: Chat
    events: tuple[InboxEvent, ...]

    def has(self, kind: EventKind) -> bool:
        """Tell whether an event of this kind is among them."""
        return any(event.kind == kind for event in self.events)

    @property
    def scenario_key(self) -> str:
        """The scenario the CRM asked for, empty when the channel's own is to be used."""
        asked = [event.payload.get("scenario_key") for event in self.events if event.kind == EventKind.LEAD_OPENED]
        return str(asked[-1] or "") if asked else ""


def lock_ready(limit: int, now: dt.datetime, *, chat_id: int | None = None, lane: Lane = EVERYBODY) -> list[Chat]:
    """Lock up to `limit` chats of a lane with due events (or the one named); those another worker holds are passed over."""
    if chat_id is not None:
        chats = Chat.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("channel")
        return list(chats.filter(pk=chat_id))
    with connection.cursor() as cursor:
        look: Mapping[str, Any] = {"now": now, "limit": limit, "look": limit * LOOK_AHEAD}
        cursor.execute(LOCK_SQL, {**look, "channels": list(lane.channels), "inside": lane.is_inside})
        ids = [row[0] for row in cursor.fetchall()]
    # Prefetched, not joined: a batch has many chats and few channels, whose secrets take time to unseal.
    return list(Chat.objects.filter(pk__in=ids).prefetch_related("channel")) if ids else []


def lock_these(chat_ids: Sequence[int]) -> list[Chat]:
    """Lock these chats; those another worker holds are passed over."""
    chats = Chat.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return list(chats.filter(pk__in=chat_ids).prefetch_related("channel"))


def read(chats: Sequence[Chat], now: dt.datetime) -> list[Mail]:
    """Return the mail of locked chats; a chat whose mail must wait is postponed and left out."""
    unread: dict[int, list[InboxEvent]] = {}
    for event in InboxEvent.objects.filter(PENDING, chat__in=chats).order_by("chat_id", "id"):
        unread.setdefault(event.chat_id, []).append(event)
    mails = []
    for chat in chats:
        events = unread.get(chat.pk, [])
        wait = wait_until(events, now)
        if wait is not None:
            postpone([event.pk for event in events if event.ready_at < wait], until=wait)
            if not events[0].attempts:  # the person is still writing: show that we listen
                transaction.on_commit(partial(show_typing, chat))
        elif events:
            mails.append(Mail(chat, tuple(events)))
    return mails


def wait_until(events: Sequence[InboxEvent], now: dt.datetime) -> dt.datetime | None:
    """Return until when this mail must wait, None when it may be handled."""
    if not events:
        return None
    first, last = events[0], events[-1]
    if first.attempts and first.ready_at > now:
        return first.ready_at
    capped = first.received_at + dt.timedelta(seconds=settings.COALESCE_CAP_SECONDS)
    return min(last.ready_at, capped) if min(last.ready_at, capped) > now else None


def seconds_to_next(now: dt.datetime, lane: Lane = EVERYBODY) -> float | None:
    """Return in how many seconds the next pending event of a lane is due, below zero when it is late; None without any."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_SQL, [list(lane.channels), lane.is_inside])
        due: dt.datetime | None = cursor.fetchone()[0]
    return None if due is None else (due - now).total_seconds()
