"""Claim (short transaction), send (no transaction, many in flight), record (short transaction).

The epoch is checked under the chat's row lock in the claim itself, so nothing of the bot leaves after a takeover has committed.
A row that was claimed and never recorded may have been sent: the sweep makes it `unknown` and a human decides.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.db import connection, transaction

from bot import metrics, rates
from bot.channels.base import Abilities, Adapter, Address, Receipt
from bot.channels.registry import adapter_for
from bot.errors import ChannelDown, OutcomeUnknown, RateLimited, SendError
from bot.messages import Act, Outgoing
from bot.models import Channel
from bot.recording import Outcome, put_back, record
from bot.sender import Flight

logger = logging.getLogger(__name__)
IN_FLIGHT = 256  # sends at once from one process
SEND_SECONDS = 60.0  # the longest a provider may think; after it the outcome is unknown
DRAIN_SECONDS = 20.0  # one task drains no longer than this, then nudges again
LINGER_SECONDS = 1.5  # a drain waits this long for messages that come due in a moment …
PASS_SECONDS = 0.025  # between two passes while sends are in flight: what lands or comes due meanwhile goes together
CHANNELS_SECONDS = 0.05  # how long a drain goes on with the channels it found work in
LOOK_SECONDS = 0.1  # … and looks this often: while one bot rests, another must not wait for it
AWAKE_SECONDS = 0.25  # after its last send it stays awake: where one answer left, the next is near …
BLINK_SECONDS = 0.01  # … and one look costs a tenth of what it takes to be woken through the broker

# Only the head of each chat is tried. FOR SHARE on the chat makes a takeover and a claim wait for each other; a chat whose
# turn is being taken is skipped and found again a moment later.
CLAIM_SQL = """
WITH heads AS (
    SELECT m.id FROM bot_message m JOIN bot_chat c ON c.id = m.chat_id
    WHERE m.channel_id = %(channel)s AND m.status = 'queued' AND m.send_after <= now()
      AND (m.role <> 'bot' OR m.epoch = c.epoch)
      AND NOT EXISTS (SELECT 1 FROM bot_message e WHERE e.chat_id = m.chat_id AND e.id < m.id
                      AND e.status IN ('queued', 'sending') AND (e.role <> 'bot' OR e.epoch = c.epoch))
    ORDER BY m.send_after, m.id LIMIT %(limit)s
    FOR NO KEY UPDATE OF m SKIP LOCKED FOR SHARE OF c SKIP LOCKED
)
UPDATE bot_message m SET status = 'sending', claimed_at = clock_timestamp(), attempts = m.attempts + 1
FROM heads, bot_chat c WHERE m.id = heads.id AND c.id = m.chat_id
RETURNING m.id, m.chat_id, m.text, m.extras, m.role, m.attempts, c.external_id, c.extras,
    (SELECT t.external_id FROM bot_message t WHERE t.id = (m.extras->>'target')::bigint)
