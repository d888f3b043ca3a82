"""The product's own rows for a bench: one bot with its webhook secret, and the dialogue it holds."""

import subprocess
import sys

from config.env import ROOT
from tests.bench.services import Ground

# One answer to each message, as the rivals give it: /start -> menu, a press -> a question, a sentence -> menu …
SCRIPT = """
key: bench
title: Bench
start: menu
steps:
  menu:
    kind: menu
    text: Что подсказать?
    choices:
      - {key: order, text: Заказать, next: details}
      - {key: nothing, text: Ничего, next: bye}
    timeout: 1h
    on_timeout: bye
  details:
    kind: ask
    field: text
    text: Расскажите подробнее, пожалуйста.
    next: menu
    on_refusal: bye
    timeout: 1h
    on_timeout: bye
  bye:
    kind: end
    outcome: done
    text: Спасибо!
"""
CHANNEL = """
from bot.models import Channel
from tests.bench.updates import SCENARIO, SECRET, TOKEN
Channel.objects.create(
    kind="telegram", title="Bench", credentials={{"token": TOKEN}}, webhook_secret=SECRET, api_url={api_url!r},
    scenario_key=SCENARIO, options={{"per_second": 100_000}},  # the bot's own limit is lifted, as for a paid 1,000/s bot
)
"""


# A free talk on the school's own library, nothing around it: what is measured is the assistant.
TALK = """
key: sales
title: Talk
start: talk
steps:
  talk:
    kind: assistant
    text: Здравствуйте! Расскажите, что вас привело.
    offer_consult: bye
    timeout: 1d
    on_timeout: bye
  bye:
    kind: end
    outcome: done
    text: Спасибо!
    reopen: talk
"""
TALK_CHANNEL = """
from bot.models import Channel
from tests.bench.updates import TALK_SECRET, TALK_TOKEN
Channel.objects.create(
    kind="telegram", title="Talk", credentials={{"token": TALK_TOKEN}}, webhook_secret=TALK_SECRET, api_url={api_url!r},
    scenario_key="sales", options={{"per_second": 100_000}},
)
"""


def furnish_talk(ground: Ground, *, api_url: str) -> None:
    """Publish the free talk and make its bot."""
    ground.manage("load_preset", "sales")
    script = ground.folder / "talk.yaml"
    script.write_text(TALK, encoding="utf-8")
    ground.manage("import_scenario", str(script), "--publish")
    _run(ground, TALK_CHANNEL.format(api_url=api_url))


def _run(ground: Ground, code: str, environment: dict[str, str] | None = None) -> None:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    subprocess.run(command, cwd=ROOT, env=environment or ground.environment, check=True, stdout=subprocess.DEVNULL)


def furnish(ground: Ground, *, api_url: str, environment: dict[str, str] | None = None) -> None:
    """Publish the dialogue and make the bot; the shipped FAQ is loaded too: understanding a sentence costs more with it."""
    ground.manage("load_preset", "first-contact", environment=environment)
    script = ground.folder / "bench.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    ground.manage("import_scenario", str(script), "--publish", environment=environment)
    _run(ground, CHANNEL.format(api_url=api_url), environment)
