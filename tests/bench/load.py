"""A closed loop of webhooks, in a process of its own: so many connections, each asking again as soon as it was answered.

`python -m tests.bench.load --ports 8001,8002 --path /telegram/webhook --concurrency 64 --seconds 5 --first 1` prints one JSON
object. Every update has an id of its own; after the measurement the last `--repeats` of them are sent again.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field

import uvloop

from tests.bench.updates import HEADER, SECRET, said
from tests.bench.wire import Asking, request

CHATS = 2_000
WARM_SECONDS = 1.0


@dataclass
class Load:
    """The loop's counters."""

    path: str
    next_id: int
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    measuring: bool = False
    stopping: bool = False
    busy: int = 0

    def ask(self, connection: Asking) -> None:
        """Send the next update on a free connection."""
        body = said(self.next_id, 1_000_000 + self.next_id % CHATS)
        self.next_id += 1
        connection.ask(request(self.path, body, HEADER, SECRET), time.perf_counter())

    def answered(self, connection: Asking, status: int) -> None:
        """Note an answer and go on."""
        self.statuses[status] += 1
        if self.measuring:
            self.latencies.append(time.perf_counter() - connection.asked_at)
        if self.stopping or status == 0:
            self.busy -= 1
        else:
            self.ask(connection)


async def run(options: argparse.Namespace) -> dict[str, object]:
    """Measure; return the figures."""
    load = Load(options.path, options.first)
    connections = await _connect(load, options)
    await _go(load, connections, WARM_SECONDS)
    load.measuring = True
    begun = time.perf_counter()
    await _go(load, connections, options.seconds)
    seconds = time.perf_counter() - begun
    load.measuring, measured = False, sorted(load.latencies)
    unique = load.next_id - options.first
    await _repeat(load, connections, options.repeats)
    for connection in connections:
        connection.close()
    return {
        "per_second": len(measured) / seconds,
        "p50_ms": _at(measured, 0.50) * 1000,
        "p95_ms": _at(measured, 0.95) * 1000,
        "unique": unique,
        "repeated": options.repeats,
        "statuses": {str(status): count for status, count in load.statuses.items()},
    }


async def _connect(load: Load, options: argparse.Namespace) -> list[Asking]:
    loop = asyncio.get_running_loop()
    ports = [int(port) for port in options.ports.split(",")]
    made = []
    for number in range(options.concurrency):
        port = ports[number % len(ports)]
        _, connection = await loop.create_connection(lambda: Asking(load.answered), "127.0.0.1", port)
        made.append(connection)
    return made


async def _go(load: Load, connections: list[Asking], seconds: float) -> None:
    """Keep every connection busy for `seconds`, then let what is under way end."""
    load.stopping, load.busy = False, len(connections)
    for connection in connections:
        load.ask(connection)
    await asyncio.sleep(seconds)
    load.stopping = True
    await _until_idle(load)


async def _repeat(load: Load, connections: list[Asking], count: int) -> None:
    """Send the last `count` updates once more."""
    load.next_id -= count
    while count > 0:
        batch = connections[: min(count, len(connections))]
        load.stopping, load.busy = True, len(batch)
        for connection in batch:
            load.ask(connection)
        count -= len(batch)
        await _until_idle(load)


async def _until_idle(load: Load) -> None:
    deadline = time.monotonic() + 30
    while load.busy > 0:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{load.busy} requests were never answered")
        await asyncio.sleep(0.005)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def main() -> None:
    """Run one measurement from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ports", required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--concurrency", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--repeats", type=int, default=0)
    options = parser.parse_args()
    print(json.dumps(uvloop.run(run(options))))


if __name__ == "__main__":
    main()