"""
CHANNELS_WITH_WORK_SQL = """
SELECT ch.id FROM bot_channel ch WHERE ch.is_active AND ch.health <> 'down' AND EXISTS (
    SELECT 1 FROM bot_message m
    WHERE m.channel_id = ch.id AND m.status = 'queued' AND m.send_after <= now() + make_interval(secs => %s))
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One row that is ours to send now."""

    message_id: int
    kind: str
    address: Address
    message: Outgoing
    attempts: int


def claim(channel: Channel, limit: int) -> list[Claimed]:
    """Mark up to `limit` due heads of one channel as being sent and return them in order."""
    if limit <= 0:
        return []
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"channel": channel.pk, "limit": limit})
        rows = cursor.fetchall()
    return [_claimed(row, channel) for row in sorted(rows, key=lambda row: row[0])]


def _claimed(row: Sequence[Any], channel: Channel) -> Claimed:
    message_id, chat_id, text, extras, role, attempts, external_id, chat_extras, target = row
    address = Address(
        channel_id=channel.pk,
        chat_id=chat_id,
        external_id=external_id,
        api_url=channel.api_url,
        credentials=channel.credentials,
        options=channel.options,
        extras=_json(chat_extras),
    )
    message = Outgoing.from_json(text, _json(extras), role=role, target_external_id=target or "")
    return Claimed(message_id, channel.kind, address, message, attempts)


def _json(value: Any) -> Mapping[str, Any]:
    # Django registers no jsonb loader on raw cursors: the text comes back as it is.
    loaded: Mapping[str, Any] = orjson.loads(value) if isinstance(value, str | bytes) else value
    return loaded


async def send(claimed: Claimed) -> Outcome:
    """Hand one row to its channel; every way it can end is an `Outcome`."""
    adapter, message = adapter_for(claimed.kind), _feasible(claimed.message)
    if message is None:
        return _outcome(claimed, receipt=Receipt())
    try:
        async with asyncio.timeout(SEND_SECONDS):
            receipt = await adapter.send(claimed.address, message, key=str(claimed.message_id))
        return _outcome(claimed, receipt=receipt)
    except SendError as error:
        return _outcome(claimed, error=error)
    except TimeoutError:
        return _outcome(claimed, error=OutcomeUnknown(f"no answer in {SEND_SECONDS:g} s"))
    except Exception as error:
        logger.exception("a channel raised what it should have translated", extra={"kind": claimed.kind})
        return _outcome(claimed, error=OutcomeUnknown(f"{type(error).__name__} in the adapter"))


def _feasible(message: Outgoing) -> Outgoing | None:
    """Return what can be done about a message that never got there: it is said instead of changed; nothing is taken away."""
    if message.act is Act.SAY or message.target_external_id:
        return message
    return replace(message, act=Act.SAY) if message.act is Act.CHANGE else None


def _outcome(claimed: Claimed, *, receipt: Receipt | None = None, error: SendError | None = None) -> Outcome:
    return Outcome(
        message_id=claimed.message_id,
        chat_id=claimed.address.chat_id,
        channel_id=claimed.address.channel_id,
        kind=claimed.kind,
        attempts=claimed.attempts,
        repeatable=claimed.message.act is not Act.SAY,
        receipt=receipt,
        error=error,
    )


def _waits(claimed: Sequence[Claimed], abilities: Abilities, *, is_room: bool) -> list[float]:
    """Return for each the seconds its chat must rest first; a room of several people is let speak less often."""
    pace = (abilities.per_chat_second, abilities.per_chat_burst)
    per_second, burst = (abilities.per_room_second, abilities.per_room_burst) if is_room else pace
    return rates.reserve_chats([item.address.chat_id for item in claimed], per_second=per_second, burst=burst)


class Drain:
    """One pass over the outbox: claims what the limits allow, keeps many sends in flight, records as they land."""

    def __init__(self, *, seconds: float = DRAIN_SECONDS, linger: float = LINGER_SECONDS) -> None:
        self._deadline = time.monotonic() + seconds
        self._linger = linger
        self._awake = min(linger, AWAKE_SECONDS)
        self._awake_until = 0.0
        self._flight: Flight[Outcome] = Flight()
        self._channels: list[Channel] = []
        self._look_at = 0.0

    def run(self) -> bool:
        """Send until nothing is due or time is up; return True when work may be left."""
        while (begun := time.monotonic()) < self._deadline:
            waiting = self._launch_due()
            if self._flight.in_flight:
                self._awake_until = time.monotonic() + self._awake
                time.sleep(max(0.0, begun + PASS_SECONDS - time.monotonic()))
                self._land(timeout=PASS_SECONDS)
            elif waiting is not None:
                self._land(timeout=min(waiting, LOOK_SECONDS))
            elif time.monotonic() < self._awake_until:
                time.sleep(BLINK_SECONDS)
            else:
                return False
        while self._flight.in_flight:
            self._land(timeout=1.0)
        return True

    def _launch_due(self) -> float | None:
        """Start what may be sent now; return seconds until more may be, None when nothing is due soon."""
        waits: list[float] = []
        for channel in self._channels_with_work():
            adapter = adapter_for(channel.kind)
            per_second = float(channel.options.get("per_second") or adapter.abilities.per_second)
            want = IN_FLIGHT - self._flight.in_flight
            grant = rates.take(channel.pk, want, per_second=per_second)
            claimed = claim(channel, grant.count)
            rates.give_back(channel.pk, grant.count - len(claimed))
            self._launch(claimed, adapter)
            waits.append(grant.wait if grant.count < want and len(claimed) == grant.count else 0.02)
        return min(waits, default=None)

    def _channels_with_work(self) -> list[Channel]:
        if not self._channels or time.monotonic() >= self._look_at:
            with connection.cursor() as cursor:
                cursor.execute(CHANNELS_WITH_WORK_SQL, [self._linger])
                ids = [row[0] for row in cursor.fetchall()]
            self._channels = list(Channel.objects.filter(pk__in=ids)) if ids else []
            self._look_at = time.monotonic() + CHANNELS_SECONDS
        return self._channels

    def _launch(self, claimed: Sequence[Claimed], adapter: Adapter) -> None:
        for is_room in (False, True):
            items = [item for item in claimed if adapter.is_room(item.address.external_id) == is_room]
            waits = _waits(items, adapter.abilities, is_room=is_room)
            put_back({item.message_id: wait for item, wait in zip(items, waits, strict=True) if wait > 0})
            self._flight.launch(send(item) for item, wait in zip(items, waits, strict=True) if wait <= 0)

    def _land(self, *, timeout: float) -> None:
        outcomes = self._flight.collect(timeout=timeout, grace=0)
        if not outcomes:
            return
        for outcome in outcomes:
            metrics.count("deliveries", kind=outcome.kind, outcome=outcome.word)
            if isinstance(outcome.error, RateLimited) and outcome.error.whole_channel:
                rates.pause(outcome.channel_id, outcome.error.retry_after)
            if isinstance(outcome.error, ChannelDown):
                self._channels = []
        record(outcomes)
