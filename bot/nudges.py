"""Wake-up calls. Rows are the truth; a nudge only says "there is work" and at most a few of them are queued at any time.

A nudge is a Celery task guarded by a short-lived key: while the key stands, another nudge would be noise. The task drops the
key before it looks, so an event stored after that look gets a nudge of its own. A lost nudge is found by the beat sweep.
"""

import logging
from functools import cache

import redis
from celery import Task
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
GUARD_MILLISECONDS = 1_000


@cache
def broker() -> "redis.Redis[bytes]":  # type: ignore[type-arg]
    """Return this process's connection pool to Redis."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def guard_key(task_path: str) -> str:
    """Return the Redis key that stands while a nudge for `task_path` is queued."""
    return f"otklik:nudge:{task_path}"


def nudge(task_path: str) -> None:
    """Queue the drain task unless one is queued already. Losing this loses nothing, so a dead broker is only logged."""
    try:
        if broker().set(guard_key(task_path), b"1", nx=True, px=GUARD_MILLISECONDS):
            task: Task[..., None] = import_string(task_path)
            task.apply_async(retry=False)
    except (redis.RedisError, OSError) as error:
        logger.warning(
            "nudge lost, the sweep will find the work", extra={"task": task_path, "reason": type(error).__name__}
        )


def drop_guard(task_path: str) -> None:
    """Let later work nudge again; called by the drain task before it looks."""
    try:
        broker().delete(guard_key(task_path))
    except (redis.RedisError, OSError):
        logger.warning("guard not dropped, it expires by itself", extra={"task": task_path})


def nudge_turns() -> None:
    """After the commit: unread events are waiting for the mind."""
    transaction.on_commit(lambda: nudge(settings.INBOX_READY_TASK))


def nudge_deliveries() -> None:
    """After the commit: messages are waiting to be sent."""
    transaction.on_commit(lambda: nudge(settings.OUTBOX_READY_TASK))
