"""One Redis connection per web process, however many visitors listen. It lives in the loop that serves the streams."""

import asyncio
import functools
import logging
import signal
import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

logger = logging.getLogger(__name__)
BACKLOG = 200  # frames a slow reader may be behind; after that its stream ends and it reads the rows
CONFIRM_SECONDS = 5.0
HEALTH_SECONDS = 10.0


class HubDown(Exception):
    """Redis does not answer: no live stream now, poll instead."""


class Listener:
    """The frames of one stream. `next` returns None when the stream must end."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()

    def offer(self, frame: bytes) -> None:
        """Add a frame; a reader too far behind is cut off."""
        if self._frames.qsize() < BACKLOG:
            self._frames.put_nowait(frame)
        else:
            self.close()

    def close(self) -> None:
        """End the stream: what was not read comes from the database next time."""
        while not self._frames.empty():
            self._frames.get_nowait()
        self._frames.put_nowait(None)

    async def next(self) -> bytes | None:
        """Wait for the next frame."""
        return await self._frames.get()

    async def wake(self) -> bool:
        """Wait until there is a frame and take all that came with it; False when the stream must end.

        For who reads the rows anyway and only wants to know that there is something to read.
        """
        frame = await self._frames.get()
        while frame is not None and not self._frames.empty():
            frame = self._frames.get_nowait()
        return frame is not None


class Hub:
    """Shares out the frames of Redis among the streams of this process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._lock = asyncio.Lock()
        self._pubsub: Any = None
        self._reader: asyncio.Task[None] | None = None

    async def join(self, topic: str) -> Listener:
        """Return a listener that misses nothing published after this returns. Raises `HubDown`."""
        async with self._lock:
            try:
                await self._ensure_open()
                if topic not in self._listeners:
                    await self._subscribe(topic)
            except (redis.RedisError, OSError, TimeoutError) as error:
                self.hang_up()
                raise HubDown(type(error).__name__) from error
            listener = Listener(topic)
            self._listeners.setdefault(topic, set()).add(listener)
            return listener

    async def leave(self, listener: Listener) -> None:
        """Stop listening."""
        async with self._lock:
            others = self._listeners.get(listener.topic, set())
            others.discard(listener)
            if not others and self._listeners.pop(listener.topic, None) is not None and self._pubsub is not None:
                try:
                    await self._pubsub.unsubscribe(listener.topic)
                except (redis.RedisError, OSError):
                    self.hang_up()

    def count(self, topic: str) -> int:
        """Return how many streams of this process listen to one chat."""
        return len(self._listeners.get(topic, ()))

    async def _subscribe(self, topic: str) -> None:
        confirmed = self._confirmed[topic] = asyncio.Event()
        try:
            await self._pubsub.subscribe(topic)
            await asyncio.wait_for(confirmed.wait(), CONFIRM_SECONDS)
        finally:
            del self._confirmed[topic]

    async def _ensure_open(self) -> None:
        if self._reader is not None and not self._reader.done():
            return
        # No retries: a silent reconnection would lose frames unseen. The hub ends, the streams end, the rows remain.
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), socket_connect_timeout=2)
        self._pubsub = client.pubsub()
        await self._pubsub.subscribe("otklik:webchat:hub")  # a subscription that never ends keeps the reader reading
        self._reader = asyncio.create_task(self._read(client, self._pubsub))

    async def _read(self, client: redis.asyncio.Redis, pubsub: Any) -> None:
        try:
            while True:
                message = await pubsub.get_message(timeout=HEALTH_SECONDS)
                if message is None:
                    await pubsub.ping()
                else:
                    self._pass_on(message["type"], _word(message["channel"]), message["data"])
        except (redis.RedisError, OSError) as error:
            logger.warning("live streams end, Redis went away", extra={"reason": type(error).__name__})
        finally:
            if self._pubsub is pubsub:
                self.hang_up()
            await pubsub.aclose()
            await client.aclose()

    def _pass_on(self, kind: str, topic: str, data: Any) -> None:
        if kind == "message":
            for listener in tuple(self._listeners.get(topic, ())):
                listener.offer(data)
        elif kind == "subscribe" and topic in self._confirmed:
            self._confirmed[topic].set()

    def hang_up(self) -> None:
        """End every stream and let the connection go; called in the hub's own loop."""
        self._pubsub = None
        reader, self._reader = self._reader, None
        if reader is not None and reader is not asyncio.current_task():
            reader.cancel()
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.close()
        self._listeners.clear()


def _word(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def running_hub() -> Hub:
    """Return the hub of the running loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


def end_streams() -> None:
    """End every stream of this process, from any thread: a server that is going down need not wait for them."""
    for loop, hub in list(_hubs.items()):
        if not loop.is_closed():
            loop.call_soon_threadsafe(hub.hang_up)


def end_streams_on_signal() -> None:
    """Let a stop order end the streams before the server begins to wait for them. Called once the server listens to signals."""
    if threading.current_thread() is not threading.main_thread():
        return  # a test's server: it is told by a call
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, functools.partial(_end_streams_then, before))


def _end_streams_then(before: Callable[..., Any], number: int, frame: object) -> None:
    end_streams()
    before(number, frame)
