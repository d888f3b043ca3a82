"""One database's worker for the growth bench: fills it, then times batches of turns on demand.

`python -m tests.bench.turns` reads lines of JSON: `{"fill": 1000}` loads so many customers with ten messages each,
`{"turns": 20, "batch": 50}` takes that many batches from random customers and prints milliseconds for one message, by part.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import django
from django.db.models import NOT_PROVIDED

MESSAGES = 10
CHUNK = 50_000  # customers in one statement
# Everybody is in the middle of the bench's dialogue, at its menu, with a past behind them: columns of each table as SQL over
# the customer's number n and the message's number m. What is not named takes the model's default.
CUSTOMERS: dict[str, dict[str, str]] = {
    "bot.Chat": {
        "id": "n",
        "channel_id": "%(channel)s",
        "external_id": "(20000000 + n)::text",
        "name": "'Анна ' || n",
        "username": "'anna' || n",
    },
    "crm.Customer": {
        "id": "n",
        "name": "'Анна ' || n",
        "phone": "'+7916' || lpad(n::text, 7, '0')",
        "source": "'Bench'",
    },
    "crm.CustomerChat": {"customer_id": "n", "chat_id": "n"},
    "crm.Lead": {
        "id": "n",
        "customer_id": "n",
        "chat_id": "n",
        "status": "'in_bot'",
        "title": "'Bench: Анна'",
        "source": "'Bench'",
        "created_at": "now() - n * interval '1 second'",
    },
    "dialogs.Conversation": {
        "chat_id": "n",
        "version_id": "%(version)s",
        "customer_id": "n",
        "lead_id": "n",
        "step": "'menu'",
        "state": "%(state)s",
        "started_at": "now()",
        "updated_at": "now()",
    },
}
PAST: dict[str, dict[str, str]] = {
    "bot.InboxEvent": {
        "channel_id": "%(channel)s",
        "chat_id": "n",
        "external_id": "'past:' || n || ':' || m",
        "kind": "'text'",
        "payload": """'{"message": {"text": "Здравствуйте"}}'""",
        "handled_at": "now()",
    },
    "bot.Message": {
        "chat_id": "n",
        "channel_id": "%(channel)s",
        "role": "CASE m %% 2 WHEN 0 THEN 'bot' ELSE 'user' END",
        "text": "'Сообщение номер ' || m",
        # The last one is the menu they are at.
        "extras": """CASE m WHEN %(messages)s
            THEN '{"buttons": [[{"text": "Заказать", "data": "menu:order"}, {"text": "Ничего", "data": "menu:nothing"}]]}'
            ELSE '{}' END::jsonb""",
        "dedupe_key": "CASE m %% 2 WHEN 0 THEN 'past:' || n || ':' || m END",
        "status": "CASE m %% 2 WHEN 0 THEN 'sent' ELSE 'received' END",
        "external_id": "m::text",
        "created_at": "now() - (%(messages)s - m) * interval '1 minute'",
        "sent_at": "now()",
    },
}
SEQUENCES = ("bot_chat", "crm_customer", "crm_lead")


def main() -> None:
    """Obey until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")  # the product logs to standard output; here its log is formatted and dropped
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    django.setup()
    bench = _Bench()
    for line in sys.stdin:
        order: dict[str, int] = json.loads(line)
        answer = bench.fill(order["fill"]) if "fill" in order else bench.time(order["turns"], order["batch"])
        print(json.dumps(answer), file=answers, flush=True)


