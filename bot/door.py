"""The webhook door: proves the sender, stores, answers 200 once the event is durable, and does nothing else.

The one exception is money that moves inside a channel (`bot.till`): its question is answered and its news written down here.

It stands beside Django, as plain ASGI, because the framework around an insert costs several times the insert. Two addresses:
`POST /telegram/webhook` for all Telegram bots (the header `X-Telegram-Bot-Api-Secret-Token` finds the channel) and
`POST /webhook/<kind>/<secret>` for the other channels.

200 stored or known already · 400 not what this sender sends · 403 unknown sender · 405 not a POST · 413 too large ·
429 too many unproven requests · 503 not stored, please repeat.
"""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from bot import metrics
from bot.channels.registry import adapter_for
from bot.errors import BadPayload
from bot.gathering import Connections, Gatherer, StoreRefused, StoreUnavailable
from bot.inbox import Arrival
from bot.limits import Strangers, client_address
from bot.messages import Envelope
from bot.secrets import fingerprint
from bot.till import TOO_LATE, Answer, Money, Question, till

logger = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TELEGRAM_PATH = "/telegram/webhook"
TELEGRAM_HEADER = b"x-telegram-bot-api-secret-token"
PREFIX = "/webhook/"
MAX_BODY = 1_048_576  # bytes; a Telegram update is a few kilobytes
CHANNEL_SECONDS = 5.0  # a channel switched off or given a new secret is noticed within this time
UNKNOWN_SECONDS = 1.0
CACHED = 1_024
QUESTION_SECONDS = 6.0  # Telegram gives ten for the question, our look and the way back
STRANGER_LIMIT, STRANGER_SECONDS = 60, 60  # requests without a known secret from one address
CHANNEL_SQL = "SELECT id, kind FROM bot_channel WHERE secret_fingerprint = %(fingerprint)s AND is_active"

Headers = Sequence[tuple[bytes, bytes]]
_NO_HEADERS: Headers = ()


