"""The inbox: one row per event, in the order of arrival, whatever the text is made of."""

import pytest
from django.db import connection

from bot.inbox import STORE_SQL, Arrival, put, store, store_params, to_jsonb
from bot.messages import Envelope, EventKind, Person
from bot.models import Channel, Chat, InboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> Channel:
    return Channel.objects.create(kind="telegram", title="t")


def arrival(channel: Channel, number: str, chat: str = "7", **changes: object) -> Arrival:
    values = {"kind": EventKind.TEXT, "payload": {"n": number}, "person": Person("Анна", "anna", "ru"), **changes}
    return Arrival(channel.pk, Envelope(external_id=number, chat_external_id=chat, **values))  # type: ignore[arg-type]


def test_events_become_rows_and_a_new_chat_takes_the_name_of_its_first_event(channel: Channel) -> None:
    assert store([arrival(channel, "2"), arrival(channel, "1", person=Person("Other"))]) == 2
    chat = Chat.objects.get()
    assert (chat.external_id, chat.name, chat.username, chat.language) == ("7", "Анна", "anna", "ru")
    assert list(InboxEvent.objects.order_by("id").values_list("external_id", flat=True)) == ["2", "1"]


def test_the_same_event_is_one_row_in_one_call_and_in_the_next(channel: Channel) -> None:
    assert store([arrival(channel, "1"), arrival(channel, "1"), arrival(channel, "1")]) == 1
    assert store([arrival(channel, "1"), arrival(channel, "2")]) == 1
    assert InboxEvent.objects.count() == 2


def test_the_same_id_in_another_channel_is_another_event(channel: Channel) -> None:
    other = Channel.objects.create(kind="webchat", title="w")
    assert store([arrival(channel, "1"), arrival(other, "1")]) == 2


def test_words_wait_for_company_and_a_press_does_not(channel: Channel) -> None:
    store([arrival(channel, "1"), arrival(channel, "2", kind=EventKind.PRESS)], window=1.5)
    text, press = InboxEvent.objects.order_by("id")
    assert (text.ready_at - press.ready_at).total_seconds() == 1.5
    assert press.ready_at <= press.received_at


def test_our_own_rooms_tell_a_chat_once(channel: Channel) -> None:
    chat = Chat.objects.create(channel=channel, external_id="7")
    assert put(chat, EventKind.TIMER, external_id="timer:1", payload={"name": "timeout"})
    assert not put(chat, EventKind.TIMER, external_id="timer:1", payload={"name": "timeout"})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "ab"),
        ("half \ud83d a pair", "half ? a pair"),
        ("both \ud83d \x00", "both ? "),
        ("written \\u0000", "written \\u0000"),
        ("emoji 👍🏽", "emoji 👍🏽"),
    ],
)
def test_text_that_postgres_cannot_hold_is_mended(channel: Channel, text: str, kept: str) -> None:
    store([arrival(channel, "1", payload={"text": text, text: 2**70}, person=Person(name=text))])
    payload = InboxEvent.objects.get().payload
    assert payload == {"text": kept, kept: 2**70}
    assert Chat.objects.get().name == kept


def test_json_keeps_its_types() -> None:
    assert to_jsonb({"a": [1, None, True, 1.5], "kind": EventKind.TEXT}) == '{"a":[1,null,true,1.5],"kind":"text"}'


def test_a_known_chat_is_found_by_its_index_however_many_there_are(channel: Channel) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO bot_chat (channel_id, external_id, name, username, language, speaker, epoch, extras,
                                     created_at, updated_at)
               SELECT %s, n::text, '', '', '', 'bot', 0, '{}', now(), now() FROM generate_series(1, 5000) n""",
            [channel.pk],
        )
        cursor.execute("ANALYZE bot_chat")
        cursor.execute("EXPLAIN " + STORE_SQL, store_params([arrival(channel, "1", chat="77")], window=0))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on bot_chat" not in plan
