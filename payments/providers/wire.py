"""The HTTP client every provider shares: one a process, made after the fork."""

import logging
import os
from functools import cache

import httpx

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0


def shared_http() -> httpx.Client:
    """Return this process's client; a forked worker gets one of its own."""
    return _http_of_process(os.getpid())


def close_shared() -> None:
    """Close this process's client: the end of a test or of a worker."""
    _http_of_process(os.getpid()).close()
    _http_of_process.cache_clear()


@cache
def _http_of_process(pid: int) -> httpx.Client:
    # httpx logs each address it asks, and a school's key stands in the query.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    return httpx.Client(timeout=timeout, follow_redirects=False, headers={"Accept": "application/json"})
