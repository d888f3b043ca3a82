"""The live board, `GET /admin/board/<place>/stream`: server-sent events, a plain ASGI application beside Django.

Listen first, then read the board, then pass on what changes: whatever is committed before that read is in it, whatever comes
later wakes the listener. A frame only says "look": what changed is read from the rows by number, so a frame that was lost or
came in another order than its commit costs nothing but the time until the next look.
"""

import asyncio
import contextlib
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

import orjson
from django.contrib import auth
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.utils import timezone

from bot.webchat import live as frames
from bot.webchat import sending
from bot.webchat.desk import in_thread
from bot.webchat.hub import HubDown, Listener, running_hub
from bot.webchat.sending import Receive, Scope, Send
from payments.board import reading
from payments.board.cursors import cursor_of
from payments.board.seats import places_of
from payments.shop.live import topic

PATH = re.compile(r"^/admin/board/([-\w]{1,24})/stream$", re.ASCII)
BEAT_SECONDS = 10.0  # a look and a sign of life; the tablet takes 25 s of silence for a dead line
PAUSE_SECONDS = 0.1  # between two looks: a rush of orders is one look
LIFETIME_SECONDS = 600.0  # then the tablet comes again, and whether it may is asked again
PER_PLACE = 30  # tablets at one place in one process


class Refused(Exception):
    """The stream stays shut: the status says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True, slots=True)
class Seat:
    """A tablet that may listen."""

    place_id: int
    after: int  # the cursor it comes with


def is_stream(scope: Scope) -> bool:
    """Tell whether this request is for a live board."""
    return scope["type"] == "http" and PATH.match(scope["path"]) is not None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one tablet until it leaves, Redis goes away or the lifetime is over."""
    try:
        seat = await in_thread(lambda: _admit(scope))
        async with _listening(seat) as listener:
            await sending.stream(receive, send, {}, _frames(listener, seat))
    except Refused as refused:
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        await sending.answer(send, refused.status, headers, orjson.dumps({"error": refused.status.phrase}))


def _admit(scope: Scope) -> Seat:
    """Return who listens where, by the session of the back office. Raises `Refused`."""
    if scope["method"] != "GET":
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED)
    request = ASGIRequest(dict(scope), io.BytesIO())
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    user = auth.get_user(request)
    if not user.is_authenticated:
        raise Refused(HTTPStatus.UNAUTHORIZED)
    match = PATH.match(scope["path"])
    place = places_of(user).filter(code=match[1] if match else "").first()
    if place is None:
        raise Refused(HTTPStatus.FORBIDDEN)
    return Seat(place.pk, cursor_of(parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]))


@contextlib.asynccontextmanager
async def _listening(seat: Seat) -> AsyncIterator[Listener]:
    hub, name = running_hub(), topic(seat.place_id)
    if hub.count(name) >= PER_PLACE:
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS)
    try:
        listener = await hub.join(name)
    except HubDown:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE) from None
    try:
        yield listener
    finally:
        await hub.leave(listener)


async def _frames(listener: Listener, seat: Seat) -> AsyncIterator[bytes]:
    """Yield the whole board, then what changes."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + LIFETIME_SECONDS
    view = await in_thread(lambda: reading.whole(seat.place_id, timezone.now(), seat.after))
    yield frames.frame("board", view.told)
    while loop.time() < ends_at:
        with contextlib.suppress(TimeoutError):
            if not await asyncio.wait_for(listener.wake(), BEAT_SECONDS):
                return
        known = view
        view = await in_thread(lambda: reading.changed(seat.place_id, timezone.now(), known))  # noqa: B023  # read at once
        if view.told:
            yield frames.frame("changed", view.told)
        else:
            yield frames.frame("beat", {"now": timezone.now().isoformat()})
        await asyncio.sleep(PAUSE_SECONDS)
    yield frames.frame("again", {})
