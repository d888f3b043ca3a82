"""What a visitor sees after a reload: both sides in order, only their own, nothing that was never said."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bot.delivery import Drain
from bot.messages import Button, EventKind, Media, Outgoing
from bot.models import Channel, Chat, InboxEvent, Message
from bot.outbox import say, take_over
from bot.webchat import history
from tests.bot.webchat.visitor import Visitor


def chat_of(visitor: Visitor) -> Chat:
    return Chat.objects.get(external_id=visitor.external_id)


def answer(visitor: Visitor, text: str, **more: Any) -> Message:
    """Say something to the visitor and deliver it as the worker does."""
    row = say(chat_of(visitor), Outgoing(text, **more))
    assert row is not None
    Drain(linger=0).run()
    return row


@pytest.mark.django_db(transaction=True)
def test_both_sides_in_the_order_of_time(visitor: Visitor) -> None:
    visitor.say("Здравствуйте", "1")
    row = answer(visitor, "Добрый день!", buttons=((Button("Цены", data="p"), Button("Телефон", ask="contact")),))
    visitor.say("Сколько стоит?", "2")
    items = visitor.history()
    assert [(item["role"], item["text"]) for item in items] == [
        ("user", "Здравствуйте"),
        ("bot", "Добрый день!"),
        ("user", "Сколько стоит?"),
    ]
    assert items[1]["id"] == f"m{row.pk}"
    assert items[1]["buttons"] == [[{"text": "Цены", "data": "p"}, {"text": "Телефон", "ask": "contact"}]]
    row.refresh_from_db()
    assert row.status == Message.Status.SENT


@pytest.mark.django_db(transaction=True)
def test_a_manager_is_told_from_the_bot(visitor: Visitor) -> None:
    visitor.say("Позовите человека")
    say(chat_of(visitor), Outgoing("Я Ольга, слушаю вас"), role=Message.Role.MANAGER)
    Drain(linger=0).run()
    assert visitor.history()[-1]["role"] == "manager"


@pytest.mark.django_db(transaction=True)
def test_what_was_canceled_or_still_waits_is_not_shown(visitor: Visitor) -> None:
    visitor.say("Здравствуйте")
    chat = chat_of(visitor)
    say(chat, Outgoing("не успел"))
    assert [item["role"] for item in visitor.history()] == ["user"]
    take_over(chat.pk)
    Drain(linger=0).run()
    assert [item["role"] for item in visitor.history()] == ["user"]


@pytest.mark.django_db(transaction=True)
def test_events_of_our_own_rooms_are_not_part_of_the_talk(visitor: Visitor) -> None:
    visitor.post("messages", {"id": "start", "kind": "start"})
    InboxEvent.objects.create(
        channel=visitor.channel, chat=chat_of(visitor), external_id="t:1", kind=EventKind.TIMER, payload={"secret": 1}
    )
    assert visitor.history() == []


@pytest.mark.django_db(transaction=True)
def test_a_page_goes_on_after_its_cursor(visitor: Visitor) -> None:
    visitor.say("старое", "1")
    InboxEvent.objects.update(received_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    cursor = visitor.get("messages").json()["cursor"]
    InboxEvent.objects.update(received_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC) - dt.timedelta(minutes=1))
    visitor.say("новое", "2")
    assert [item["text"] for item in visitor.history(after=cursor)] == ["новое"]
    assert visitor.get("messages", after="9" * 16).json() == {"items": [], "cursor": "9" * 16, "has_earlier": False}


@pytest.mark.django_db(transaction=True)
def test_a_page_begins_a_little_before_its_cursor_for_rows_that_commit_late(visitor: Visitor) -> None:
    visitor.say("первое", "1")
    cursor = int(visitor.get("messages").json()["cursor"]) + history.OVERLAP // 2
    assert [item["text"] for item in visitor.history(after=cursor)] == ["первое"]


@pytest.mark.django_db(transaction=True)
def test_a_long_talk_comes_in_pages(visitor: Visitor) -> None:
    visitor.say("0", "0")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO bot_message (chat_id, channel_id, role, text, extras, status, epoch, request_id, external_id,
                                        send_after, attempts, error, created_at, sent_at)
               SELECT c.id, c.channel_id, 'bot', n::text, '{}', 'sent', 0, '', '', now(), 1, '', now(),
                      now() + make_interval(secs => n) FROM bot_chat c, generate_series(1, 150) n"""
        )
    newest = visitor.get("messages").json()
    assert (len(newest["items"]), newest["items"][-1]["text"], newest["has_earlier"]) == (100, "150", True)
    earlier = visitor.get("messages", before=newest["items"][0]["cursor"]).json()
    assert [item["text"] for item in earlier["items"]] == [str(n) for n in range(51)]
    assert earlier["has_earlier"] is False


@pytest.mark.django_db(transaction=True)
def test_files_are_shown_only_where_a_browser_can_open_them(visitor: Visitor) -> None:
    visitor.say("фото?")
    answer(visitor, "вот", media=(Media("photo", "https://cdn.example/1.jpg"),))
    answer(visitor, "ой", media=(Media("photo", "javascript:alert(1)"),))
    assert [(item["text"], item["media"][0]["url"]) for item in visitor.history()[1:]] == [
        ("вот", "https://cdn.example/1.jpg"),
        ("ой", ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "-1", "1" * 17, "1.5", "²"])
def test_a_cursor_we_did_not_give_is_refused(visitor: Visitor, cursor: str) -> None:
    assert visitor.get("messages", after=cursor).json()["error"]["code"] == "bad_cursor"


@pytest.mark.django_db
def test_after_and_before_together_make_no_sense(visitor: Visitor) -> None:
    assert visitor.get("messages", after="1", before="2").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_stranger_sees_nothing_of_it(visitor: Visitor, site: Channel, client: Client) -> None:
    visitor.say("мой телефон 9161234567")
    answer(visitor, "Спасибо")
    assert Visitor(client, site).history() == []


@pytest.mark.django_db(transaction=True)
def test_while_the_visitor_types_on_their_words_wait_but_not_for_ever(visitor: Visitor) -> None:
    visitor.say("Здравствуйте")
    before = InboxEvent.objects.get()
    assert visitor.post("typing", {}).status_code == 204
    after = InboxEvent.objects.get()
    assert after.ready_at > before.ready_at
    InboxEvent.objects.update(received_at=before.received_at - dt.timedelta(seconds=60))
    visitor.post("typing", {})
    assert InboxEvent.objects.get().ready_at == after.ready_at
