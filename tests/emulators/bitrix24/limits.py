"""The two limits of REST: requests per address (a leaky bucket, 503) and execution time per method (429)."""

from dataclasses import dataclass, field
from typing import Any

from tests.emulators.bitrix24.clock import Clock
from tests.emulators.bitrix24.methods import RestError

OPERATING_BUCKETS = 10  # of one minute each


@dataclass(slots=True)
class Limits:
    """Settings a test may change at any moment, and the counters behind them.

    `burst` and `rate` are the portal's X and Y; `operating_limit` is in seconds per method and caller; `cost` says how
    many seconds a method is pretended to take; `bot_status` is the HTTP status of throttling for imbot.v2.
    """

    clock: Clock
    is_on: bool = True
    burst: int = 50
    rate: int = 2
    operating_limit: float = 480.0
    operating_is_on: bool = True
    operating_is_shown: bool = True
    cost: dict[str, float] = field(default_factory=dict)
    bot_status: int = 503
    _counters: dict[str, tuple[int, int]] = field(default_factory=dict)
    _operating: dict[tuple[str, str], dict[int, float]] = field(default_factory=dict)

    def enter(self, address: str, method: str) -> None:
        """Count one HTTP request from `address`; raises QUERY_LIMIT_EXCEEDED above the burst."""
        if not self.is_on:
            return
        second = int(self.clock.time())
        count, since = self._counters.get(address, (0, second))
        count = max(0, count - self.rate * max(0, second - since))
        if count >= self.burst:
            self._counters[address] = (count, second)
            status = self.bot_status if method.lower().startswith("imbot.v2.") else 503
            raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", status=status)
        self._counters[address] = (count + 1, second)

    def check_operating(self, key: str, method: str) -> None:
        """Raise OPERATION_TIME_LIMIT when the method has already used its time; the call that crosses still ends."""
        if self.operating_is_on and self.operating(key, method) >= self.operating_limit:
            raise RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", status=429)

    def spend(self, key: str, method: str, seconds: float) -> float:
        """Charge a call (its pretended cost if one is set) and return the seconds charged."""
        charged = self.cost.get(method.lower(), seconds)
        buckets = self._live(key, method)
        minute = int(self.clock.time() // 60)
        buckets[minute] = buckets.get(minute, 0.0) + charged
        return charged

    def operating(self, key: str, method: str) -> float:
        """Return the seconds this method has used in the last ten minutes."""
        return sum(self._live(key, method).values())

    def describe(self, key: str, method: str) -> dict[str, Any]:
        """Return the `operating` part of the `time` object."""
        if not self.operating_is_shown:
            return {}
        oldest = min(self._live(key, method), default=int(self.clock.time() // 60))
        return {
            "operating_reset_at": (oldest + OPERATING_BUCKETS) * 60,
            "operating": round(self.operating(key, method), 6),
        }

    def clear(self) -> None:
        """Forget everything counted so far."""
        self._counters.clear()
        self._operating.clear()

    def _live(self, key: str, method: str) -> dict[int, float]:
        first = int(self.clock.time() // 60) - OPERATING_BUCKETS
        spent = self._operating.get((key, method.lower()), {})
        live = {minute: seconds for minute, seconds in spent.items() if minute > first}
        self._operating[(key, method.lower())] = live
        return live
