"""Recorded updates, one file per event, and what we make of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram import TelegramAdapter
from bot.errors import BadPayload
from bot.messages import EventKind, Incoming, Media, Person

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
ANNA = Person("Анна Петрова", "anna_p", "ru")
adapter = TelegramAdapter()


def recorded(name: str) -> dict[str, Any]:
    """Return one recorded update."""
    update: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return update


def heard(name: str) -> Incoming:
    """Open and parse one recorded update that makes exactly one event."""
    [envelope] = adapter.open(recorded(name))
    assert envelope.external_id == str(recorded(name)["update_id"])
    incoming = adapter.parse(envelope.kind, envelope.payload)
    assert incoming.kind is envelope.kind
    assert incoming.person == ANNA == envelope.person
    return incoming


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("text", EventKind.TEXT, {"text": "Здравствуйте! Сколько стоит курс?"}),
        ("start", EventKind.START, {"text": "/start ref_8f2", "data": "ref_8f2"}),
        ("start_without_payload", EventKind.START, {"text": "/start", "data": ""}),
        ("contact_own", EventKind.CONTACT, {"phone": "79990001122", "own_contact": True}),
        ("contact_foreign", EventKind.CONTACT, {"phone": "79990003344", "own_contact": False}),
        ("contact_of_another_user", EventKind.CONTACT, {"phone": "79990005566", "own_contact": False}),
        ("photo_with_caption", EventKind.TEXT, {"text": "мой номер 8 999 000-11-22"}),
        ("edited", EventKind.EDITED, {"text": "+7 999 000-11-22"}),
        ("blocked", EventKind.BLOCKED, {}),
        ("unblocked", EventKind.UNBLOCKED, {}),
        ("service_message", EventKind.IGNORED, {}),
        ("press", EventKind.PRESS, {"data": "b:3fa9"}),
        ("press_under_a_deleted_message", EventKind.PRESS, {"data": "b:3fa9"}),
        ("press_without_a_message", EventKind.PRESS, {"data": "b:3fa9"}),
    ],
)
def test_each_recorded_event_is_understood(name: str, kind: EventKind, fields: dict[str, Any]) -> None:
    incoming = heard(name)
    assert incoming.kind is kind
    assert {field: getattr(incoming, field) for field in fields} == fields


@pytest.mark.parametrize(
    ("name", "kind", "file_name"),
    [
        ("photo", "photo", ""),
        ("document", "document", "план.pdf"),
        ("voice", "voice", ""),
        ("sticker", "sticker", ""),
        ("dice", "dice", ""),
    ],
)
def test_files_are_kept_as_references(name: str, kind: str, file_name: str) -> None:
    incoming = heard(name)
    assert incoming.kind is EventKind.MEDIA
    [media] = incoming.media
    assert (media.kind, media.name) == (kind, file_name)
    assert bool(media.ref) is (kind != "dice")


def test_of_a_photo_the_largest_size_is_kept() -> None:
    sizes = recorded("photo")["message"]["photo"]
    assert heard("photo").media == (Media("photo", sizes[-1]["file_id"], "", sizes[-1]["file_size"]),)


def test_a_place_is_a_reference_too() -> None:
    assert heard("location").media == (Media("location", "55.751244,37.618423"),)


def test_a_press_brings_what_is_needed_to_answer_it() -> None:
    incoming = heard("press")
    assert incoming.extra == {"callback_id": recorded("press")["callback_query"]["id"], "from_id": 777}
    assert incoming.external_message_id == str(recorded("press")["callback_query"]["message"]["message_id"])
    assert heard("press_without_a_message").external_message_id == ""


@pytest.mark.parametrize("name", ["press", "press_without_a_message", "text", "blocked"])
def test_the_chat_is_found_wherever_it_stands(name: str) -> None:
    [envelope] = adapter.open(recorded(name))
    assert envelope.chat_external_id == "777"


def test_a_group_is_not_a_dialogue_but_a_button_pressed_there_counts() -> None:
    assert adapter.open(recorded("group_text")) == []
    [press] = adapter.open(recorded("group_press"))
    assert (press.chat_external_id, adapter.parse(press.kind, press.payload).data) == ("-500", "take:1")
    assert press.person.name == "Отдел продаж", "the chat has the group's name, not the name of who pressed first"


def test_in_a_group_a_command_is_heard_and_so_is_who_put_the_bot_in() -> None:
    here = recorded("group_text")
    here["message"]["text"] = "/here@okna_bot"
    [envelope] = adapter.open(here)
    assert adapter.parse(envelope.kind, envelope.payload).extra == {"from_id": 777}
    put_in = recorded("unblocked")
    put_in["my_chat_member"]["chat"] = here["message"]["chat"]
    [envelope] = adapter.open(put_in)
    assert (envelope.kind, envelope.chat_external_id) == (EventKind.UNBLOCKED, "-500")
    assert adapter.parse(envelope.kind, envelope.payload).extra == {"from_id": 777}


def test_an_answer_to_a_message_tells_to_which() -> None:
    reply = recorded("text")
    reply["message"]["reply_to_message"] = {"message_id": 4}
    [envelope] = adapter.open(reply)
    assert adapter.parse(envelope.kind, envelope.payload).extra == {"reply_to": "4"}


def test_an_update_of_a_kind_we_do_not_know_is_passed_over() -> None:
    assert adapter.open(recorded("unknown_update")) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"update_id": "7"},
        {"update_id": True},
        {"update_id": 1, "message": {}},
        {"update_id": 1, "message": {"chat": 5}},
    ],
)
def test_what_is_no_update_is_a_bad_payload(body: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        adapter.open(body)


@pytest.mark.parametrize(
    "payload", [{}, {"message": {}}, {"message": "x"}, {"message": {"message_id": 1, "photo": []}}]
)
def test_a_stored_payload_that_cannot_be_read_is_a_bad_payload(payload: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        adapter.parse(EventKind.TEXT, payload)


@pytest.mark.parametrize(
    ("text", "kind", "data"),
    [
        ("/start@my_bot ref", EventKind.START, "ref"),
        ("/starting", EventKind.TEXT, ""),
        ("хочу /start", EventKind.TEXT, ""),
        ("/stop", EventKind.TEXT, ""),
    ],
)
def test_only_the_start_command_starts(text: str, kind: EventKind, data: str) -> None:
    update = recorded("text")
    update["message"]["text"] = text
    [envelope] = adapter.open(update)
    assert (envelope.kind, adapter.parse(envelope.kind, update).data) == (kind, data)
