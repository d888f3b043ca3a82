"""Django's requests take turns in a few threads, and each thread keeps its connection."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from config.lanes import LANES, Lanes
from tests.asgi_server import asgi_server


class Office:
    """An application that works a moment in its thread."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.threads: set[int] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            self.threads.add(await sync_to_async(self._work)())
            if scope.get("fails"):
                raise RuntimeError
        finally:
            self.inside -= 1

    def _work(self) -> int:
        time.sleep(0.005)
        return threading.get_ident()


async def crowd(lanes: Lanes, count: int) -> list[Any]:
    calls = (lanes({"fails": number % 5 == 0}, None, None) for number in range(count))
    return await asyncio.gather(*calls, return_exceptions=True)


def test_a_crowd_waits_for_its_turn_and_the_threads_are_the_same_ones() -> None:
    office = Office()
    lanes = Lanes(office, 3)
    for _loop in range(2):  # a second server in the same process has a loop of its own
        answers = asyncio.run(crowd(lanes, 30))
        assert sum(isinstance(answer, RuntimeError) for answer in answers) == 6, "one that fails leaves its lane free"
    assert (office.most, len(office.threads)) == (3, 3)


def test_who_comes_alone_finds_the_thread_of_before() -> None:
    office = Office()
    lanes = Lanes(office, 8)

    async def one_by_one() -> None:
        for _request in range(5):
            await lanes({}, None, None)

    asyncio.run(one_by_one())
    assert len(office.threads) == 1


@pytest.mark.django_db(transaction=True)
def test_a_rush_takes_no_more_connections_than_there_are_lanes() -> None:
    with asgi_server() as site, ThreadPoolExecutor(32) as people:
        before = _connections()
        answers = list(people.map(lambda _n: httpx.get(f"{site}/admin/login/", timeout=60).status_code, range(64)))
        assert set(answers) == {200}
        assert _connections() - before <= LANES


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
