"""The portal's clock: it runs with the real one, can be moved, and can be stopped for tests that count seconds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=3))  # answers carry Moscow time, as a Russian portal's do


class Clock:
    """Seconds since the epoch that tests may set, advance and freeze; watchers hear of every jump."""

    def __init__(self) -> None:
        self.watchers: list[Callable[[], None]] = []
        self._offset = 0.0
        self._frozen: float | None = None

    def time(self) -> float:
        """Return the portal's epoch seconds."""
        return self._frozen if self._frozen is not None else time.time() + self._offset

    def now(self) -> datetime:
        """Return the portal's time with its zone."""
        return datetime.fromtimestamp(self.time(), ZONE)

    def iso(self) -> str:
        """Return the time as answers print it: whole seconds with the zone."""
        return self.now().isoformat(timespec="seconds")

    def freeze(self, at: datetime | float | None = None) -> None:
        """Stop at `at` (now when not given) until `thaw`."""
        self._frozen = self.time() if at is None else _seconds(at)
        self._tell()

    def thaw(self) -> None:
        """Run on from where the clock stands."""
        if self._frozen is not None:
            self._offset, self._frozen = self._frozen - time.time(), None

    def set(self, at: datetime | float) -> None:
        """Jump to `at`; a frozen clock stays frozen, a running one runs on from there."""
        if self._frozen is not None:
            self._frozen = _seconds(at)
        else:
            self._offset = _seconds(at) - time.time()
        self._tell()

    def advance(self, by: timedelta | float) -> None:
        """Jump forward by `by` (seconds or a timedelta)."""
        self.set(self.time() + (by.total_seconds() if isinstance(by, timedelta) else by))

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()


def parse_time(text: str) -> datetime:
    """Read ISO 8601; a time without a zone is the portal's. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _seconds(at: datetime | float) -> float:
    if isinstance(at, datetime):
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return float(at)
