"""Limits shared by all processes: so many messages a second of one bot, so many in one chat; pauses a provider asked for.

Token buckets in Redis, on Redis's own clock. A bucket that Redis forgets is a full bucket: the provider's 429 then teaches us.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.nudges import broker

_TAKE = """
local pause = redis.call('PTTL', KEYS[2])
if pause > 0 then return {0, pause} end
local t = redis.call('TIME'); local now = t[1] * 1000 + t[2] / 1000
local rate, burst, want = tonumber(ARGV[1]) / 1000, tonumber(ARGV[2]), tonumber(ARGV[3])
local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, (tonumber(state[1]) or burst) + (now - (tonumber(state[2]) or now)) * rate)
local granted = math.max(0, math.min(want, math.floor(tokens)))
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - granted), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate) + 1000)
local wait = 0
if granted < want then wait = math.ceil((1 - (tokens - granted)) / rate) end
return {granted, wait}
"""
_GIVE_BACK = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBYFLOAT', KEYS[1], 'tokens', ARGV[1]) end
return 0
"""
# One chat a key: `theoretical arrival time` (GCRA). Answers 0 for "go", else milliseconds to wait; a refusal takes nothing.
_CHATS = """
local t = redis.call('TIME'); local now = t[1] * 1000 + t[2] / 1000
local gap, slack = 1000 / tonumber(ARGV[1]), 0
slack = gap * (tonumber(ARGV[2]) - 1)
local answer = {}
for i, key in ipairs(KEYS) do
  local tat = math.max(now, tonumber(redis.call('GET', key)) or now)
  if tat - slack > now then answer[i] = math.ceil(tat - slack - now)
  else redis.call('SET', key, tostring(tat + gap), 'PX', math.ceil(tat + gap - now) + 1000); answer[i] = 0 end
end
return answer
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """How many sends are allowed now, and in how many seconds the next one will be."""

    count: int
    wait: float


@cache
def _script(text: str) -> Any:
    return broker().register_script(text)


def _bucket(channel_id: int) -> str:
    return f"otklik:rate:channel:{channel_id}"


def _pause(channel_id: int) -> str:
    return f"otklik:pause:channel:{channel_id}"


def take(channel_id: int, want: int, *, per_second: float) -> Grant:
    """Take up to `want` sends of one bot; the bucket holds one second's worth."""
    keys = [_bucket(channel_id), _pause(channel_id)]
    count, wait = _script(_TAKE)(keys=keys, args=[per_second, max(1.0, per_second), want])
    return Grant(int(count), int(wait) / 1000)


def give_back(channel_id: int, count: int) -> None:
    """Return sends that were taken and not used."""
    if count > 0:
        _script(_GIVE_BACK)(keys=[_bucket(channel_id)], args=[count])


def reserve_chats(chat_ids: Sequence[int], *, per_second: float, burst: int) -> list[float]:
    """Return for each chat the seconds to wait before its next message; 0 means go, and the place is taken."""
    if not chat_ids:
        return []
    keys = [f"otklik:rate:chat:{chat_id}" for chat_id in chat_ids]
    return [int(wait) / 1000 for wait in _script(_CHATS)(keys=keys, args=[per_second, burst])]


def pause(channel_id: int, seconds: float) -> None:
    """Let the whole bot rest: the provider said so (`retry_after`)."""
    broker().set(_pause(channel_id), b"1", px=max(1, int(seconds * 1000)))
