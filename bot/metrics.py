"""Counters of all processes, added up in Redis, so that one scrape of any web process tells the whole truth.

Counting is an addition in memory; a thread writes the sums once a second. A Redis that forgets looks like a counter reset,
which Prometheus knows how to read.
"""

import atexit
import logging
import os
import threading
from collections import Counter

import redis

from bot.nudges import broker

logger = logging.getLogger(__name__)
KEY = "otklik:metrics"
FLUSH_SECONDS = 1.0

Series = tuple[str, tuple[tuple[str, str], ...]]
_sums: Counter[Series] = Counter()
_lock = threading.Lock()
_flusher_pid = 0


def count(name: str, amount: float = 1, **labels: str) -> None:
    """Add to the counter `otklik_<name>_total{labels}`."""
    global _flusher_pid  # noqa: PLW0603  # one flusher a process; a forked child needs its own
    with _lock:
        _sums[name, tuple(sorted(labels.items()))] += amount  # type: ignore[assignment]
        if _flusher_pid != os.getpid():
            _flusher_pid = os.getpid()
            threading.Thread(target=_flush_forever, name="metrics", daemon=True).start()
            atexit.register(flush)


def flush() -> None:
    """Write the sums of this process now; what cannot be written is kept for the next time."""
    with _lock:
        sums = dict(_sums)
        _sums.clear()
    if not sums:
        return
    try:
        pipe = broker().pipeline(transaction=False)
        for (name, labels), amount in sums.items():
            pipe.hincrbyfloat(KEY, field_name(name, labels), amount)
        pipe.execute()
    except (redis.RedisError, OSError):
        with _lock:
            _sums.update(sums)


def field_name(name: str, labels: tuple[tuple[str, str], ...]) -> str:
    """Return the Prometheus series as text, e.g. `otklik_turns_total{channel="3"}`."""
    inside = ",".join(f'{key}="{value}"' for key, value in labels)
    return f"otklik_{name}_total" + (f"{{{inside}}}" if inside else "")


def totals() -> dict[str, float]:
    """Return every series of all processes."""
    flush()
    return {key.decode(): float(value) for key, value in broker().hgetall(KEY).items()}  # type: ignore[union-attr]


def _flush_forever() -> None:
    pause = threading.Event()
    while True:
        pause.wait(FLUSH_SECONDS)
        flush()
