"""Webhook accepted and durable: requests a second and p95, beside a bare echo and the rivals' own webhook servers."""

import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import psycopg

from config.env import ROOT
from tests.bench.house import furnish
from tests.bench.processes import free_port, running, wait_for_port
from tests.bench.rivals.records import TABLES
from tests.bench.services import Ground
from tests.bench.table import Table, ms, rate, times

PATH = "/telegram/webhook"
CONCURRENCY = (16, 64)
MOST_UPDATES = 10_000_000  # in one measurement: each has a range of ids of its own
REPEATS = 500  # updates sent twice after each measurement
BEHIND_SECONDS = 60.0  # how long a door that answers first may take to write what it has accepted


@dataclass(frozen=True, slots=True)
class Door:
    """One way to take a webhook. `counted`: the SQL that says how many updates it has stored."""

    name: str
    command: Callable[[int, int], list[str]]  # of a port and a port of the Bot API
    counted: str = ""
    durable: str = "yes"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measurement of one door."""

    per_second: float
    p95: float
    behind: int  # accepted but not stored yet when the last answer came


Readings = dict[tuple[Door, int, int], list[Reading]]  # by door, processes and connections


def _uvicorn(application: str) -> Callable[[int, int], list[str]]:
    options = ["--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools"]
    return lambda port, _api: [sys.executable, "-m", "uvicorn", application, "--port", str(port), *options]


def _rival(name: str) -> Callable[[int, int], list[str]]:
    command = [sys.executable, "-m", f"tests.bench.rivals.{name}", "--mode", "ingest"]
    return lambda port, api: [*command, "--port", str(port), "--api", f"http://127.0.0.1:{api}"]


RIVAL_ROWS = "SELECT count(*) FROM rival_update"
ECHO = Door("bare ASGI echo, uvicorn", _uvicorn("tests.bench.echo:application"), durable="nothing stored")
OURS = Door("**Otklik**", _uvicorn("config.asgi:application"), "SELECT count(*) FROM bot_inboxevent")
AIOGRAM = Door("aiogram 3, aiohttp + uvloop", _rival("aiogram"), RIVAL_ROWS)
PTB = Door("python-telegram-bot, tornado + uvloop", _rival("ptb"), RIVAL_ROWS, "after the answer")
DOORS = (ECHO, OURS, AIOGRAM, PTB)


def measure(
    *,
    seconds: float = 4.0,
    rounds: int = 3,
    processes: Sequence[int] = (1, 2),
    doors: Sequence[Door] = DOORS,
) -> Table:
    """Measure every door in turn, `rounds` times over, and return the medians."""
    readings: Readings = {}
    with Ground() as ground:
        furnish(ground, api_url="http://127.0.0.1:1")
        with psycopg.connect(ground.postgres.url(), autocommit=True) as database:
            database.execute(TABLES)
        numbers = itertools.count(1, MOST_UPDATES)
        for door, number in list(itertools.product(doors, processes)) * rounds:
            for concurrency, reading in _measured(ground, door, number, seconds, numbers):
                readings.setdefault((door, number, concurrency), []).append(reading)
                print(f"  ingest: {door.name}, {number} process(es), {concurrency}: {reading}", file=sys.stderr)
    return _table(readings, processes, doors)


def _measured(
    ground: Ground, door: Door, number: int, seconds: float, numbers: Iterator[int]
) -> list[tuple[int, Reading]]:
    ports, api = [free_port() for _ in range(number)], free_port()
    bot_api = [sys.executable, "-m", "tests.bench.botapi", "--port", str(api)]
    commands = {f"{door.command(0, 0)[2]}-{port}".replace("*", ""): door.command(port, api) for port in ports}
    results = []
    with running({"botapi": bot_api}, ground.environment, ground.folder):
        wait_for_port(api, "the Bot API")
        with running(commands, ground.environment, ground.folder):
            for port in ports:
                wait_for_port(port, door.name)
            for concurrency in CONCURRENCY:
                reading = _loaded(ground, door, ports, concurrency, seconds, next(numbers))
                results.append((concurrency, reading))
    return results


def _loaded(ground: Ground, door: Door, ports: list[int], concurrency: int, seconds: float, first: int) -> Reading:
    before = _stored(ground, door)
    command = [sys.executable, "-m", "tests.bench.load", "--ports", ",".join(map(str, ports)), "--path", PATH]
    command += ["--concurrency", str(concurrency), "--seconds", str(seconds), "--first", str(first)]
    command += ["--repeats", str(REPEATS)]
    done = subprocess.run(command, cwd=ROOT, env=ground.environment, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    if set(found["statuses"]) != {"200"}:
        raise RuntimeError(f"{door.name} answered {found['statuses']}")
    behind = found["unique"] - (_stored(ground, door) - before) if door.counted else 0
    if door.counted:
        _insist(ground, door, before + found["unique"])
    return Reading(found["per_second"], found["p95_ms"], behind)


def _stored(ground: Ground, door: Door) -> int:
    if not door.counted:
        return 0
    with psycopg.connect(ground.postgres.url(), autocommit=True) as database:
        row = database.execute(door.counted).fetchone()
        return int(row[0]) if row else 0


def _insist(ground: Ground, door: Door, expected: int) -> None:
    """Raise unless every accepted update, and none of the repeats, becomes one row."""
    deadline = time.monotonic() + BEHIND_SECONDS
    while (stored := _stored(ground, door)) < expected and time.monotonic() < deadline:
        time.sleep(0.1)
    if stored != expected:
        raise RuntimeError(f"{door.name}: {expected} different updates were accepted, {stored} rows are stored")


def _table(readings: Readings, processes: Sequence[int], doors: Sequence[Door]) -> Table:
    table = Table(
        "1. Webhook accepted and durable",
        ["Door", "Processes", "Durable", *(f"{c} connections: requests/s (p95 ms)" for c in CONCURRENCY), "Otklik is"],
    )
    for number in processes:
        for door in doors:
            cells = [readings[door, number, concurrency] for concurrency in CONCURRENCY]
            shown = [f"{rate(_speed(cell))} ({ms(statistics.median(r.p95 for r in cell))})" for cell in cells]
            ours = [_speed(readings[OURS, number, concurrency]) for concurrency in CONCURRENCY]
            ratio = " / ".join(times(mine / _speed(cell)) for mine, cell in zip(ours, cells, strict=True))
            table.add(door.name, number, door.durable, *shown, "" if door is OURS else ratio)
    table.notes.append(
        f"After each measurement {REPEATS} updates were sent again, and the rows counted: every accepted update is one row."
    )
    behind = [reading.behind for (door, _, _), cell in readings.items() if door is PTB for reading in cell]
    if behind:
        table.notes.append(
            "python-telegram-bot answers before it stores: when the last answer came, up to "
            f"{max(behind):,} accepted updates were in its memory only."
        )
    return table


def _speed(cell: Sequence[Reading]) -> float:
    return statistics.median(reading.per_second for reading in cell)
