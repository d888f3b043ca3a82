"""The one event loop of this process in which everything is sent.

Clients belong to the loop that first used them, so the loop lives as long as the process, in a thread made after the fork.
"""

import asyncio
import os
import queue
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def sending_loop() -> asyncio.AbstractEventLoop:
    """Return the running loop of this process, started on first use."""
    with _lock:
        loop = _loops.get(os.getpid())
        if loop is None or loop.is_closed():
            loop = asyncio.new_event_loop()
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

    def launch(self, job: Coroutine[Any, Any, T]) -> None:
        """Start one job; its value comes out of `collect`. The job itself must not raise."""
        self.in_flight += 1
        submit(job).add_done_callback(lambda future: self._landed.put(future.result()))

    def collect(self, *, timeout: float) -> list[T]:
        """Return what has landed, waiting up to `timeout` seconds for the first."""
        landed: list[T] = []
        try:
            while True:
                wait = timeout if not landed else 0.002
                landed.append(self._landed.get(timeout=wait))
        except queue.Empty:
            self.in_flight -= len(landed)
            return landed
