"""Events to the outside: form posts, one attempt each, late, lost, doubled, shuffled as ordered; the offline queue."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.emulators.bitrix24.shapes import to_pairs

if TYPE_CHECKING:
    from tests.emulators.bitrix24.clock import Clock
    from tests.emulators.bitrix24.store import Row, Store

NAMES = frozenset(
    f"ONCRM{short}{verb}" for short in ("LEAD", "DEAL", "CONTACT") for verb in ("ADD", "UPDATE", "DELETE")
) | {
    "ONCRMDEALMOVETOCATEGORY",
    "ONCRMACTIVITYADD",
    "ONCRMACTIVITYUPDATE",
    "ONCRMTIMELINECOMMENTADD",
    "ONCRMTIMELINECOMMENTUPDATE",
    "ONCRMTIMELINECOMMENTDELETE",
}
TIMEOUT = 5.0


@dataclass(slots=True)
class Sent:
    """One attempt of delivery: `status` is the handler's answer, 0 when there was none, None when lost on purpose."""

    event: str
    url: str
    status: int | None
    pairs: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Delivery:
    """How the queue server behaves. `lose` drops the next N posts (-1: all); `copies` posts each so many times;
    `reorder` gathers so many posts and sends them last first; `is_held` keeps everything until `release`."""

    delay: float = 0.0
    lose: int = 0
    copies: int = 1
    reorder: int = 0
    is_held: bool = False
    with_handler_id: bool = True
    with_full_auth: bool = True
    with_oauth: bool = False


@dataclass(slots=True)
class _Post:
    event: str
    url: str
    body: Row


class EventQueue:
    """Takes what happened, keeps it per subscription, posts it from the server's loop."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.delivery = Delivery()
        self.sent: list[Sent] = []
        self.domain = "portal.bitrix24.ru"
        self.member_id = "d41d8cd98f00b204e9800998ecf8427e"
        self._store = store
        self._clock = clock
        self._waiting: list[_Post] = []
        self._in_flight = 0
        self._idle = threading.Condition(store.lock)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Post from this loop from now on."""
        self._loop = loop
        self._pump()

    def stop(self) -> None:
        """Post no more; what is left is dropped, as a dead portal would."""
        self._loop = None

    async def finish(self) -> None:
        """Break off the posts on the way and wait until their connections are closed."""
        self.stop()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def emit(self, event: str, data: Row) -> None:
        """Queue an event for everyone who subscribed to it."""
        with self._store.lock:
            for row in list(self._store["subscriptions"].values()):
                if row["event"] == event and row["kind"] == "online":
                    self._queue(_Post(event, row["handler"], self._body(row, data)))
                elif row["event"] == event:
                    self._keep_offline(event, data)

    def post(self, event: str, url: str, body: Row) -> None:
        """Queue a ready-made body (a bot in webhook mode uses this)."""
        with self._store.lock:
            self._queue(_Post(event, url, body))

    def release(self) -> None:
        """Let out everything held or gathered for reordering."""
        with self._store.lock:
            self.delivery.is_held = False
            self._pump(everything=True)

    def wait(self, timeout: float = 5.0) -> bool:
        """Return True once nothing is waiting or on the way (held posts do not count)."""
        with self._idle:
            return self._idle.wait_for(lambda: self._in_flight == 0, timeout)

    def auth(self, token: str, *, full: bool = True, oauth: bool = False) -> Row:
        """Return the `auth` block of an event."""
        block: Row = {"domain": self.domain}
        if full:
            block["client_endpoint"] = f"https://{self.domain}/rest/"
            block["server_endpoint"] = "https://oauth.bitrix.info/rest/"
        block["member_id"] = self.member_id
        if oauth:
            block |= {"access_token": "event-access-token", "expires_in": 3600, "scope": "crm,im", "status": "L"}
        return block | {"application_token": token}

    def _body(self, row: Row, data: Row) -> Row:
        config = self.delivery
        body: Row = {"event": row["event"]}
        if config.with_handler_id:
            body["event_handler_id"] = row["id"]
        auth = self.auth(row["token"], full=config.with_full_auth, oauth=config.with_oauth)
        return body | {"data": data, "ts": int(self._clock.time()), "auth": auth}

    def _queue(self, post: _Post) -> None:
        config = self.delivery
        if config.lose:
            config.lose -= 1 if config.lose > 0 else 0
            self.sent.append(Sent(post.event, post.url, None))
            return
        self._waiting += [post] * max(1, config.copies)
        self._pump()

    def _pump(self, *, everything: bool = False) -> None:
        config = self.delivery
        if self._loop is None or config.is_held:
            return
        if config.reorder and len(self._waiting) < config.reorder and not everything:
            return
        posts = list(reversed(self._waiting)) if config.reorder else self._waiting
        if not posts:
            return
        self._waiting = []
        self._in_flight += len(posts)
        self._loop.call_soon_threadsafe(self._spawn, posts)

    def _spawn(self, posts: list[_Post]) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(posts))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, posts: list[_Post]) -> None:
        if self.delivery.delay:
            await asyncio.sleep(self.delivery.delay)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
            for post in posts:
                await self._deliver_one(session, post)

    async def _deliver_one(self, session: aiohttp.ClientSession, post: _Post) -> None:
        pairs, status = to_pairs(post.body), 0
        try:
            async with session.post(post.url, data=pairs, allow_redirects=False) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = 0  # not repeated: whoever was not there has missed it
        finally:
            with self._idle:
                self.sent.append(Sent(post.event, post.url, status, pairs))
                self._in_flight -= 1
                self._idle.notify_all()

    def _keep_offline(self, event: str, data: Row) -> None:
        """Keep one record per object: the newest takes the place of what was waiting."""
        table = self._store["offline"]
        key = [event.rstrip("E").removesuffix("UPDAT").removesuffix("ADD").removesuffix("DELET"), data["FIELDS"]["ID"]]
        for number in [row["id"] for row in table.values() if row["key"] == key and not row["process"]]:
            del table[number]
        record: dict[str, Any] = {"key": key, "event": event, "data": data, "process": "", "error": False}
        table.add(record | {"date": self._clock.iso()})
