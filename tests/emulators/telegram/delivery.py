"""Pushing updates to webhooks the way the real server does: one at a time per queue, with its pauses after a failure.

The first retry is immediate, then 2, 4, 8 … seconds up to a cap, until the update expires; a failing update holds up
its own queue only. A test may also hold deliveries back, repeat them and change their order.
"""

import asyncio
import random
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from .clock import Clock
from .updates import forget
from .world import Bot, Json, Update, Webhook, World

HANG_UP_SECONDS = 60
MAX_RETRY_AFTER = 3600.0
MAX_RECORDS = 200_000  # a demo may run for weeks
GONE_SECONDS = 23 * 3600  # 410 for this long closes the webhook
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

Executor = Callable[[Bot, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST to a webhook; `status` 0 means there was no answer."""

    at: float
    bot_id: int
    update_id: int
    status: int
    error: str = ""


@dataclass(slots=True)
class Deliveries:
    """Keeps one task per queue that has something to deliver. Lives in the server's loop."""

    world: World
    clock: Clock
    lenient: bool
    execute: Executor
    copies: int = 1  # how often each update is posted although it was accepted: everything twice, say
    attempts: list[Attempt] = field(default_factory=list)
    accepted: deque[tuple[int, Update]] = field(default_factory=lambda: deque(maxlen=10_000))
    held: set[int] = field(default_factory=set)
    _tasks: dict[tuple[int, str], asyncio.Task[None]] = field(default_factory=dict)
    _gates: dict[int, asyncio.Semaphore] = field(default_factory=dict)
    _client: aiohttp.ClientSession | None = None
    _random: random.Random = field(default_factory=lambda: random.Random(7))

    async def open(self) -> None:
        """Begin: make the HTTP client in this loop and deliver what was left from before."""
        timeout = aiohttp.ClientTimeout(total=HANG_UP_SECONDS)
        self._client = aiohttp.ClientSession(
            timeout=timeout,
            connector=aiohttp.TCPConnector(limit=0),
            headers={"Accept-Encoding": "gzip, deflate", "User-Agent": ""},
        )
        self.wake()

    async def close(self) -> None:
        """Stop all tasks and close the client."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    def wake(self) -> None:
        """Start a task for every queue that has work and none yet."""
        with self.world.lock:
            for bot in self.world.bots.values():
                if bot.webhook is None or bot.id in self.held or bot.is_revoked:
                    continue
                for queue in bot.updates:
                    if (bot.id, queue) not in self._tasks:
                        self._start(bot, queue)

    def _start(self, bot: Bot, queue: str) -> None:
        task = asyncio.get_running_loop().create_task(self._drain(bot, queue))
        self._tasks[bot.id, queue] = task

    async def _drain(self, bot: Bot, queue: str) -> None:
        try:
            failures = 0
            while (update := self._head(bot, queue)) is not None:
                pause = await self._try(bot, update, failures)
                failures = 0 if pause is None else failures + 1
                if pause:
                    await self.clock.sleep(pause)
        finally:
            self._tasks.pop((bot.id, queue), None)
        self.wake()  # something may have been queued between the last look and the end of this task

    def _head(self, bot: Bot, queue: str) -> Update | None:
        with self.world.lock:
            if bot.webhook is None or bot.id in self.held or bot.is_revoked:
                return None
            waiting = bot.updates.get(queue)
            while waiting and waiting[0].expires_at <= self.clock.now():
                forget(bot, waiting[0])
                self.world.changed()
                waiting = bot.updates.get(queue)
            return waiting[0] if waiting else None

    async def _try(self, bot: Bot, update: Update, failures: int) -> float | None:
        """Post once; return None when accepted, otherwise the pause before the next attempt."""
        gate = self._gates.setdefault(bot.id, asyncio.Semaphore(bot.webhook.max_connections if bot.webhook else 1))
        async with gate:
            if bot.webhook is None:
                return None
            update.attempts += 1
            status, retry_after = await self._post(bot, bot.webhook, update)
        if 200 <= status < 300:
            await self._accept(bot, update)
            return None
        self._note_gone(bot, status)
        return self._pause(failures) if retry_after is None else retry_after

    async def _accept(self, bot: Bot, update: Update) -> None:
        with self.world.lock:
            bot.gone_since = 0.0
            forget(bot, update)
            self.accepted.append((bot.id, update))
            self.world.changed()
        for _ in range(self.copies - 1):
            if bot.webhook is not None:
                await self._post(bot, bot.webhook, update)

    def _note_gone(self, bot: Bot, status: int) -> None:
        if status != 410:
            bot.gone_since = 0.0
        elif not bot.gone_since:
            bot.gone_since = self.clock.now()
        elif self.clock.now() - bot.gone_since >= GONE_SECONDS:
            bot.webhook = None

    def _pause(self, failures: int) -> float:
        cap = self._random.uniform(60, 120)
        return 0.0 if failures == 0 else min(2.0**failures, cap)

    async def _post(self, bot: Bot, hook: Webhook, update: Update) -> tuple[int, float | None]:
        secret = {SECRET_HEADER: hook.secret} if hook.secret else {}
        status, retry_after, error, body = 0, None, "", b""
        try:
            async with self._session().post(
                hook.url, json=update.as_json(), headers=secret, allow_redirects=False, ssl=self._tls(hook)
            ) as response:
                status, body = response.status, await response.read()
                retry_after = _retry_after(response.headers.get("Retry-After"))
        except aiohttp.ClientConnectorError:
            error = "Connection refused"
        except TimeoutError:
            error = "Read timeout expired"
        except aiohttp.ClientError:
            error = "Connection closed"
        self._note(bot, update, status, error)
        if 200 <= status < 300 and body.startswith(b"{"):
            await self.execute(bot, body)
        return status, retry_after

    def _note(self, bot: Bot, update: Update, status: int, error: str) -> None:
        if len(self.attempts) >= MAX_RECORDS:
            del self.attempts[: MAX_RECORDS // 2]
        self.attempts.append(Attempt(self.clock.now(), bot.id, update.id, status, error))
        if not 200 <= status < 300:
            bot.last_error_date = int(self.clock.now())
            reason = f"{status} {_phrase(status)}"
            bot.last_error_message = error or f"Wrong response from the webhook: {reason}"
            self.world.changed()

    def _tls(self, hook: Webhook) -> ssl.SSLContext | bool:
        if hook.certificate:
            context = ssl.create_default_context(cadata=hook.certificate)
            context.check_hostname = False
            return context
        return not self.lenient

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None:
            raise RuntimeError("deliveries are not open")
        return self._client

    async def send_in_order(self, bot: Bot, updates: list[Update]) -> list[int]:
        """Post these updates one after another whatever their queues; return the statuses. Accepted ones are done."""
        statuses = []
        for update in updates:
            hook = bot.webhook
            if hook is None:
                raise LookupError("this bot has no webhook")
            status, _ = await self._post(bot, hook, update)
            statuses.append(status)
            if 200 <= status < 300:
                with self.world.lock:
                    forget(bot, update)
                    self.accepted.append((bot.id, update))
        return statuses

    async def post_raw(self, bot: Bot, body: Json, *, secret: str | None) -> int:
        """Post anything to the bot's webhook under any secret, as a stranger might; return the status."""
        if bot.webhook is None:
            raise LookupError("this bot has no webhook")
        headers = {} if secret is None else {SECRET_HEADER: secret}
        async with self._session().post(
            bot.webhook.url, json=body, headers=headers, allow_redirects=False, ssl=self._tls(bot.webhook)
        ) as response:
            return response.status


def _phrase(status: int) -> str:
    known = {302: "Moved Temporarily", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error"}
    return known.get(status, "Error")


def _retry_after(value: str | None) -> float | None:
    if value is None or not value.isdigit():
        return None
    return min(float(value), MAX_RETRY_AFTER)
