"""What a visitor posts: stored once, refused with a reason, never somebody else's."""

from typing import Any

import pytest
from django.test import Client

from bot.channels.webchat import WebchatAdapter
from bot.messages import EventKind
from bot.models import Channel, Chat, InboxEvent
from bot.webchat import admission
from tests.bot.webchat.visitor import ORIGIN, Visitor

pytestmark = pytest.mark.django_db


def test_a_message_becomes_one_unread_event_of_the_visitors_chat(visitor: Visitor) -> None:
    answer = visitor.say("Сколько стоит окно?")
    assert answer.status_code == 201
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    event = InboxEvent.objects.select_related("chat").get()
    assert (event.kind, event.payload["text"]) == ("text", "Сколько стоит окно?")
    assert event.chat.external_id == visitor.external_id
    assert answer.json()["item"]["id"] == "uc1"
    assert event.request_id == answer["X-Request-ID"]  # one thread through the logs, from the door to the delivery


def test_the_same_message_posted_twice_is_one_row(visitor: Visitor) -> None:
    assert visitor.say("раз", "same").status_code == 201
    again = visitor.say("раз", "same")
    assert again.status_code == 200
    assert again.json()["is_new"] is False
    assert again.json()["item"]["text"] == "раз"
    assert InboxEvent.objects.count() == 1


def test_two_visitors_may_choose_the_same_id(site: Channel, client: Client) -> None:
    anna, boris = Visitor(client, site), Visitor(client, site)
    assert anna.say("я Анна", "1").status_code == 201
    assert boris.say("я Борис", "1").status_code == 201
    assert [item["text"] for item in boris.history()] == ["я Борис"]


def test_a_press_a_phone_and_a_start_are_read_by_the_adapter(visitor: Visitor) -> None:
    page = {
        "url": "https://okna.example/?utm_source=ya",
        "referrer": "https://ya.ru/",
        "utm": {"source": "ya", "x": "y"},
    }
    visitor.post("messages", {"id": "start", "kind": "start", "data": "promo", "page": page, "lang": "ru"})
    visitor.post("messages", {"id": "p", "kind": "press", "data": "buy", "text": "Купить", "message": "m1"})
    visitor.post(
        "messages", {"id": "n", "kind": "contact", "phone": "+7 916 123-45-67", "consent": True, "consent_text": "Да"}
    )
    start, press, contact = [
        WebchatAdapter().parse(event.kind, event.payload) for event in InboxEvent.objects.order_by("pk")
    ]
    assert (start.kind, start.data, start.extra["page"]["utm"]) == (EventKind.JOINED, "promo", {"source": "ya"})
    assert start.person.language == "ru"
    assert (press.kind, press.data, press.text) == (EventKind.PRESS, "buy", "Купить")
    assert (contact.phone, contact.own_contact) == ("+7 916 123-45-67", True)
    assert (contact.extra["consent"], contact.extra["consent_text"]) == (True, "Да")
    assert [item["text"] for item in visitor.history()] == ["Купить", "+7 916 123-45-67"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "bad_json"),
        (b"[]", "bad_json"),
        (b"\xff", "bad_json"),
        ({}, "bad_message"),
        ({"id": "a b", "text": "x"}, "bad_message"),
        ({"id": 7, "text": "x"}, "bad_message"),
        ({"id": "a" * 65, "text": "x"}, "bad_message"),
        ({"id": "a"}, "bad_message"),
        ({"id": "a", "text": " \n\u0000"}, "bad_message"),
        ({"id": "a", "text": 5}, "bad_message"),
        ({"id": "a", "text": "я" * 4001}, "bad_message"),
        (b'{"id": "a", "text": "\\ud800"}', "bad_json"),
        ({"id": "a", "kind": "operator", "text": "x"}, "bad_message"),
        ({"id": "a", "kind": ["text"], "text": "x"}, "bad_message"),
        ({"id": "a", "kind": "press"}, "bad_message"),
        ({"id": "a", "kind": "press", "data": "x" * 257}, "bad_message"),
        ({"id": "a", "kind": "contact", "phone": "+79161234567"}, "bad_message"),
        ({"id": "a", "kind": "contact", "phone": "+79161234567", "consent": "yes"}, "bad_message"),
        ({"id": "a", "kind": "contact", "phone": "позвоните", "consent": True}, "bad_message"),
        ({"id": "a", "kind": "contact", "phone": "+ () - .", "consent": True}, "bad_message"),
        ({"id": "a", "kind": "start", "page": "x"}, "bad_message"),
        ({"id": "a", "kind": "start", "page": {"utm": []}}, "bad_message"),
    ],
)
def test_bad_input_is_a_clear_400_and_stores_nothing(visitor: Visitor, body: Any, code: str) -> None:
    answer = visitor.post("messages", body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]
    assert not Chat.objects.exists()


def test_four_thousand_letters_fit_and_a_heap_does_not(visitor: Visitor) -> None:
    assert visitor.say("я" * 4000, "long").status_code == 201
    assert len(visitor.history()[0]["text"]) == 4000
    answer = visitor.post("messages", {"id": "heap", "text": "x" * 40_000})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert InboxEvent.objects.count() == 1


def test_a_nul_in_the_text_is_left_out(visitor: Visitor) -> None:
    assert visitor.say("а\u0000б").json()["item"]["text"] == "аб"


def test_without_our_token_nobody_posts_or_reads(visitor: Visitor, site: Channel) -> None:
    other = Channel.objects.create(kind="webchat", title="other", options={"origins": [ORIGIN], "public_key": "other"})
    foreign = Visitor(visitor.client, other).token
    for token in ("", "x", visitor.external_id, visitor.token[:-2] + "zz", foreign):
        assert visitor.post("messages", {"id": "a", "text": "x"}, token=token).status_code == 401
        assert visitor.get("messages", token=token).status_code == 401
    assert not Chat.objects.exists()


def test_a_session_stores_nothing_and_keeps_a_visitor_we_know(visitor: Visitor) -> None:
    again = visitor.post("session", {"token": visitor.token})
    assert (again.status_code, again.json()) == (201, {"token": visitor.token, "is_new": False})
    forged = visitor.post("session", {"token": "0" * 32 + ".forged"})
    assert forged.json()["is_new"] is True
    assert not Chat.objects.exists()


def test_too_many_messages_are_a_429_that_says_when(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(admission.PER_CHAT, "messages", (2, 60))
    assert [visitor.say("x", str(n)).status_code for n in range(3)] == [201, 201, 429]
    answer = visitor.say("x", "4")
    assert answer.json()["error"]["code"] == "too_often"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert InboxEvent.objects.count() == 2


def test_too_many_sessions_from_one_address_are_a_429(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(admission.PER_ADDRESS, "session", (1, 60))
    assert visitor.post("session", {}).status_code == 429
    assert visitor.post("session", {}, REMOTE_ADDR="10.0.0.9").status_code == 201