class Refusal(Exception):
    """Ends a request with `status`; `reason` is shown to the sender."""

    def __init__(self, status: int, reason: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(reason)
        self.status = status
        self.headers: Headers = headers


@dataclass(frozen=True, slots=True)
class Known:
    """What the cache knows of one secret: its channel, or that it has none (`channel_id` 0)."""

    channel_id: int
    kind: str
    until: float  # time.monotonic()


class Door:
    """The ASGI endpoint. What belongs to a running loop is made by its first request."""

    def __init__(self) -> None:
        self._rooms: dict[asyncio.AbstractEventLoop, _Room] = {}

    def opens(self, path: str) -> bool:
        """Tell whether a request for `path` is ours."""
        return path == TELEGRAM_PATH or (path.startswith(PREFIX) and path[len(PREFIX) :].split("/")[0] in _kinds())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        room = self._rooms.get(loop) or self._rooms.setdefault(loop, _Room())
        kind, secret = _claim(scope)
        status, reason, headers = 200, "", _NO_HEADERS
        reply = b""
        try:
            reply = await room.take(scope, receive, kind, secret)
        except Refusal as refusal:
            status, reason, headers = refusal.status, str(refusal), refusal.headers
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("the webhook door failed", extra={"channel_kind": kind})
            status, reason = 500, "internal error"
        metrics.count("updates", kind=kind, status=str(status))
        await _answer(send, status, reason, headers, reply)

    async def aclose(self) -> None:
        """Finish what is under way in the running loop and close its connections."""
        room = self._rooms.pop(asyncio.get_running_loop(), None)
        if room is not None:
            await room.aclose()


def _kinds() -> Sequence[str]:
    return tuple(settings.CHANNELS)


def _claim(scope: Scope) -> tuple[str, str]:
    """Return the kind and the secret a request shows."""
    path: str = scope["path"]
    if path == TELEGRAM_PATH:
        return "telegram", _header(scope, TELEGRAM_HEADER)
    kind, _, secret = path[len(PREFIX) :].partition("/")
    return kind, secret


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""


class _Room:
    """What the door holds in one event loop: connections, the gatherer, the secrets seen lately."""

    def __init__(self) -> None:
        self._connections = Connections()
        self._gatherer = Gatherer(self._connections)
        self._known: dict[str, Known] = {}
        self._strangers = Strangers("webhook", limit=STRANGER_LIMIT, seconds=STRANGER_SECONDS)

    async def take(self, scope: Scope, receive: Receive, kind: str, secret: str) -> bytes:
        """Store what one request brings, and return what is answered; raises `Refusal`."""
        if scope["method"] != "POST":
            raise Refusal(405, "POST only", (b"allow", b"POST"))
        channel_id = await self._channel(kind, secret, scope)
        update = _read(await _body(scope, receive))
        reply = await _settle_money(channel_id, kind, update)
        envelopes = _open(kind, update)
        if not envelopes:
            return reply
        request_id = _header(scope, b"x-request-id")[:36] or os.urandom(16).hex()
        try:
            await self._gatherer.store([Arrival(channel_id, envelope, request_id) for envelope in envelopes])
        except StoreUnavailable as error:
            self._known.clear()  # the channel may have been deleted
            raise Refusal(503, "not stored, please repeat", (b"retry-after", b"1")) from error
        except StoreRefused as error:
            raise Refusal(400, "the event cannot be stored") from error
        return reply

    async def _channel(self, kind: str, secret: str, scope: Scope) -> int:
        """Return the channel of a proven sender; count and at last shut out the others, before they cost a query each."""
        key = fingerprint(secret)
        known = self._known.get(key)
        is_stranger = known is None or not known.channel_id
        if is_stranger and (wait := self._strangers.seconds_shut(_address(scope))):
            raise _too_many(wait)
        if secret and (known is None or known.until < time.monotonic()):
            known = await self._look_up(key)
        if known is None or not known.channel_id or known.kind != kind:
            if wait := await asyncio.to_thread(self._strangers.count, _address(scope)):
                raise _too_many(wait)
            raise Refusal(403, "unknown secret" if secret else "no secret")
        return known.channel_id

    async def _look_up(self, key: str) -> Known:
        try:
            rows = await self._connections.fetch(CHANNEL_SQL, {"fingerprint": key})
        except Exception as error:
            logger.warning("channel not looked up", extra={"reason": type(error).__name__})
            raise Refusal(503, "not stored, please repeat", (b"retry-after", b"1")) from error
        now = time.monotonic()
        known = Known(rows[0][0], rows[0][1], now + CHANNEL_SECONDS) if rows else Known(0, "", now + UNKNOWN_SECONDS)
        if len(self._known) >= CACHED:
            self._known = {key: item for key, item in self._known.items() if item.channel_id and item.until > now}
        self._known[key] = known
        return known

    async def aclose(self) -> None:
        await self._gatherer.drain()
        await self._connections.aclose()


def _address(scope: Scope) -> str:
    remote = (scope.get("client") or ("",))[0]
    forwarded = _header(scope, b"x-forwarded-for")
    return client_address(remote=remote, forwarded_for=forwarded, proxies=settings.TRUSTED_PROXIES)


def _too_many(wait: int) -> Refusal:
    return Refusal(429, "too many requests without a known secret", (b"retry-after", b"%d" % wait))


async def _body(scope: Scope, receive: Receive) -> bytes:
    length = _header(scope, b"content-length")
    if length.isdecimal() and int(length) > MAX_BODY:
        raise Refusal(413, "too large")
    body: bytes = b""
    while True:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise Refusal(400, "the sender went away")
        body += part.get("body", b"")
        if len(body) > MAX_BODY:
            raise Refusal(413, "too large")
        if not part.get("more_body"):
            return body


def _read(body: bytes) -> dict[str, Any]:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "not JSON") from error
    if not isinstance(update, dict):
        raise Refusal(400, "not a JSON object")
    return update


def _open(kind: str, update: dict[str, Any]) -> Sequence[Envelope]:
    try:
        return adapter_for(kind).open(update)
    except BadPayload as error:
        raise Refusal(400, str(error)) from error


async def _settle_money(channel_id: int, kind: str, update: dict[str, Any]) -> bytes:
    """Answer a question of money, and have money written down, before anything else: neither waits for a queue."""
    adapter = adapter_for(kind)
    try:
        matter = adapter.money_matter(update)
    except BadPayload as error:
        raise Refusal(400, str(error)) from error
    if matter is None:
        return b""
    if isinstance(matter, Money):
        # What cannot be written down now is told again: the sender hears 500 and repeats for a day.
        await asyncio.to_thread(_with_connection, till().hear, channel_id, matter)
        return b""
    return orjson.dumps(adapter.reply_of(matter, await _asked(channel_id, matter)))


async def _asked(channel_id: int, question: Question) -> Answer:
    """Ask the till; one that does not answer in time says no, and no money moves."""
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            return await asyncio.to_thread(_with_connection, till().ask, channel_id, question)
    except Exception:
        logger.exception("a question of money was not answered", extra={"order": question.order})
        return Answer(False, TOO_LATE)


def _with_connection(call: Callable[[int, Any], Any], channel_id: int, matter: Any) -> Any:
    """Run in a thread of the pool, where Django's connection is nobody's: it is closed again."""
    try:
        return call(channel_id, matter)
    finally:
        connection.close()


async def _answer(send: Send, status: int, reason: str, headers: Headers, reply: bytes) -> None:
    body = reply if status == 200 else orjson.dumps({"error": reason})
    start = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
