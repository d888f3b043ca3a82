"""The live stream, `GET /chat/<key>/stream`: server-sent events, a plain ASGI application beside Django.

Django would keep a thread and a connection for as long as a request lasts; a stream lasts for hours. Here a visitor who
listens costs a coroutine and a place in the hub.

Order closes the gap between rows and frames: listen first, then read what was missed, then pass on what comes. A message
claimed before that read is in it; one claimed after is published to a listener. Items carry ids, so twice is seen once.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import orjson

from bot.webchat import history, live, sending
from bot.webchat.admission import Knock, Visit, admit_address, admit_page, admit_visitor
from bot.webchat.desk import in_thread
from bot.webchat.hub import HubDown, Listener, running_hub
from bot.webchat.origins import cors_headers, preflight_headers
from bot.webchat.refusals import Refused, bad_request, refusal_headers
from bot.webchat.sending import Receive, Scope, Send

PATH = re.compile(r"^/chat/([A-Za-z0-9_-]{1,64})/stream$")
HEARTBEAT_SECONDS = 15.0  # below the idle timeouts of usual proxies
LIFETIME_SECONDS = 1_800.0  # then the widget comes again: a restarted process takes its share
PER_CHAT = 8  # streams of one visitor in one process: tabs, devices


def is_stream(scope: Scope) -> bool:
    """Tell whether this request is for the live stream."""
    return scope["type"] == "http" and PATH.match(scope["path"]) is not None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one visitor until they leave, Redis goes away or the lifetime is over."""
    knock = _knock(scope)
    try:
        visit, after = await in_thread(lambda: _admit(scope["method"], knock))
        if scope["method"] == "OPTIONS":
            await sending.answer(send, 204, cors_headers(visit.origin) | preflight_headers(["GET"]), b"")
            return
        async with _listening(visit) as listener:
            await sending.stream(receive, send, cors_headers(visit.origin), _frames(listener, visit, after))
    except Refused as refused:
        headers = {"Content-Type": "application/json"} | refusal_headers(refused, knock.origin)
        await sending.answer(send, refused.status, headers, orjson.dumps(refused.body()))


def _knock(scope: Scope) -> Knock:
    match = PATH.match(scope["path"])
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Knock(match[1] if match else "", "stream", headers, (scope.get("client") or ("",))[0])


def _admit(method: str, knock: Knock) -> tuple[Visit, int]:
    """Return the visit and the cursor to catch up from, 0 for the newest page. Raises `Refused`."""
    admit_address(knock)
    visit = admit_page(knock)
    if method == "OPTIONS":
        return visit, 0
    if method != "GET":
        raise Refused(405, "method_not_allowed", "This door knows GET.")
    after = knock.headers.get("last-event-id") or "0"
    if not (after.isascii() and after.isdigit() and len(after) <= 16):
        raise bad_request("bad_cursor", "Last-Event-ID: an id this stream gave out.")
    return admit_visitor(knock, visit), int(after)


@contextlib.asynccontextmanager
async def _listening(visit: Visit) -> AsyncIterator[Listener]:
    hub, topic = running_hub(), live.topic(visit.channel.pk, visit.visitor)
    if hub.count(topic) >= PER_CHAT:
        raise Refused(429, "too_many_streams", f"At most {PER_CHAT} streams of one visitor.", retry_after=30)
    try:
        listener = await hub.join(topic)
    except HubDown:
        raise Refused(503, "no_live_stream", "No live stream at the moment, poll instead.", retry_after=5) from None
    try:
        yield listener
    finally:
        await hub.leave(listener)


async def _frames(listener: Listener, visit: Visit, after: int) -> AsyncIterator[bytes]:
    """Yield what was missed, a sign that it was all, then what happens."""
    missed = await in_thread(lambda: history.page(visit.channel.pk, visit.visitor, after=after or None))
    for item in missed.items:
        yield live.frame("message", item, cursor=item["cursor"])
    yield live.frame("ready", {"has_earlier": missed.has_earlier}, cursor=missed.cursor)
    ends_at = asyncio.get_running_loop().time() + LIFETIME_SECONDS
    while asyncio.get_running_loop().time() < ends_at:
        try:
            frame = await asyncio.wait_for(listener.next(), HEARTBEAT_SECONDS)
        except TimeoutError:
            yield b": still here\n\n"
            continue
        if frame is None:
            return
        yield frame
