"""What one message costs with few and with many customers in the tables: the ratio is the answer, not the milliseconds."""

import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

from config.env import ROOT
from tests.bench.house import furnish
from tests.bench.services import Ground
from tests.bench.table import Table, times

SIZES = (1_000, 100_000)
FULL_SIZES = (1_000, 100_000, 1_000_000)
BATCHES = (1, 50)
TARGET = 1.3
PARTS = {
    "store": "store, ms",
    "turn": "turn, ms",
    "claim": "claim, ms",
    "record": "record, ms",
    "all": "one message, ms",
    "pages": "one message, pages",
}


class Worker:
    """One database and the process that works in it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, **order: int) -> dict[str, float]:
        """Give one order and wait for its figures."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer


def measure(*, sizes: Sequence[int] = SIZES, rounds: int = 7, turns: int = 10) -> Table:
    """Fill one database a size, then take turns in each, round by round, so that noise meets them all alike."""
    with Ground() as ground, contextlib.ExitStack() as stack:
        workers = {size: stack.enter_context(_worker(ground, size)) for size in sizes}
        readings: dict[tuple[int, int], list[dict[str, float]]] = {}
        for _round in range(rounds + 1):
            for batch in BATCHES:
                for size, worker in workers.items():
                    readings.setdefault((batch, size), []).append(worker.ask(turns=turns, batch=batch))
    # The first round warms caches and is left out.
    return _table(sizes, {key: _medians(cell[1:]) for key, cell in readings.items()})


@contextlib.contextmanager
def _worker(ground: Ground, size: int) -> Iterator[Worker]:
    environment = ground.make_database(f"bench_{size}")
    furnish(ground, api_url="http://127.0.0.1:1", environment=environment)
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.bench.turns"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        worker = Worker(process)
        loaded = worker.ask(fill=size)
        print(f"  growth: {size:,} customers loaded in {loaded['seconds']:.0f} s", file=sys.stderr)
        try:
            yield worker
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _medians(cell: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {part: statistics.median(reading[part] for reading in cell) for part in PARTS}


def _table(sizes: Sequence[int], medians: Mapping[tuple[int, int], Mapping[str, float]]) -> Table:
    smallest = sizes[0]
    others = [f"{size:,}: ratio" for size in sizes[1:]]
    table = Table(
        "3. One message in growing tables",
        ["Part", "Chats at once", f"{smallest:,} customers", *others],
    )
    for batch in BATCHES:
        for part, title in PARTS.items():
            base = medians[batch, smallest][part]
            ratios = [times(medians[batch, size][part] / base) for size in sizes[1:]]
            table.add(title, batch, f"{base:.2f}", *ratios)
    table.notes.append(
        "Pages: blocks of tables and indexes PostgreSQL looked at for one message; a count, so free of noise."
    )
    table.notes.append(f"Ten messages and five handled events for each customer. The target is a ratio under {TARGET}.")
    return table
