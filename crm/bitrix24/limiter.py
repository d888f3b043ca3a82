"""The request budget of one portal, shared by every process through Redis.

Bitrix24 counts requests per portal and source address in a leaky bucket: 50 at once, 2 per second (Enterprise 250
and 5), and stops a single method that used too much execution time.
https://apidocs.bitrix24.com/limits.html
"""

import enum
import logging
from collections.abc import Callable
from dataclasses import dataclass

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

EVERY_METHOD = "*"  # a pause under this name stops the whole portal

log = logging.getLogger(__name__)

# One atomic step: is the method paused? is there room below this caller's mark? if so, one drop more.
# Times are in milliseconds. ARGV[1] is the caller's clock, or "" for the clock of Redis, which all machines share.
_TAKE = """
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME') now = t[1] * 1000 + math.floor(t[2] / 1000) end
for i = 2, #KEYS do
  local paused = tonumber(redis.call('GET', KEYS[i]) or 0)
  if paused > now then return {2, paused, i - 1} end
end
local leak, mark = tonumber(ARGV[2]) / 1000, tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(bucket[1] or 0), tonumber(bucket[2] or now)
level = math.max(0, level - math.max(0, now - at) * leak)
local over = level + 1 - mark
if over > 0 then return {1, math.ceil(over / leak), 0} end
redis.call('HSET', KEYS[1], 'level', tostring(level + 1), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil((level + 1) / leak) + 60000)
return {0, 0, 0}
"""

_FILL = """
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME') now = t[1] * 1000 + math.floor(t[2] / 1000) end
redis.call('HSET', KEYS[1], 'level', ARGV[2], 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[2]) / tonumber(ARGV[3]) * 1000) + 60000)
"""


class Priority(enum.Enum):
    """Who is asking: an answer to a waiting customer may use the whole bucket, polling only a part of it."""

    REPLY = "reply"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Budget:
    """What the portal's plan allows; the defaults are those of every plan but Enterprise."""

    burst: int = 50
    per_second: float = 2.0
    background_share: float = 0.5

    def mark(self, priority: Priority) -> float:
        """Return the level up to which this caller may fill the bucket.

        The portal lets its bucket leak in steps, once a second, ours leaks evenly; one second's worth is kept back so
        that we are never ahead of it.
        """
        room = max(1.0, self.burst - self.per_second)
        return room if priority is Priority.REPLY else max(1.0, room * self.background_share)


@dataclass(frozen=True, slots=True)
class Room:
    """The request may go now."""


@dataclass(frozen=True, slots=True)
class NoRoom:
    """The bucket is full for this caller; there is room again in `wait` seconds."""

    wait: float


@dataclass(frozen=True, slots=True)
class Paused:
    """`method` is blocked for its execution time until the Unix time `until`."""

    method: str
    until: float


def connect(url: str) -> redis.Redis:
    """Return a connection that fails fast: a budget that takes seconds to ask for is worse than none."""
    return redis.Redis.from_url(url, socket_timeout=2.0, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 1))


class Limiter:
    """Buckets and pauses in Redis. When Redis is away calls go through: the portal itself still answers 503."""

    def __init__(self, connection: redis.Redis, *, clock: Callable[[], float] | None = None) -> None:
        self._redis = connection
        self._clock = clock
        self._take = connection.register_script(_TAKE)
        self._fill = connection.register_script(_FILL)

    def take(self, portal: str, methods: list[str], *, budget: Budget, priority: Priority) -> Room | NoRoom | Paused:
        """Spend one request on `methods` (several inside a batch) if there is room and none of them is paused."""
        names = [EVERY_METHOD, *methods]
        keys = [_bucket_key(portal), *(_pause_key(portal, name) for name in names)]
        arguments = [self._now(), budget.per_second, budget.mark(priority)]
        try:
            verdict, value, index = self._take(keys=keys, args=arguments)
        except redis.RedisError as error:
            log.warning("bitrix24.limiter_unavailable", extra={"reason": type(error).__name__})
            return Room()
        if verdict == 2:
            return Paused(names[index - 1], value / 1000)
        return NoRoom(value / 1000) if verdict == 1 else Room()

    def fill(self, portal: str, *, budget: Budget) -> None:
        """Take the portal's word that its bucket is full: somebody else on our address spends from it too."""
        try:
            self._fill(keys=[_bucket_key(portal)], args=[self._now(), budget.burst, budget.per_second])
        except redis.RedisError as error:
            log.warning("bitrix24.limiter_unavailable", extra={"reason": type(error).__name__})

    def pause(self, portal: str, method: str, *, seconds: float, until: float) -> None:
        """Keep every process from calling `method` until the Unix time `until`, which is `seconds` from now."""
        try:
            milliseconds = max(1, round(seconds * 1000))
            self._redis.set(_pause_key(portal, method), round(until * 1000), px=milliseconds)
        except redis.RedisError as error:
            log.warning("bitrix24.limiter_unavailable", extra={"reason": type(error).__name__})

    def _now(self) -> int | str:
        return round(self._clock() * 1000) if self._clock else ""


def _bucket_key(portal: str) -> str:
    return f"bitrix24:{{{portal}}}:bucket"


def _pause_key(portal: str, method: str) -> str:
    return f"bitrix24:{{{portal}}}:pause:{method.lower()}"
