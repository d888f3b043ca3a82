"""Many conversations with a slow language model on one worker process, and what plain turns feel of it."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from config.demo import house
from config.env import ROOT
from tests.bench.house import furnish, furnish_talk
from tests.bench.processes import free_port, running, wait_for_port
from tests.bench.services import Ground
from tests.bench.table import Table, ms, times
from tests.bench.talkers import READING

PEOPLE = 200
MODEL_SECONDS = 2.0
PLAIN_RATE = 20.0  # messages a second to the other bot
TARGET_SECONDS, TARGET_RATIO = 4.0, 1.2
DECIDED_SQL = "SELECT provider, fallback, status, count(*) FROM dialogs_assistantturn GROUP BY 1, 2, 3 ORDER BY 4 DESC"


@dataclass(frozen=True, slots=True)
class Town:
    """The programs that play people, by pipe."""

    plain: "subprocess.Popen[str]"
    talkers: "subprocess.Popen[str]"
    port: int

    def order(self, program: "subprocess.Popen[str]", **order: Any) -> None:
        """Let a program begin a step."""
        assert program.stdin is not None
        program.stdin.write(json.dumps(order) + "\n")
        program.stdin.flush()

    def figures(self, program: "subprocess.Popen[str]") -> Mapping[str, Any]:
        """Wait for the end of a step."""
        assert program.stdout is not None
        found: Mapping[str, Any] = json.loads(program.stdout.readline())
        return found

    def plain_step(self, seconds: float, first: int) -> Mapping[str, Any]:
        """Let people write to the plain bot, and return what they saw."""
        self.order(self.plain, ports=[self.port], rate=PLAIN_RATE, seconds=seconds, first=first)
        return self.figures(self.plain)


def measure(*, seconds: float = 30.0, people: int = PEOPLE) -> list[Table]:
    """Measure plain turns alone, then beside `people` conversations; return the table."""
    with Ground() as ground, _town(ground) as (town, model_url):
        town.plain_step(4.0, 1)  # warm: imports, connections, caches
        town.order(town.talkers, port=town.port, people=20, seconds=4.0, first=1, reading=1.0)
        town.figures(town.talkers)
        alone = town.plain_step(seconds, 1_000)
        town.order(town.talkers, port=town.port, people=people, seconds=seconds + 6.0, first=100_000)
        beside = town.plain_step(seconds, 50_000)
        talks = town.figures(town.talkers)
        town.order(town.talkers, port=town.port, people=people, seconds=0.0, first=200_000, burst=True)
        burst = town.figures(town.talkers)
        with psycopg.connect(ground.postgres.url(), autocommit=True) as database:
            decided = [tuple(row) for row in database.execute(DECIDED_SQL)]
        asked = json.loads(urllib.request.urlopen(f"{model_url}/_stats", timeout=5).read())  # noqa: S310  # our own address
    print(f"  assistant: {alone} {beside} {talks} {burst} {decided} {asked}", file=sys.stderr)
    return [_table(people, alone, beside, talks, burst, asked, decided)]


def _table(
    people: int,
    alone: Mapping[str, Any],
    beside: Mapping[str, Any],
    talks: Mapping[str, Any],
    burst: Mapping[str, Any],
    asked: Mapping[str, Any],
    decided: list[tuple[Any, ...]],
) -> Table:
    table = Table(
        f"4. {people} conversations at once with a model that takes {MODEL_SECONDS:g} s, one worker process",
        ["What", "p50", "p95", "target", ""],
    )
    for title, found in (("an answer of the assistant", talks), (f"… {people} questions within one second", burst)):
        reply = (f"{found['p50']:.2f} s", f"{found['p95']:.2f} s", f"p95 ≤ {TARGET_SECONDS:g} s")
        table.add(title, *reply, f"{found['answered']} answers, {found['lost']} lost")
    table.add(f"a plain turn, alone ({PLAIN_RATE:g}/s)", ms(alone["p50_ms"]), ms(alone["p95_ms"]), "", "ms")
    ratio = beside["p95_ms"] / alone["p95_ms"]
    shown = (ms(beside["p50_ms"]), ms(beside["p95_ms"]), f"p95 ≤ {TARGET_RATIO:g}×", f"ms, {times(ratio)}")
    table.add("a plain turn beside them", *shown)
    whose = ", ".join(
        f"{provider or '—'}{'/' + why if why else ''} {status}: {n}" for provider, why, status, n in decided
    )
    table.notes.append(f"At most {asked['most_in_flight']} calls of the model in flight. Answers by provider: {whose}.")
    table.notes.append(
        f"Each of the {people} reads {READING:g} s before the next words; the plain turns are measured beside these."
    )
    table.notes.append("The window in which quick messages are gathered is 0 s here, as in the tables above.")
    return table


@contextlib.contextmanager
def _town(ground: Ground) -> Iterator[tuple[Town, str]]:
    """Run the product as `./run demo` runs it, the model, and both kinds of people."""
    port, plain_api, talk_api, model = (free_port() for _ in range(4))
    ground.environment |= {
        "OPENAI_API_KEY": "sk-bench-0123456789",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1",
        "ASSISTANT_DAY_LIMIT": "100000",
        "ASSISTANT_CONVERSATION_LIMIT": "1000",
    }
    furnish(ground, api_url=f"http://127.0.0.1:{plain_api}")
    furnish_talk(ground, api_url=f"http://127.0.0.1:{talk_api}")
    commands = {child.name: child.command for child in house({"PUBLIC_URL": f"http://127.0.0.1:{port}"})}
    emulator = ["-m", "tests.emulators.llm", "--port", str(model), "--latency", str(MODEL_SECONDS)]
    commands["model"] = [sys.executable, *emulator]
    with (
        _program(ground, "people", plain_api) as plain,
        _program(ground, "talkers", talk_api) as talkers,
        running(commands, ground.environment, ground.folder),
    ):
        wait_for_port(port, "the site")
        wait_for_port(model, "the model")
        yield Town(plain, talkers, port), f"http://127.0.0.1:{model}"


@contextlib.contextmanager
def _program(ground: Ground, name: str, api: int) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", f"tests.bench.{name}", "--api-port", str(api)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=ground.environment, stdin=pipe, stdout=pipe, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdout.readline()
        try:
            yield program
        finally:
            program.stdin.close()
            program.wait(10)