class _Bench:
    """One filled database."""

    def __init__(self) -> None:
        # After `django.setup()`: models cannot be read before it.
        from bot import delivery, inbox, nudges, recording
        from bot.channels.base import Receipt
        from bot.models import Channel
        from dialogs import turn

        self.channel: Any = Channel.objects.get()
        self.customers = 0
        self._next_update = 1
        self._parts: dict[str, Callable[[Any], Any]] = {
            "store": lambda arrivals: inbox.store(arrivals, window=0),
            "turn": lambda _: turn.take_turns(limit=1_000),
            "claim": lambda _: delivery.claim(self.channel, 1_000),
            "record": lambda claimed: recording.record(
                [delivery._outcome(item, receipt=Receipt("1")) for item in claimed]
            ),
        }
        nudges.nudge = lambda task_path: None  # nobody works here but we

    def fill(self, customers: int) -> dict[str, float]:
        """Load customers and let the planner look at them."""
        from django.db import connection

        from dialogs.engine.state import State
        from dialogs.models import Scenario

        begun = time.monotonic()
        version = Scenario.objects.get(key="bench").current_id
        with connection.cursor() as cursor:
            for first in range(1, customers + 1, CHUNK):
                values = {
                    "channel": self.channel.pk,
                    "first": first,
                    "last": min(first + CHUNK - 1, customers),
                    "version": version,
                    "state": json.dumps({**State().to_json(), "step": "menu"}),
                    "messages": MESSAGES,
                }
                for label, columns in CUSTOMERS.items():
                    _load(cursor, label, columns, values, each=1)
                _load(cursor, "bot.InboxEvent", PAST["bot.InboxEvent"], values, each=MESSAGES // 2)
                _load(cursor, "bot.Message", PAST["bot.Message"], values, each=MESSAGES)
            for table in SEQUENCES:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [customers])
            cursor.execute("VACUUM ANALYZE")
        self.customers = customers
        return {"seconds": time.monotonic() - begun}

    def time(self, turns: int, batch: int) -> dict[str, float]:
        """Return the median milliseconds of one message, by part and in all, and the pages it touched."""
        before = _pages_touched()
        rounds = [self._round(batch) for _ in range(turns)]
        pages = (_pages_touched() - before) / (turns * batch * 2)  # a press and a sentence each
        medians = {part: statistics.median(taken[part] for taken in rounds) for part in self._parts}
        return {**medians, "all": statistics.median(sum(taken.values()) for taken in rounds), "pages": pages}

    def _round(self, batch: int) -> dict[str, float]:
        """Let `batch` random customers press the menu's button, then write; the press is timed."""
        people = random.sample(range(1, self.customers + 1), batch)
        taken = self._pass([self._arrival(person, is_press=True) for person in people], batch)
        self._pass([self._arrival(person, is_press=False) for person in people], batch)
        return taken

    def _pass(self, arrivals: list[Any], batch: int) -> dict[str, float]:
        taken, value = {}, arrivals
        for name, part in self._parts.items():
            begun = time.perf_counter()
            value = part(value)
            taken[name] = (time.perf_counter() - begun) * 1000 / batch
        return taken

    def _arrival(self, person: int, *, is_press: bool) -> Any:
        from bot.channels.registry import adapter_for
        from bot.inbox import Arrival
        from tests.bench.updates import pressed, said

        update = (pressed if is_press else said)(self._next_update, 20_000_000 + person)
        self._next_update += 1
        return Arrival(self.channel.pk, adapter_for("telegram").open(json.loads(update))[0])


def _load(cursor: Any, label: str, columns: Mapping[str, str], values: Mapping[str, Any], *, each: int) -> None:
    """Insert `each` rows of a model for each customer between `first` and `last`."""
    from django.apps import apps
    from django.db.models import Field

    given, literals = dict(columns), {}
    for field in apps.get_model(label)._meta.concrete_fields:
        assert isinstance(field, Field)
        assert field.column is not None
        if field.column in given or field.null or field.primary_key or field.db_default is not NOT_PROVIDED:
            continue
        given[field.column] = "now()" if getattr(field, "auto_now", False) else f"%({field.column}_)s"
        default = field.get_default()
        literals[f"{field.column}_"] = json.dumps(default) if isinstance(default, dict | list) else default
    given = {name: "now()" if name == "created_at" and "now" not in sql else sql for name, sql in given.items()}
    table, names, expressions = apps.get_model(label)._meta.db_table, ", ".join(given), ", ".join(given.values())
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {expressions}"  # noqa: S608  # names and expressions of this file
        " FROM generate_series(%(first)s, %(last)s) n, generate_series(1, %(each)s) m",
        {**values, **literals, "each": each},
    )


def _pages_touched() -> int:
    """Return how many pages this database has looked at so far, in memory or on disk: work without the machine's noise."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
