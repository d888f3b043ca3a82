"""How fast a bot may write. Off unless switched on: most tests are about something else.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from .refusals import too_many

MAX_UNSENT_PER_CHAT = 310
UNSENT_PAUSE_SECONDS = 60


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at `rate` per second up to `size`."""

    rate: float
    size: float
    left: float
    at: float

    def missing(self, now: float) -> float:
        """Return how many seconds until one token is there; 0 means now."""
        self.left = min(self.size, self.left + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.rate


@dataclass(slots=True)
class Limits:
    """Messages per second: `per_bot` overall, `per_chat` in one private chat after a burst, `per_group` per minute."""

    enabled: bool = False
    per_bot: float = 30.0
    per_chat: float = 1.0
    chat_burst: float = 3.0
    per_group_minute: float = 20.0
    send_seconds: float = 0.0  # how long one send takes; with it set, more than 310 waiting for one chat are refused
    refused: int = 0
    _buckets: dict[tuple[int, int], Bucket] = field(default_factory=dict)
    _webhook_set_at: dict[int, float] = field(default_factory=dict)
    _unsent: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))

    def admit(self, *, bot_id: int, chat_id: int, now: float) -> None:
        """Count one message, or raise 429 with the whole seconds to wait."""
        if not self.enabled:
            return
        buckets = [self._bot_bucket(bot_id, now), self._chat_bucket(bot_id, chat_id, now)]
        wait = max(bucket.missing(now) for bucket in buckets)
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))
        for bucket in buckets:
            bucket.left -= 1

    def admit_webhook(self, *, bot_id: int, now: float) -> None:
        """Allow setWebhook about once a second."""
        if self.enabled and now - self._webhook_set_at.get(bot_id, 0.0) < 1:
            raise too_many(1)
        self._webhook_set_at[bot_id] = now

    def enter(self, *, bot_id: int, chat_id: int) -> None:
        """Count a send that begins; too many at once for one chat are refused for a minute."""
        if self._unsent[bot_id, chat_id] >= MAX_UNSENT_PER_CHAT:
            self.refused += 1
            raise too_many(UNSENT_PAUSE_SECONDS)
        self._unsent[bot_id, chat_id] += 1

    def leave(self, *, bot_id: int, chat_id: int) -> None:
        """Count a send that ended."""
        self._unsent[bot_id, chat_id] -= 1

    def _bot_bucket(self, bot_id: int, now: float) -> Bucket:
        return self._buckets.setdefault((bot_id, 0), Bucket(self.per_bot, self.per_bot, self.per_bot, now))

    def _chat_bucket(self, bot_id: int, chat_id: int, now: float) -> Bucket:
        group = chat_id < 0
        rate = self.per_group_minute / 60 if group else self.per_chat
        size = self.per_group_minute if group else self.chat_burst
        return self._buckets.setdefault((bot_id, chat_id), Bucket(rate, size, size, now))
