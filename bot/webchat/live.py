"""What happens in a chat right now: frames over Redis pub/sub to whichever web process holds the visitor's stream.

A frame may be lost, the rows are the truth: a stream that begins reads what it missed from the database.
"""

import logging
from typing import Any

import orjson
import redis

from bot.nudges import broker

logger = logging.getLogger(__name__)


def topic(channel_id: int, visitor: str) -> str:
    """Return the Redis channel of one chat."""
    return f"otklik:webchat:{channel_id}:{visitor}"


def frame(event: str, data: Any, *, cursor: str = "") -> bytes:
    """Return one server-sent event; JSON has no line breaks, so one `data` line holds it."""
    head = f"event: {event}\n" + (f"id: {cursor}\n" if cursor else "")
    return head.encode() + b"data: " + orjson.dumps(data) + b"\n\n"


def publish(channel_id: int, visitor: str, event: bytes) -> None:
    """Hand a frame to the streams of a chat. Best effort."""
    try:
        broker().publish(topic(channel_id, visitor), event)
    except (redis.RedisError, OSError) as error:
        logger.warning("a live frame was lost, the row stays", extra={"reason": type(error).__name__})
