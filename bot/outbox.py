"""Whatever is to be said: one row per message, order kept per chat, said at most once.

Writers call `say` (one) or build rows and `enqueue` many; `bot.delivery` claims and sends. A takeover grows the chat's epoch,
and a claim takes only rows of the current epoch.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bot.channels.registry import adapter_for
from bot.channels.splitting import in_parts
from bot.messages import Act, Outgoing
from bot.models import Chat, Message
from bot.nudges import nudge_deliveries


def say(
    chat: Chat, message: Outgoing, *, role: str = Message.Role.BOT, dedupe_key: str | None = None, request_id: str = ""
) -> Message | None:
    """Queue one message in `chat`; return its (first) row, or None when `dedupe_key` was said before."""
    rows = rows_for(chat, message, role=role, dedupe_key=dedupe_key, request_id=request_id)
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
    except IntegrityError:
        if dedupe_key is None or not Message.objects.filter(dedupe_key=dedupe_key).exists():
            raise
        return None
    nudge_deliveries()
    return rows[0]


def rows_for(
    chat: Chat, message: Outgoing, *, role: str = Message.Role.BOT, dedupe_key: str | None = None, request_id: str = ""
) -> list[Message]:
    """Return the unsaved rows that say `message`: several when the channel would need several requests for it."""
    parts = in_parts(message, adapter_for(chat.channel.kind).abilities)
    return [
        Message(
            chat=chat,
            channel_id=chat.channel_id,
            role=role,
            text=part.text,
            extras=part.to_json(),
            dedupe_key=dedupe_key if dedupe_key is None or number == 1 else f"{dedupe_key}#{number}",
            epoch=chat.epoch,
            request_id=request_id,
        )
        for number, part in enumerate(parts, start=1)
    ]


def change(row: Message, message: Outgoing, *, dedupe_key: str) -> Message | None:
    """Queue new words and buttons for an earlier message; a channel that cannot change what was said says them anew."""
    if _can_change(row):
        message = replace(message, act=Act.CHANGE, target=row.pk)
    return say(row.chat, message, dedupe_key=dedupe_key)


def withdraw(row: Message, *, instead: str, dedupe_key: str) -> Message | None:
    """Queue taking an earlier message away; where that is impossible `instead` takes its place."""
    if not _can_change(row):
        return say(row.chat, Outgoing(instead), dedupe_key=dedupe_key)
    return say(row.chat, Outgoing(instead, act=Act.WITHDRAW, target=row.pk), dedupe_key=dedupe_key)


def _can_change(row: Message) -> bool:
    return adapter_for(row.chat.channel.kind).abilities.changes


def enqueue(rows: Iterable[Message]) -> None:
    """Queue rows in their order, in the caller's transaction; those whose dedupe key exists are left out."""
    Message.objects.bulk_create(list(rows), ignore_conflicts=True)
    nudge_deliveries()


def note_in(chat: Chat, text: str) -> None:
    """Write a line of the house into the transcript: who has the word from here on. Nobody is sent it."""
    Message.objects.create(
        chat=chat,
        channel_id=chat.channel_id,
        role=Message.Role.SYSTEM,
        text=text,
        status=Message.Status.RECEIVED,
        epoch=chat.epoch,
    )


def take_over(chat_id: int, *, speaker: str = Chat.Speaker.MANAGER) -> Chat:
    """Hand the chat to `speaker`; what the bot had queued under the old epoch is canceled in the same transaction.

    The update takes the chat's row, so it waits for a claim in progress and every later claim sees the new epoch.
    """
    with transaction.atomic():
        Chat.objects.filter(pk=chat_id).update(speaker=speaker, epoch=F("epoch") + 1, updated_at=timezone.now())
        chat = Chat.objects.get(pk=chat_id)
        cancel_stale(chat)
    return chat


def cancel_stale(chat: Chat) -> int:
    """Cancel what the bot queued in `chat` before its current epoch."""
    stale: Any = Message.objects.filter(
        chat=chat, role=Message.Role.BOT, status=Message.Status.QUEUED, epoch__lt=chat.epoch
    )
    canceled: int = stale.update(status=Message.Status.CANCELED, error="made before a handover")
    return canceled
