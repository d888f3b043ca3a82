"""People in a conversation: each writes, waits for the answer, reads it, writes again; so many of them at once. One process.

`python -m tests.bench.talkers --api-port 8101` serves the Bot API of their bot, prints "ready", then plays one step for each
line of JSON on its standard input (`{"port": 8001, "people": 200, "seconds": 30, "first": 1}`) and prints the figures. With
`"burst": true` all of them ask once, within one second.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from typing import Any

import uvloop

from tests.bench.botapi import serve
from tests.bench.updates import HEADER, TALK_SECRET, text_update
from tests.bench.wire import Asking, request

READING = 8.0  # seconds between an answer and the next words: people read, think and type
HELLO_SECONDS = 6.0  # in which the people of a burst say hello
PATIENCE = 30.0  # seconds an answer may take; one that takes longer is none
SENTENCES = (
    "Я пробовал сам, получалось по-разному, чаще наугад",
    "Хочется понимать, что я делаю, а не угадывать каждый раз",
    "Мне важно не растерять то, что уже отложено",
    "Пока читаю статьи и присматриваюсь, без резких движений",
    "Работа у меня сменная, вечера то есть, то нет",
    "Знакомый начинал в прошлом году и быстро бросил",
)


class Talkers:
    """The people and what they saw."""

    def __init__(self, port: int, first: int, reading: float) -> None:
        self._port, self._update, self._reading = port, first, reading
        self._answers: dict[int, asyncio.Future[float]] = {}
        self._free: list[Asking] = []
        self.latencies: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.lost = 0

    def _posted(self, connection: Asking, status: int) -> None:
        if status:
            self.statuses[status] += 1
            self._free.append(connection)
        elif connection in self._free:  # it idled, and the server hung up
            self._free.remove(connection)
        else:
            self.statuses[0] += 1

    async def _connection(self) -> Asking:
        """Return the connection used last, or a new one."""
        if self._free:
            return self._free.pop()
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: Asking(self._posted), "127.0.0.1", self._port)
        return connection

    def heard(self, user: int) -> None:
        """Something reached the Bot API; the first message after the words is the answer."""
        waiting = self._answers.pop(user, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())

    async def says(self, user: int, text: str) -> float | None:
        """Write, and return the seconds until the answer came; None when it never did."""
        self._update += 1
        answer: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._answers[user] = answer
        body = text_update(self._update, user, text)
        connection = await self._connection()
        begun = time.perf_counter()
        connection.ask(request("/telegram/webhook", body, HEADER, TALK_SECRET), begun)
        try:
            heard_at: float = await asyncio.wait_for(answer, PATIENCE)
        except TimeoutError:
            self.lost += 1
            return None
        return heard_at - begun

    async def burst(self, user: int, number: int, people: int) -> None:
        """Say hello in time, then ask within the same second as everybody else."""
        await asyncio.sleep(HELLO_SECONDS * number / people)
        await self.says(user, "/start")
        await asyncio.sleep(HELLO_SECONDS * (people - number) / people + number / people)
        self._note(await self.says(user, SENTENCES[number % len(SENTENCES)]))

    def _note(self, took: float | None) -> None:
        if took is not None:
            self.latencies.append(took)

    async def talk(self, user: int, number: int, people: int, until: float) -> None:
        """Say hello, then go on until the time is up."""
        await asyncio.sleep(self._reading * number / people)  # they come one after another, and stay so
        await self.says(user, "/start")
        await asyncio.sleep(self._reading)
        while time.perf_counter() < until:
            self._note(await self.says(user, SENTENCES[(number + len(self.latencies)) % len(SENTENCES)]))
            await asyncio.sleep(self._reading)


async def live(api_port: int) -> None:
    """Serve the Bot API and play what standard input asks for."""
    loop = asyncio.get_running_loop()
    now: list[Talkers] = []
    server = await serve(api_port, lambda user: now[-1].heard(user) if now else None)
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        talkers = Talkers(order["port"], order["first"], order.get("reading", READING))
        now.append(talkers)
        await asyncio.gather(*_parts(talkers, order))
        print(json.dumps(_figures(talkers)), flush=True)
    server.close()


def _parts(talkers: Talkers, order: Mapping[str, Any]) -> Iterator[Coroutine[Any, Any, None]]:
    until, people = time.perf_counter() + order["seconds"], order["people"]
    for number in range(people):
        user = 50_000_000 + order["first"] + number
        yield talkers.burst(user, number, people) if order.get("burst") else talkers.talk(user, number, people, until)


def _figures(talkers: Talkers) -> dict[str, object]:
    ordered = sorted(talkers.latencies)
    return {
        "answered": len(ordered),
        "lost": talkers.lost,
        "p50": _at(ordered, 0.50),
        "p95": _at(ordered, 0.95),
        "longest": ordered[-1] if ordered else 0.0,
        "statuses": {str(status): count for status, count in talkers.statuses.items()},
    }


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def main() -> None:
    """Run until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--api-port", type=int, required=True)
    uvloop.run(live(parser.parse_args().api_port))


if __name__ == "__main__":
    main()
