"""The one event loop of this process in which everything is sent.

Clients belong to the loop that first used them, so the loop lives as long as the process, in a thread made after the fork.
"""

import asyncio
import os
import queue
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

try:
    import uvloop
except ImportError:  # there is none for Windows
    new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    new_loop = uvloop.new_event_loop  # sends a third more messages a second

T = TypeVar("T")

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def sending_loop() -> asyncio.AbstractEventLoop:
    """Return the running loop of this process, started on first use."""
    with _lock:
        loop = _loops.get(os.getpid())
        if loop is None or loop.is_closed():
            loop = new_loop()
            threading.Thread(target=loop.run_forever, name="sending-loop", daemon=True).start()
            _loops[os.getpid()] = loop
        return loop


def submit(job: "Coroutine[Any, Any, T]") -> "Future[T]":
    """Start `job` in the sending loop."""
    return asyncio.run_coroutine_threadsafe(job, sending_loop())


class Flight(Generic[T]):
    """Jobs under way, collected as they land."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._landed: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._tasks: set[asyncio.Task[T]] = set()  # the loop itself would forget them

    def launch(self, jobs: Iterable[Coroutine[Any, Any, T]]) -> None:
        """Start jobs; their values come out of `collect`. A job itself must not raise."""
        batch = list(jobs)
        self.in_flight += len(batch)
        if not batch:
            return
        # The loop is woken once for all of them: a wake-up costs as much as a tenth of a send.
        sending_loop().call_soon_threadsafe(self._start, batch)

    def _start(self, batch: list[Coroutine[Any, Any, T]]) -> None:
        for job in batch:
            task = asyncio.get_running_loop().create_task(job)
            self._tasks.add(task)
            task.add_done_callback(self._land)

    def _land(self, task: "asyncio.Task[T]") -> None:
        self._tasks.discard(task)
        self._landed.put(task.result())

    def collect(self, *, timeout: float, grace: float = 0.002) -> list[T]:
        """Return what has landed, waiting up to `timeout` seconds for the first and `grace` for each that follows."""
        landed: list[T] = []
        try:
            while True:
                wait = timeout if not landed else grace
                landed.append(self._landed.get(timeout=wait))
        except queue.Empty:
            self.in_flight -= len(landed)
            return landed
