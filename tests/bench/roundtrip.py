"""From the webhook to the reply handed to the channel, by the real processes, beside the same dialogue on bare libraries."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.demo import house
from config.env import ROOT
from tests.bench.house import furnish
from tests.bench.processes import free_port, running, wait_for_port
from tests.bench.processor import seconds_used
from tests.bench.rivals.records import TABLES
from tests.bench.services import Ground
from tests.bench.table import Table, ms, rate, times

RATES = (10.0, 50.0, 100.0)  # messages a second whose latency is promised
TARGETS_MS = (100, 300, 500)
PROCESSES = 2  # of each rival: one a core
FIRST_RATE = 100.0
FINENESS = 1.15  # the search for the highest rate ends when it knows it this well
BACKLOG_SECONDS = 1.0  # a rate is held when fewer messages than of one second are open at the end …
HELD_P95_MS = 1_500.0  # … and an answer is still an answer


@dataclass(frozen=True, slots=True)
class Reading:
    """One step of the road."""

    rate: float
    sent: int
    answered: int
    open_at_end: int
    p50: float
    p95: float
    processor_ms: float  # of all processes of the contestant, PostgreSQL and Redis included, for one message

    @property
    def held(self) -> bool:
        """Tell whether the inbox did not grow: everything was answered, in time."""
        return self.answered == self.sent and self.open_at_end < self.rate * BACKLOG_SECONDS and self.p95 < HELD_P95_MS


class Stand:
    """One contestant that runs: its doors and the people who write to it."""

    def __init__(self, people: "subprocess.Popen[str]", ports: Sequence[int], folder: Path) -> None:
        self._people, self._ports, self._folder = people, list(ports), folder
        self._first = 1

    def step(self, per_second: float, seconds: float) -> Reading:
        """Let people write `per_second` messages for `seconds`."""
        assert self._people.stdin is not None
        assert self._people.stdout is not None
        order = {"ports": self._ports, "rate": per_second, "seconds": seconds, "first": self._first}
        before = seconds_used(self._folder)
        self._people.stdin.write(json.dumps(order) + "\n")
        self._people.stdin.flush()
        found = json.loads(self._people.stdout.readline())
        self._first += round(per_second * seconds) + 1
        if set(found["statuses"]) - {"200"} or found["strangers"]:
            raise RuntimeError(f"not one answer to each message: {found}")
        used = seconds_used(self._folder) - before - found["processor"]
        return Reading(
            rate=per_second,
            sent=found["sent"],
            answered=found["answered"],
            open_at_end=found["open_at_end"],
            p50=found["p50_ms"],
            p95=found["p95_ms"],
            processor_ms=used * 1000 / found["sent"],
        )

    def highest(self, seconds: float, hold: float) -> Reading:
        """Find the highest rate that is held for `hold` seconds: doubling, halving the gap, then the long look."""
        low, high, rate_now = 0.0, 0.0, FIRST_RATE
        while not high or high / max(low, 1.0) > FINENESS:
            held = self.step(rate_now, seconds).held
            low, high = (rate_now, high) if held else (low, rate_now)
            rate_now = rate_now * 2 if not high else ((low or high / 4) * high) ** 0.5
        while True:
            reading = self.step(low, hold)
            if reading.held:
                return reading
            low /= FINENESS


@contextlib.contextmanager
def otklik(ground: Ground) -> Iterator[Stand]:
    """Run the product as `./run demo` runs it."""
    port, api = free_port(), free_port()
    furnish(ground, api_url=f"http://127.0.0.1:{api}")
    commands = {child.name: child.command for child in house({"PUBLIC_URL": f"http://127.0.0.1:{port}"})}
    with _people(ground, api) as people, running(commands, ground.environment, ground.folder):
        wait_for_port(port, "the site")
        yield Stand(people, [port], ground.folder)


@contextlib.contextmanager
def rival(ground: Ground, name: str) -> Iterator[Stand]:
    """Run a rival on both cores."""
    with psycopg.connect(ground.postgres.url(), autocommit=True) as database:
        database.execute(TABLES)
    ports, api = [free_port() for _ in range(PROCESSES)], free_port()
    command = [sys.executable, "-m", f"tests.bench.rivals.{name}", "--mode", "dialogue"]
    address = f"http://127.0.0.1:{api}"
    commands = {f"{name}-{port}": [*command, "--port", str(port), "--api", address] for port in ports}
    with _people(ground, api) as people, running(commands, ground.environment, ground.folder):
        for port in ports:
            wait_for_port(port, name)
        yield Stand(people, ports, ground.folder)


@contextlib.contextmanager
def _people(ground: Ground, api: int) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "tests.bench.people", "--api-port", str(api)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=ground.environment, stdin=pipe, stdout=pipe, text=True) as people:
        assert people.stdin is not None
        assert people.stdout is not None
        people.stdout.readline()
        try:
            yield people
        finally:
            people.stdin.close()
            people.wait(10)


NAMES = {"Otklik": "**Otklik**", "aiogram": "aiogram 3, 2 processes", "ptb": "python-telegram-bot, 2 processes"}


def measure(*, seconds: float = 20.0, search: float = 8.0, hold: float = 60.0) -> list[Table]:
    """Measure the product and both rivals, each on fresh tables; return the tables of latency and of the highest rate."""
    latency, top = _empty_tables(hold)
    found: dict[str, Reading] = {}
    for name, title in NAMES.items():
        with Ground() as ground, otklik(ground) if name == "Otklik" else rival(ground, name) as stand:
            stand.step(20.0, 4.0)  # warm: imports, connections, caches
            steps = [stand.step(per_second, seconds) for per_second in RATES]
            found[name] = stand.highest(search, hold)
        print(f"  road: {name}: {steps} {found[name]}", file=sys.stderr)
        latency.add(title, *(f"{ms(step.p50)} / {ms(step.p95)}" for step in steps))
    ours = found["Otklik"]
    for name, reading in found.items():
        ratios = [times(ours.rate / reading.rate), times(reading.processor_ms / ours.processor_ms)]
        shown = [rate(reading.rate), ms(reading.p95), f"{reading.processor_ms:.2f}"]
        top.add(NAMES[name], *shown, *(["", ""] if name == "Otklik" else ratios))
    return [latency, top]


def _empty_tables(hold: float) -> tuple[Table, Table]:
    latency = Table("2. Inbound to reply handed to the channel", ["Road", *(f"{r:g}/s: p50 / p95 ms" for r in RATES)])
    targets = ", ".join(f"{target} ms at {r:g}/s" for target, r in zip(TARGETS_MS, RATES, strict=True))
    latency.notes.append(f"Targets for p95: {targets}.")
    header = ["Road", "messages/s", f"p95 ms over {hold:g} s", "processor ms per message"]
    top = Table("The highest rate held", [*header, "Otklik holds", "Otklik costs less by"])
    return latency, top
