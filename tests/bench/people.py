"""People who write at a given rate, and the Bot API that hears the answers: one process, one clock.

`python -m tests.bench.people --api-port 8100` serves the Bot API, prints "ready", then plays one step for each line of JSON on
its standard input (`{"ports": [8001], "rate": 50, "seconds": 20, "first": 1}`) and prints the figures. The loop is open: people
do not wait for one another. Latency counts from the moment the message should have left.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import uvloop

from tests.bench.botapi import serve
from tests.bench.updates import HEADER, SECRET, step_of_dialogue
from tests.bench.wire import Asking, request

CONNECTIONS = 100  # the most Telegram opens to one webhook
PAUSE = 2.0  # seconds between two messages of one person: Telegram lets a bot answer a chat once a second
MESSAGES = 5  # of one person, then another comes
PATIENCE = 10.0  # seconds without any answer after which the rest is given up: what an overload left must not reach the next step
TICK = 0.002


@dataclass
class Step:
    """One step: who waits for an answer since when, and what was seen."""

    waiting: dict[int, deque[float]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    sent: int = 0
    strangers: int = 0  # answers nobody waited for
    open_at_end: int = 0
    heard_at: float = 0.0

    def heard(self, user: int) -> None:
        """An answer reached the Bot API."""
        due, self.heard_at = self.waiting.get(user), time.perf_counter()
        if due:
            self.latencies.append(self.heard_at - due.popleft())
        else:
            self.strangers += 1

    @property
    def open(self) -> int:
        """How many messages have no answer yet."""
        return self.sent - len(self.latencies)


class Town:
    """The connections to the webhook, opened as they are needed, and the step being played."""

    def __init__(self) -> None:
        self.step = Step()
        self.ports: list[int] = []
        self._free: list[Asking] = []  # the one used last is used next; the server hangs up on those that idle
        self._queue: deque[tuple[bytes, float]] = deque()
        self._open = 0
        self._opening: set[asyncio.Task[None]] = set()

    def heard(self, user: int) -> None:
        """An answer reached the Bot API."""
        self.step.heard(user)

    def leave(self) -> None:
        """Hang up."""
        for connection in list(self._free):
            connection.close()

    def _answered(self, connection: Asking, status: int) -> None:
        if status:
            self.step.statuses[status] += 1
            self._free.append(connection)
            self._flush()
            return
        self._open -= 1
        if connection in self._free:
            self._free.remove(connection)
        else:
            self.step.statuses[0] += 1  # hung up on instead of answered

    def _flush(self) -> None:
        while self._queue and self._free:
            payload, due = self._queue.popleft()
            self._free.pop().ask(payload, due)
        for _ in range(min(len(self._queue) - len(self._opening), CONNECTIONS - self._open)):
            self._open += 1
            task = asyncio.create_task(self._connect(self.ports[self._open % len(self.ports)]))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _connect(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: Asking(self._answered), "127.0.0.1", port)
        self._free.append(connection)
        self._flush()

    async def play(self, rate: float, seconds: float, first: int) -> Step:
        """Write `rate` messages a second for `seconds`, then wait for the answers."""
        step = self.step = Step()
        begun = time.perf_counter()
        for number, user, body in _script(rate, seconds, first):
            due = begun + number / rate
            while (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(min(wait, TICK))
            step.waiting.setdefault(user, deque()).append(due)
            step.sent += 1
            self._queue.append((request("/telegram/webhook", body, HEADER, SECRET), due))
            self._flush()
            if number % 64 == 0:
                await asyncio.sleep(0)  # when late: let the answers in
        step.open_at_end = step.open
        ended = time.perf_counter()
        while step.open and time.perf_counter() < max(ended, step.heard_at) + PATIENCE:
            await asyncio.sleep(0.01)
        return step


def _script(rate: float, seconds: float, first: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, person and update: a crowd in which each writes every `PAUSE` seconds, `MESSAGES` times."""
    crowd = max(1, round(rate * PAUSE))
    for number in range(round(rate * seconds)):
        turn, place = divmod(number, crowd)
        generation, message = divmod(turn, MESSAGES)
        user = 10_000_000 + first + generation * crowd + place
        yield number, user, step_of_dialogue(first + number, user, message)


def _figures(step: Step, processor: float) -> dict[str, object]:
    ordered = sorted(step.latencies)
    return {
        "processor": processor,  # seconds this process itself took
        "sent": step.sent,
        "answered": len(ordered),
        "strangers": step.strangers,
        "open_at_end": step.open_at_end,
        "p50_ms": _at(ordered, 0.50) * 1000,
        "p95_ms": _at(ordered, 0.95) * 1000,
        "statuses": {str(status): count for status, count in step.statuses.items()},
    }


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


async def live(api_port: int) -> None:
    """Serve the Bot API and play what standard input asks for."""
    town = Town()
    loop = asyncio.get_running_loop()
    server = await serve(api_port, town.heard)
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        town.ports = order["ports"]
        before = time.process_time()
        step = await town.play(order["rate"], order["seconds"], order["first"])
        town.leave()
        print(json.dumps(_figures(step, time.process_time() - before)), flush=True)
    server.close()


def main() -> None:
    """Run until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--api-port", type=int, required=True)
    uvloop.run(live(parser.parse_args().api_port))


if __name__ == "__main__":
    main()
