"""What becomes of a message once its send has ended: the third, short transaction of a delivery."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from bot.channels.base import Receipt
from bot.channels.registry import adapter_for
from bot.errors import (
    ChannelDown,
    ChatMoved,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    RecipientGone,
    SendError,
    TakenOver,
)
from bot.inbox import put
from bot.messages import FOUND_BY_SENDING, EventKind
from bot.models import Channel, Chat, Message
from bot.outbox import take_over

ATTEMPTS = 8  # of sends that provably did not leave; then a human looks
STALE_AFTER = dt.timedelta(minutes=2)  # longer than any send may take
Status = Message.Status

RECORD_SQL = """
UPDATE bot_message m SET status = r.status, external_id = r.external_id, error = r.error,
    sent_at = CASE WHEN r.status = 'sent' THEN now() END, send_after = now() + make_interval(secs => r.wait)
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::float8[]) AS r(id, status, external_id, error, wait)
WHERE m.id = r.id AND m.status = 'sending'
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one send ended: a receipt or an error."""

    message_id: int
    chat_id: int
    channel_id: int
    kind: str
    attempts: int
    repeatable: bool = False  # a change of an earlier message: done twice it is seen once
    receipt: Receipt | None = None
    error: SendError | None = None

    @property
    def word(self) -> str:
        """One word for the metrics: `sent` or the error's name."""
        return "sent" if self.error is None else type(self.error).__name__

    def _may_repeat(self) -> bool:
        return self.repeatable or adapter_for(self.kind).abilities.idempotent

    def verdict(self) -> tuple[Status, float]:
        """Return the row's new status and the seconds to wait before another try."""
        match self.error:
            case None:
                return Status.SENT, 0
            case RateLimited(retry_after=seconds):
                return Status.QUEUED, seconds
            case ChatMoved() | ChannelDown():
                return Status.QUEUED, 0
            case NotSent() if self.attempts < ATTEMPTS:
                return Status.QUEUED, min(60.0, 0.5 * 2.0**self.attempts)
            case OutcomeUnknown() if self.attempts < ATTEMPTS and self._may_repeat():
                return Status.QUEUED, min(60.0, 0.5 * 2.0**self.attempts)
            case OutcomeUnknown():
                return Status.UNKNOWN, 0
            case TakenOver():
                return Status.CANCELED, 0
        return Status.FAILED, 0


def record(outcomes: Sequence[Outcome]) -> None:
    """Write how the sends ended, and what that says about their chats and channels."""
    verdicts = [outcome.verdict() for outcome in outcomes]
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(
                RECORD_SQL,
                [
                    [outcome.message_id for outcome in outcomes],
                    [str(status) for status, _ in verdicts],
                    [outcome.receipt.external_id if outcome.receipt else "" for outcome in outcomes],
                    ["" if outcome.error is None else str(outcome.error) for outcome in outcomes],
                    [wait for _, wait in verdicts],
                ],
            )
        for outcome in outcomes:
            _learn(outcome)


def _learn(outcome: Outcome) -> None:
    match outcome.error:
        case TakenOver():
            _hand_over(outcome.chat_id)
        case RecipientGone():
            _note_gone(outcome)
        case ChatMoved(new_external_id=new_id):
            _move(outcome, new_id)
        case ChannelDown():
            Channel.objects.filter(pk=outcome.channel_id).update(
                health=Channel.Health.DOWN, health_note=str(outcome.error), checked_at=timezone.now()
            )


def _move(outcome: Outcome, new_id: str) -> None:
    """The chat goes on under its new name; a row that events under that name have made meanwhile steps aside."""
    early = Chat.objects.filter(channel_id=outcome.channel_id, external_id=new_id).exclude(pk=outcome.chat_id).first()
    if early is not None:
        Chat.objects.filter(pk=early.pk).update(external_id=f"{new_id}/before-{early.pk}")
    Chat.objects.filter(pk=outcome.chat_id).update(external_id=new_id)


def _hand_over(chat_id: int) -> None:
    """A human was found in the chat: the bot is silent from now on, and the dialogue hears of it like of any takeover."""
    if not Chat.objects.filter(pk=chat_id, speaker=Chat.Speaker.BOT).exists():
        return
    chat = take_over(chat_id)
    put(
        chat,
        EventKind.OPERATOR,
        external_id=f"takeover:{chat.pk}:{chat.epoch}",
        payload={"chat": {"id": chat.external_id}},
    )


def _note_gone(outcome: Outcome) -> None:
    """Whoever cannot be reached is written to no more, and the dialogue hears of it as of any block."""
    _fail_queued(outcome.chat_id, str(outcome.error))
    if not Chat.objects.filter(pk=outcome.chat_id, blocked_at=None).update(blocked_at=timezone.now()):
        return
    put(
        Chat.objects.get(pk=outcome.chat_id),
        EventKind.BLOCKED,
        external_id=f"gone:{outcome.message_id}:{outcome.attempts}",
        payload={FOUND_BY_SENDING: True},
    )


def _fail_queued(chat_id: int, reason: str) -> None:
    Message.objects.filter(chat_id=chat_id, status=Status.QUEUED).update(status=Status.FAILED, error=reason)


def put_back(waits: Mapping[int, float]) -> None:
    """Return claimed rows to the queue unsent: their chat must rest `wait` seconds first."""
    if not waits:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE bot_message m SET status = 'queued', attempts = greatest(m.attempts - 1, 0),
               send_after = now() + make_interval(secs => r.wait)
               FROM unnest(%s::bigint[], %s::float8[]) AS r(id, wait) WHERE m.id = r.id AND m.status = 'sending'""",
            [list(waits), list(waits.values())],
        )


def settle_stale(now: dt.datetime) -> int:
    """Give up on claims whose worker died: idempotent channels try again, the rest waits for a human as `unknown`."""
    stale = Message.objects.filter(status=Status.SENDING, claimed_at__lt=now - STALE_AFTER).select_related("channel")
    settled = 0
    for message in stale:
        again = adapter_for(message.channel.kind).abilities.idempotent or "act" in message.extras
        settled += Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
            status=Status.QUEUED if again else Status.UNKNOWN, error="the worker died between sending and recording"
        )
    return settled


def cancel_stale_epochs() -> int:
    """Cancel what somebody queued with an epoch read before a handover; claims pass it over already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE bot_message m SET status = 'canceled', error = 'made before a handover' FROM bot_chat c
               WHERE c.id = m.chat_id AND m.status = 'queued' AND m.role = 'bot' AND m.epoch < c.epoch"""
        )
        return int(cursor.rowcount)
