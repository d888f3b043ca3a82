"""Notifications: unsigned, repeated until they are answered with 200; they may be held, repeated, turned round and forged."""

import asyncio
from typing import Any

import aiohttp

from .world import Json, World

ATTEMPTS, RETRY_SECONDS = 4, 0.2  # the real one goes on for 24 hours


class Notices:
    """Sends them. `repeats`: each goes so many times; `is_held`: they wait for `release`; `answers`: what we were told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.repeats = 1
        self.is_held = False
        self.held: list[Json] = []
        self.answers: list[int] = []
        self.pending = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Get ready."""
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))

    async def close(self) -> None:
        """Give up what is on its way."""
        for task in self._tasks:
            task.cancel()
        if self._http is not None:
            await self._http.close()

    def tell(self, event: str, told: Json, **changes: Any) -> None:
        """Something happened: notify, with `changes` in place of what is true."""
        body = {"type": "notification", "event": event, "object": {**told, **changes}}
        for _ in range(self.repeats):
            if self.is_held:
                self.held.append(body)
            else:
                self._start(body)

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held."""
        self.is_held = False
        held, self.held = self.held, []
        for body in reversed(held) if backwards else held:
            self._start(body)

    def _start(self, body: Json) -> None:
        for url in self.world.hooks:
            self.pending += 1
            task = asyncio.ensure_future(self._send(url, body))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self.pending -= 1

    async def _send(self, url: str, body: Json) -> None:
        for attempt in range(ATTEMPTS):
            status = await self._once(url, body)
            self.answers.append(status)
            if status == 200:
                return
            await asyncio.sleep(RETRY_SECONDS * (attempt + 1))

    async def _once(self, url: str, body: Json) -> int:
        assert self._http is not None
        try:
            async with self._http.post(url, json=body) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
