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
from collections.abc import Callable
from typing import Any

import django

MESSAGES = 10
CHUNK = 50_000  # customers in one statement
# Everybody is in the middle of the bench's dialogue, at its menu, with a past behind them.
FILL = (
    """INSERT INTO bot_chat (id, channel_id, external_id, name, username, language, speaker, epoch, extras,
                             created_at, updated_at)
       SELECT n, %(channel)s, (20000000 + n)::text, 'Анна ' || n, 'anna' || n, 'ru', 'bot', 0, '{}', now(), now()
       FROM generate_series(%(first)s, %(last)s) n""",
    """INSERT INTO crm_customer (id, name, phone, phone_extension, email, language, segment, score, tags, source, utm,
                                 created_at, updated_at)
       SELECT n, 'Анна ' || n, '+7916' || lpad(n::text, 7, '0'), '', '', 'ru', '', 0, '[]', 'Bench', '{}', now(), now()
       FROM generate_series(%(first)s, %(last)s) n""",
    "INSERT INTO crm_customerchat (customer_id, chat_id) SELECT n, n FROM generate_series(%(first)s, %(last)s) n",
    """INSERT INTO crm_lead (id, customer_id, chat_id, status, reason, title, summary, source, product, language, utm,
                             created_at, updated_at)
       SELECT n, n, n, 'in_bot', '', 'Bench: Анна', '', 'Bench', '', 'ru', '{}', now() - n * interval '1 second', now()
       FROM generate_series(%(first)s, %(last)s) n""",
    """INSERT INTO dialogs_conversation (chat_id, version_id, customer_id, lead_id, step, state, outcome, started_at, updated_at)
       SELECT n, %(version)s, n, n, 'menu', %(state)s, '', now(), now() FROM generate_series(%(first)s, %(last)s) n""",
    """INSERT INTO bot_inboxevent (channel_id, chat_id, external_id, kind, payload, request_id, received_at, ready_at, handled_at)
       SELECT %(channel)s, n, 'past:' || n || ':' || m, 'text', '{"message": {"text": "Здравствуйте"}}', '', now(), now(), now()
       FROM generate_series(%(first)s, %(last)s) n, generate_series(1, %(half)s) m""",
    """INSERT INTO bot_message (chat_id, channel_id, role, text, extras, dedupe_key, status, epoch, request_id, external_id,
                                send_after, attempts, error, created_at, sent_at)
       SELECT n, %(channel)s, CASE m %% 2 WHEN 0 THEN 'bot' ELSE 'user' END, 'Сообщение номер ' || m, '{}',
              CASE m %% 2 WHEN 0 THEN 'past:' || n || ':' || m END, CASE m %% 2 WHEN 0 THEN 'sent' ELSE 'received' END,
              0, '', m::text, now(), 0, '', now() - (%(messages)s - m) * interval '1 minute', now()
       FROM generate_series(%(first)s, %(last)s) n, generate_series(1, %(messages)s) m""",
)
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
                    "half": MESSAGES // 2,
                }
                for statement in FILL:
                    cursor.execute(statement, values)
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
