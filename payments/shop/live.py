"""Waking the boards of a place: a word over Redis that its rows have changed, and nothing of what changed.

A lost word costs seconds: every stream looks at the rows by itself when it has heard nothing for a while.
"""

import logging

import redis
from django.db import transaction

from bot.nudges import broker

logger = logging.getLogger(__name__)
WORD = b"look"


def topic(place_id: int) -> str:
    """Return the Redis channel of a place's boards."""
    return f"otklik:board:{place_id}"


def wake_boards(place_id: int) -> None:
    """After the commit: something on the boards of this place is different."""
    transaction.on_commit(lambda: _publish(place_id))


def _publish(place_id: int) -> None:
    try:
        broker().publish(topic(place_id), WORD)
    except (redis.RedisError, OSError) as error:
        logger.warning("the boards were not woken, they look by themselves", extra={"reason": type(error).__name__})
