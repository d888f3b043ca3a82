"""How often a stranger may knock: windows counted in Redis, shared by all processes.

A dead Redis refuses nobody: a limit protects the house from noise, it is not a lock.
"""

import logging
import math
import time
from functools import cache
from typing import Any

import redis

from bot.nudges import broker

logger = logging.getLogger(__name__)
REMEMBERED = 10_000  # addresses one process keeps shut out
PAUSE_SECONDS = 5.0  # how long a broken Redis is not asked again

# The window slides: the last one counts by the part of it that is still in sight. A refusal is not counted.
_KNOCK = """
local t = redis.call('TIME'); local now = t[1] + t[2] / 1000000
local limit, size = tonumber(ARGV[1]), tonumber(ARGV[2])
local window = math.floor(now / size)
local old = tonumber(redis.call('HGET', KEYS[1], tostring(window - 1))) or 0
local new = tonumber(redis.call('HGET', KEYS[1], tostring(window))) or 0
local gone = now / size - window
if old * (1 - gone) + new + 1 > limit then
  local wait = (window + 1) * size - now
  if new + 1 <= limit and old > 0 then wait = (1 - (limit - new - 1) / old - gone) * size end
  return math.max(1, math.ceil(wait))
end
redis.call('HINCRBY', KEYS[1], tostring(window), 1)
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if tonumber(field) < window - 1 then redis.call('HDEL', KEYS[1], field) end
end
redis.call('EXPIRE', KEYS[1], math.ceil(size * 2))
return 0
"""
_broken_until = 0.0


@cache
def _script() -> Any:
    return broker().register_script(_KNOCK)


def seconds_to_wait(who: str, *, limit: int, seconds: int) -> int:
    """Count one knock of `who` and return 0, or the whole seconds after which the next of `limit` per `seconds` is free."""
    global _broken_until  # noqa: PLW0603  # one pause a process: a door must not wait for a dead Redis each time
    if time.monotonic() < _broken_until:
        return 0
    try:
        return int(_script()(keys=[f"otklik:limit:{who}"], args=[limit, seconds]))
    except (redis.RedisError, OSError) as error:
        _broken_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("doors are not limited, Redis does not answer", extra={"reason": type(error).__name__})
        return 0


def client_address(*, remote: str, forwarded_for: str, proxies: int) -> str:
    """Return who knocks: the entry that the outermost of our own `proxies` appended, else the peer itself."""
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return remote


class Strangers:
    """Addresses that knock without proof. The count is shared by all processes; each remembers whom it has shut out.

    Who proves to be known is never counted: a portal or a messenger may send as much as it has.
    """

    def __init__(self, door: str, *, limit: int = 60, seconds: int = 60) -> None:
        self._door = door
        self._limit = limit
        self._seconds = seconds
        self._shut: dict[str, float] = {}  # address -> time.monotonic() at which it may knock again

    def seconds_shut(self, address: str) -> int:
        """Return for how many more seconds this address is shut out; asks nobody."""
        left = self._shut.get(address, 0.0) - time.monotonic()
        return math.ceil(left) if left > 0 else 0

    def count(self, address: str) -> int:
        """Count a knock without proof and return the seconds this address is shut out from now on."""
        wait = seconds_to_wait(f"stranger:{self._door}:{address}", limit=self._limit, seconds=self._seconds)
        if wait:
            if len(self._shut) >= REMEMBERED:
                self._shut.clear()
            self._shut[address] = time.monotonic() + wait
        return wait
