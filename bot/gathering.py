"""Stores the events of concurrent requests in one statement, and says to each when its own are durable.

While one statement runs, the next requests wait together; so the busier the door, the larger the batch and the cheaper each
event. One bad row never fails its neighbours: a refused batch is halved until the culprit stands alone.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from bot.inbox import STORE_SQL, Arrival, store_params
from bot.nudges import nudge

logger = logging.getLogger(__name__)
BATCH = 256  # requests in one statement
BACKLOG = 10_000  # requests that may wait; beyond it the sender is told to come back
WRITERS = 2  # statements in flight from one process: one works in the database while the other is made up
STATEMENT_SECONDS = 10.0
CONNECT_SECONDS = 3
NUDGE_PAUSE = 0.05  # seconds between two nudges of one process: who was woken looks around for longer than that

Rows = list[tuple[Any, ...]]


class StoreUnavailable(Exception):
    """The database cannot be reached or is too far behind; the sender should repeat."""


class StoreRefused(Exception):
    """The database will never take these events; `str()` names the kind of refusal."""


@dataclass(slots=True)
class Job:
    """The events of one request and whom to tell."""

    arrivals: Sequence[Arrival]
    done: "asyncio.Future[None]"

    @property
    def order(self) -> tuple[int, int, str]:
        """Batches of all processes insert in one order, so two of them cannot lock each other out; it is also the
        order in which a provider numbers its events."""
        first = self.arrivals[0]
        return first.channel_id, len(first.envelope.external_id), first.envelope.external_id


class Connections:
    """A few connections of one event loop, opened when needed and kept. Autocommit: one statement is one transaction."""

    def __init__(self) -> None:
        self._free: list[psycopg.AsyncConnection[Any]] = []

    async def fetch(self, sql: str, params: dict[str, Any]) -> Rows:
        """Run one statement; a connection that died in the meantime is replaced once. For statements safe to repeat."""
        try:
            return await self._fetch(sql, params)
        except psycopg.OperationalError:
            await self.aclose()  # after a restart of the server all the others are dead as well
            return await self._fetch(sql, params)

    async def _fetch(self, sql: str, params: dict[str, Any]) -> Rows:
        async with asyncio.timeout(STATEMENT_SECONDS):
            ours = self._free.pop() if self._free else await self._connect()
            try:
                rows = await (await ours.execute(sql, params)).fetchall()
            except psycopg.DatabaseError:
                await self._keep(ours)
                raise
            except BaseException:
                await ours.close()
                raise
        self._free.append(ours)
        return rows

    async def _keep(self, ours: psycopg.AsyncConnection[Any]) -> None:
        if ours.broken or ours.closed:
            await ours.close()
        else:
            self._free.append(ours)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        params = connection.get_connection_params()
        for django_only in ("cursor_factory", "context"):
            params.pop(django_only, None)
        return await psycopg.AsyncConnection.connect(**{"connect_timeout": CONNECT_SECONDS, **params}, autocommit=True)

    async def aclose(self) -> None:
        """Close what is not in use."""
        while self._free:
            await self._free.pop().close()


class Gatherer:
    """The queue of one event loop before the inbox."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._waiting: deque[Job] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writing = 0
        self._nudger = Nudger(settings.INBOX_READY_TASK)

    async def store(self, arrivals: Sequence[Arrival]) -> None:
        """Return once the events are committed. Raises `StoreUnavailable` or `StoreRefused`."""
        if len(self._waiting) >= BACKLOG:
            raise StoreUnavailable("too many requests are waiting")
        job = Job(arrivals, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if self._writing < WRITERS:
            self._writing += 1
            task = asyncio.create_task(self._write_all())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await job.done

    async def _write_all(self) -> None:
        await asyncio.sleep(0)  # requests that are being read in this very moment come along
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            await self._write(sorted(batch, key=lambda job: job.order))
        # Here and not in a callback of the task: a job that comes in between would find nobody to write it.
        self._writing -= 1

    async def _write(self, jobs: Sequence[Job]) -> None:
        """Store the events of `jobs` and tell each; never raises."""
        try:
            new = await self._store([arrival for job in jobs for arrival in job.arrivals])
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            await self._write_halves(jobs, error)
        except Exception as error:  # whatever it was, the sender repeats and nothing is lost
            logger.warning("events not stored", extra={"events": len(jobs), "reason": type(error).__name__})
            _tell(jobs, StoreUnavailable(type(error).__name__))
        else:
            _tell(jobs, None)
            if new:
                self._nudger.soon()

    async def _write_halves(self, jobs: Sequence[Job], error: psycopg.Error) -> None:
        if len(jobs) == 1:
            logger.warning("event refused by the database", extra={"reason": type(error).__name__})
            gone = isinstance(
                error, psycopg.errors.ForeignKeyViolation
            )  # its channel: known to the door, deleted since
            _tell(jobs, StoreUnavailable("channel gone") if gone else StoreRefused(type(error).__name__))
            return
        middle = len(jobs) // 2
        await self._write(jobs[:middle])
        await self._write(jobs[middle:])

    async def _store(self, arrivals: Sequence[Arrival]) -> int:
        params = store_params(arrivals, window=settings.COALESCE_SECONDS)
        new = len(await self._connections.fetch(STORE_SQL, params))
        if new < len(arrivals):  # repeats, or the race named beside STORE_SQL
            new += len(await self._connections.fetch(STORE_SQL, params))
        return new

    async def drain(self) -> None:
        """Wait for what is under way; called when the process ends."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._nudger.drain()


def _tell(jobs: Sequence[Job], error: Exception | None) -> None:
    for job in jobs:
        if job.done.done():
            continue  # its request was given up meanwhile
        if error is None:
            job.done.set_result(None)
        else:
            job.done.set_exception(error)


class Nudger:
    """Wakes the mind from an event loop: off the loop, one call at a time, never more often than needed."""

    def __init__(self, task_path: str) -> None:
        self._task_path = task_path
        self._running: asyncio.Task[None] | None = None
        self._again = False

    def soon(self) -> None:
        """Nudge now, or once more after the nudge that is under way."""
        self._again = True
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._again:
            self._again = False
            try:
                await asyncio.to_thread(nudge, self._task_path)
            except Exception:
                logger.exception("nudge failed, the sweep will find the work")
            await asyncio.sleep(NUDGE_PAUSE)
        self._running = None

    async def drain(self) -> None:
        """Wait for the nudge that is under way."""
        if self._running is not None:
            await self._running
