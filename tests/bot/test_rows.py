"""Many rows in one statement: what comes out of the table is what a save would have put there."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from bot.models import Channel, Chat, Message
from bot.rows import insert

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat() -> Chat:
    channel = Channel.objects.create(kind="telegram", title="Бот")
    return Chat.objects.create(channel=channel, external_id="1")


def message(chat: Chat, text: str, **more: object) -> Message:
    now = timezone.now()
    return Message(chat=chat, channel_id=chat.channel_id, text=text, send_after=now, created_at=now, **more)


def test_rows_are_written_as_a_save_would_write_them(chat: Chat) -> None:
    told = message(chat, "Привет «мир» 👋\nещё", role=Message.Role.BOT, extras={"buttons": [[{"text": "Да"}]]}, epoch=3)
    saved = message(chat, told.text, role=told.role, extras=told.extras, epoch=3)
    saved.created_at = saved.send_after = told.created_at
    saved.save()
    insert([told])
    values = [field.attname for field in Message._meta.concrete_fields if not field.primary_key]
    first, second = Message.objects.order_by("id").values(*values)
    assert first == second
    assert isinstance(second["created_at"], dt.datetime)


def test_the_keys_follow_the_order_of_the_rows(chat: Chat) -> None:
    insert([message(chat, str(number)) for number in range(50)])
    assert list(Message.objects.order_by("id").values_list("text", flat=True)) == [str(n) for n in range(50)]


def test_a_key_said_before_is_refused_and_nothing_is_written(chat: Chat) -> None:
    insert([message(chat, "a", dedupe_key="e1:0")])
    with pytest.raises(IntegrityError):
        insert([message(chat, "b"), message(chat, "c", dedupe_key="e1:0")])


def test_what_postgresql_cannot_hold_is_left_out(chat: Chat) -> None:
    insert([message(chat, "a\x00b")])
    assert Message.objects.get().text == "ab"


def test_no_rows_are_no_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        insert([])
