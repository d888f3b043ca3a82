"""The school's processes: what they call when a deal changes. Nothing is retried, as in the real one; the relay tries thrice."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from .world import Deal, Hook, World

RETRIES, RETRY_SECONDS = 3, 0.2


class Notices:
    """Sends them. `repeats`: each goes so many times; `is_held`: they wait for `release`; `answers`: what we were told."""

    def __init__(self, world: World, money: Callable[[str], str]) -> None:
        self.world = world
        self.repeats = 1
        self.is_held = False
        self.held: list[tuple[Hook, dict[str, str]]] = []
        self.answers: list[int] = []
        self._money = money
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self.pending = 0

    async def open(self) -> None:
        """Get ready."""
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))

    async def close(self) -> None:
        """Give up what is on its way."""
        for task in self._tasks:
            task.cancel()
        if self._http is not None:
            await self._http.close()

    def tell(self, deal: Deal, **changes: Any) -> None:
        """A deal changed: call every hook, with `changes` in place of what is true."""
        for hook in self.world.hooks:
            fields = self.fields_of(deal, signed=bool(hook.secret)) | {k: str(v) for k, v in changes.items()}
            for _ in range(self.repeats):
                if self.is_held:
                    self.held.append((hook, fields))
                else:
                    self._start(hook, fields)

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held."""
        self.is_held = False
        held, self.held = self.held, []
        for hook, fields in reversed(held) if backwards else held:
            self._start(hook, fields)

    def fields_of(self, deal: Deal, *, signed: bool) -> dict[str, str]:
        """Return the variables of the template."""
        paid = deal.paid if signed else self._money(deal.paid)
        fields = {"event": "deal_changed", "deal_id": str(deal.id), "deal_no": deal.number, "status": deal.status}
        return {**fields, "paid": paid, "currency": deal.currency, "utm_content": deal.utm_content, "email": deal.email}

    def _start(self, hook: Hook, fields: dict[str, str]) -> None:
        self.pending += 1
        task = asyncio.ensure_future(self._send(hook, fields))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self.pending -= 1

    async def _send(self, hook: Hook, fields: dict[str, str]) -> None:
        for attempt in range(RETRIES if hook.secret else 1):
            status = await self._once(hook, fields)
            self.answers.append(status)
            if status and status < 500:
                return
            await asyncio.sleep(RETRY_SECONDS * (attempt + 1))

    async def _once(self, hook: Hook, fields: dict[str, str]) -> int:
        assert self._http is not None
        try:
            if not hook.secret:  # https://getcourse.ru/blog/276215: the data is in the query, the body is empty
                async with self._http.request(hook.method, hook.url, params=fields) as response:
                    return response.status
            body = json.dumps(fields, ensure_ascii=False).encode()
            headers = {"X-Signature": signature(body, hook.secret), "Content-Type": "application/json"}
            async with self._http.post(hook.url, data=body, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def signature(body: bytes, secret: str, *, moment: int | None = None) -> str:
    """Return what a signing relay puts into X-Signature."""
    at = int(time.time()) if moment is None else moment
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"
