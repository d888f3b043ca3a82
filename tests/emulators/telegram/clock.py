"""The emulator's clock: real time that a test may push forward, or stop and move by hand."""

import asyncio
import threading
import time


class Clock:
    """Seconds since 1970. `frozen` time moves only by `advance`; otherwise it flows and `advance` adds to it."""

    def __init__(self, *, start: float | None = None, frozen: bool = False) -> None:
        self._base = time.time() if start is None else start
        self._born = time.monotonic()
        self._frozen = frozen
        self._lock = threading.Lock()
        self._sleepers: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    def now(self) -> float:
        """Return the present instant as the emulator sees it."""
        return self._base + (0.0 if self._frozen else time.monotonic() - self._born)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once; whoever sleeps and is due wakes."""
        with self._lock:
            self._base += seconds
            for event, loop in self._sleepers.items():
                loop.call_soon_threadsafe(event.set)

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` of this clock have passed."""
        due = self.now() + seconds
        event = asyncio.Event()
        with self._lock:
            self._sleepers[event] = asyncio.get_running_loop()
        try:
            while (left := due - self.now()) > 0:
                await self._nap(event, None if self._frozen else left)
        finally:
            with self._lock:
                del self._sleepers[event]

    @staticmethod
    async def _nap(event: asyncio.Event, seconds: float | None) -> None:
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return
        event.clear()
