"""The few threads in which the live streams read the database. A stream borrows one for a query and holds none."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections

T = TypeVar("T")
THREADS = 4  # and so at most this many connections a process, for any number of visitors

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webchat-desk")


async def in_thread(read: Callable[[], T]) -> T:
    """Run a blocking read in one of the threads."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _tidy, read)


def _tidy(read: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return read()
    finally:
        close_old_connections()
