"""`./run bench customers`: simulated customers on the scripted assistant and on a chaotic model, in a house of their own.

The parent starts the servers; `python -m tests.bench.customers COUNT` plays and prints what came of it as JSON.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import django

from config.env import ROOT
from tests.bench.services import Ground
from tests.bench.table import Table
from tests.emulators.llm import ModelServer

CONVERSATIONS = 1_000
KEY = "sk-only-for-tests-0123456789abcdef"
CHAOS = 0.7  # of the model's answers are of a bad mood


def measure(*, conversations: int = CONVERSATIONS) -> list[Table]:
    """Play; with a violation print everything and leave with 1."""
    with Ground() as ground:
        command = [sys.executable, "-m", "tests.bench.customers", str(conversations)]
        done = subprocess.run(command, cwd=ROOT, env=ground.environment, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    tables = [Table(**table) for table in found["tables"]]
    if found["violations"]:
        print(*(table.markdown() for table in tables), *found["violations"], *found["talks"], sep="\n\n")
        raise SystemExit(1)
    return tables


@contextmanager
def chaotic_model(*, seed: int = 7) -> Iterator[ModelServer]:
    """Connect the house to a model in every bad mood at once."""
    from django.test import override_settings

    from dialogs.assistant.providers import close_providers

    limits = {"OPENAI_TIMEOUT_SECONDS": 0.5, "OPENAI_ATTEMPTS": 2, "ASSISTANT_DEADLINE_SECONDS": 1.0}
    with ModelServer(chaos=CHAOS, seed=seed) as server:
        server.slow_seconds, server.retry_after = 3.0, 0.05
        with override_settings(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=server.base_url, **limits):
            yield server
            close_providers()


def furnish() -> Any:
    """Publish the sales bot and give it a channel through which nobody speaks."""
    from bot.models import Channel
    from dialogs.preset_loading import load_preset

    load_preset("sales")
    return Channel.objects.create(kind="telegram", title="Школа", credentials={"token": "1:x"}, scenario_key="sales")


def main() -> None:
    """Play half of the conversations without a model, half with the chaotic one."""
    django.setup()
    from bot import nudges
    from tests.bench.simulated import reported

    logging.disable(logging.ERROR)
    nudges.nudge = lambda task_path: None  # nobody works here but we
    channel, count = furnish(), int(sys.argv[1])
    reports = [reported("scripted assistant", channel, count - count // 2)]
    with chaotic_model() as server:
        reports.append(reported("chaotic model", channel, count // 2, seed=2))
        moods = len(server.requests)
    tables = [report.table() for report in reports]
    tables[-1].notes.append(f"The model was asked {moods:,} times; {CHAOS:.0%} of its answers were of a bad mood.")
    violations = [text for report in reports for text in report.violations]
    talks = [talk for report in reports for talk in report.wrong_talks()]
    print(json.dumps({"tables": [asdict(table) for table in tables], "violations": violations, "talks": talks}))


if __name__ == "__main__":
    main()
