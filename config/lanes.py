"""A few threads that take Django's requests in turn; each keeps its connection to the database.

Left alone, Django gives each request a thread of its own: a new connection to PostgreSQL each time, and in a rush as many at
once as there are requests, until the server refuses all of them. Who finds every lane taken waits for the next one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import ThreadSensitiveContext

LANES = 8  # of one process; Python runs one of them at a time, the others wait for the database
Application = Callable[[Any, Any, Any], Awaitable[None]]


class Lanes:
    """An ASGI application that lets `count` requests at a time into another."""

    def __init__(self, application: Application, count: int = LANES) -> None:
        self._application = application
        self._count = count
        # The last one left is the first one taken: the rest stay asleep until there is a rush.
        self._free = deque(ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"lane-{n}") for n in range(count))
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take a lane, answer, leave it."""
        loop = asyncio.get_running_loop()
        async with self._turns.setdefault(loop, asyncio.Semaphore(self._count)):
            lane = self._free.pop()
            try:
                async with ThreadSensitiveContext(executor=lane):
                    await self._application(scope, receive, send)
            finally:
                self._free.append(lane)
