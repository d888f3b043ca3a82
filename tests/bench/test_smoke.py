"""The harness itself, in a few seconds: it measures, counts rows, and would notice a repeat that became a second row."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.bench import ingest
from tests.bench.__main__ import written
from tests.bench.botapi import CHAT
from tests.bench.people import MESSAGES, _script
from tests.bench.rivals.records import TABLES
from tests.bench.services import Ground
from tests.bench.table import Table

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as made:
        with psycopg.connect(made.postgres.url(), autocommit=True) as database:
            database.execute(TABLES)
        yield made


def test_a_webhook_sent_twice_is_one_row_for_us_and_for_a_rival() -> None:
    table = ingest.measure(seconds=0.5, rounds=1, processes=(1,), doors=(ingest.OURS, ingest.AIOGRAM))
    assert [row[0] for row in table.rows] == ["**Otklik**", "aiogram 3, aiohttp + uvloop"]
    assert "every accepted update is one row" in table.notes[0]


def test_a_row_too_many_ends_the_run(ground: Ground) -> None:
    with psycopg.connect(ground.postgres.url(), autocommit=True) as database:
        database.execute("INSERT INTO rival_update (update_id, chat_id, payload) VALUES (1, 1, '{}'), (2, 1, '{}')")
    with pytest.raises(RuntimeError, match="1 different updates were accepted, 2 rows are stored"):
        ingest._insist(ground, ingest.AIOGRAM, 1)


def test_everybody_writes_a_few_messages_and_makes_room_for_the_next() -> None:
    script = list(_script(10, 20, 1))
    by_person: dict[int, int] = {}
    for _number, user, _body in script:
        by_person[user] = by_person.get(user, 0) + 1
    assert set(by_person.values()) == {MESSAGES}
    assert len(script) == 200


@pytest.mark.parametrize(
    "call", [b'{"text":"a","chat_id":"42"}', b"text=a&chat_id=42", b'name="chat_id"\r\n\r\n42\r\n', b'{"chat_id": 42}']
)
def test_the_stub_finds_the_chat_however_a_library_writes_it(call: bytes) -> None:
    found = CHAT.search(call)
    assert found is not None
    assert found[1] == b"42"


def test_a_table_reads_well_as_text_and_as_markdown() -> None:
    table = Table("Title", ["Door", "n"], notes=["a note"])
    table.add("one", 1)
    assert table.markdown() == "### Title\n\n| Door | n |\n|------|---|\n| one  | 1 |\n\n- a note\n"


def test_a_table_takes_its_place_in_the_documentation_and_leaves_the_rest() -> None:
    before = "a\n<!-- bench x -->\nold\n<!-- /bench x -->\nb"
    after = written(before, "x", "new")
    assert after.startswith("a\n<!-- bench x -->\nnew\n*")
    assert after.endswith("*\n<!-- /bench x -->\nb")
    with pytest.raises(SystemExit):
        written(before, "y", "new")
