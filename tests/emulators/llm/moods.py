"""What a model may do instead of answering well: ordered one by one, or by chance with a seed."""

import enum
import random
import threading
from dataclasses import dataclass


class Mood(enum.StrEnum):
    """One way to answer."""

    SENSIBLE = "sensible"
    INVALID_JSON = "invalid_json"  # cut off in the middle of the object
    FENCED = "fenced"  # good JSON inside a code fence, as models without a schema write it
    EMPTY = "empty"  # no words at all
    ENDLESS = "endless"  # a response that never ends
    LONG = "long"  # far more words than any answer
    INJECTED = "injected"  # it obeys the customer instead of us: promises, links, buttons of its own
    WRONG_SCHEMA = "wrong_schema"  # JSON of another shape
    REFUSAL = "refusal"
    UNSURE = "unsure"  # good, with a low confidence
    SLOW = "slow"  # answers after `slow_seconds`
    TOO_MANY = "too_many"  # 429 with Retry-After
    BROKEN = "broken"  # 500
    DROPS = "drops"  # the connection breaks
    NO_SUCH_KEY = "no_such_key"  # 401
    HTML = "html"  # a proxy's page


CHAOS = (
    *(Mood.INVALID_JSON, Mood.EMPTY, Mood.ENDLESS, Mood.LONG, Mood.INJECTED, Mood.WRONG_SCHEMA, Mood.REFUSAL),
    *(Mood.SLOW, Mood.TOO_MANY, Mood.BROKEN, Mood.DROPS, Mood.HTML),
)


@dataclass
class Moods:
    """The orders not yet carried out, then chance. Thread-safe: a test orders, the server's loop takes."""

    chaos: float = 0.0  # the share of requests answered wrongly
    seed: int = 1

    def __post_init__(self) -> None:
        self._orders: list[Mood] = []
        self._always: Mood | None = None
        self._lock = threading.Lock()
        self._chance = random.Random(self.seed)

    def order(self, mood: Mood, times: int = 1) -> None:
        """Answer the next `times` requests like this."""
        with self._lock:
            self._orders += [mood] * times

    def always(self, mood: Mood | None) -> None:
        """Answer every request like this; None goes back to normal."""
        with self._lock:
            self._always = mood

    def take(self) -> Mood:
        """Return how to answer the next request."""
        with self._lock:
            if self._orders:
                return self._orders.pop(0)
            if self._always is not None:
                return self._always
            return self._chance.choice(CHAOS) if self._chance.random() < self.chaos else Mood.SENSIBLE
