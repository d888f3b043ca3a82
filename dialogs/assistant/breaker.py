"""A provider that keeps failing is left alone for a while: one state for all processes, in Redis, on Redis's own clock.

Closed: everybody may call. Open: nobody. Half open: one may try, and their luck decides. A Redis that is away leaves it closed:
the provider's own errors then send each request to the scripted assistant.
"""

import logging
from enum import StrEnum
from functools import cache
from typing import Any

import redis

from bot.nudges import broker

logger = logging.getLogger(__name__)
KEY = "otklik:assistant:breaker"
FAILURES = 5  # in a row, within the memory
MEMORY_SECONDS = 60
PAUSE_SECONDS = 15.0  # the first rest; doubled with each trial that fails …
LONGEST_SECONDS = 300.0  # … up to this
TRIAL_SECONDS = 30.0  # a trial that never tells how it went is forgotten

_CLOCK = "local t = redis.call('TIME'); local now = t[1] + t[2] / 1000000\n"
_ALLOW = (
    _CLOCK
    + """
local open = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
if open == 0 then return 1 end
if open > now then return 0 end
local trial = tonumber(redis.call('HGET', KEYS[1], 'trial_until') or '0')
if trial > now then return 0 end
redis.call('HSET', KEYS[1], 'trial_until', now + tonumber(ARGV[1]))
return 1
"""
)
_FAIL = (
    _CLOCK
    + """
local limit, memory, pause = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local longest, asked = tonumber(ARGV[4]), tonumber(ARGV[5])
local open = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
if open > now then return 0 end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
if open == 0 and failures < limit and asked == 0 then redis.call('EXPIRE', KEYS[1], memory); return 0 end
local rest = asked
if asked == 0 then
  local openings = redis.call('HINCRBY', KEYS[1], 'openings', 1)
  rest = math.min(longest, pause * 2 ^ (openings - 1))
end
redis.call('HSET', KEYS[1], 'open_until', now + rest, 'trial_until', 0)
redis.call('EXPIRE', KEYS[1], math.ceil(rest + longest))
return 1
"""
)
_STATE = (
    _CLOCK
    + """
local open = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
if open == 0 then return 0 end
if open > now then return 1 end
return 2
"""
)


class BreakerState(StrEnum):
    """What a breaker lets through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@cache
def _script(text: str) -> Any:
    return broker().register_script(text)


def allows() -> bool:
    """Tell whether the provider may be called now; a half-open breaker says so to one caller only."""
    return bool(_run(_ALLOW, [TRIAL_SECONDS], default=1))


def state() -> BreakerState:
    """Return the state, changing nothing."""
    return tuple(BreakerState)[int(_run(_STATE, [], default=0))]


def succeeded() -> None:
    """The provider answered: everybody may call again."""
    try:
        broker().delete(KEY)
    except (redis.RedisError, OSError):
        logger.warning("the breaker is not closed, Redis does not answer")


def failed(*, rest: float = 0.0) -> bool:
    """Count a failure; tell whether this one opened the breaker. `rest` opens it at once for so many seconds."""
    return bool(_run(_FAIL, [FAILURES, MEMORY_SECONDS, PAUSE_SECONDS, LONGEST_SECONDS, rest], default=0))


def _run(script: str, args: list[float], *, default: int) -> int:
    try:
        return int(_script(script)(keys=[KEY], args=args))
    except (redis.RedisError, OSError) as error:
        logger.warning("the breaker is not asked, Redis does not answer", extra={"reason": type(error).__name__})
        return default
