"""The Telegram adapter against the emulated Bot API by real HTTP: what people see, and what each refusal becomes."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from bot.channels.base import Address, Receipt
from bot.channels.telegram import TelegramAdapter, transport
from bot.errors import (
    ChannelDown,
    ChatMoved,
    MessageRejected,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    RecipientGone,
    SendError,
)
from bot.messages import Button, EventKind, Incoming, Media, Outgoing
from tests.emulators.telegram import Clock, Fault, FaultKind, Limits, TelegramServer

TOKEN = "424242:TEST-token-for-fixtures"
ANNA = 777


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(clock=Clock(start=1_800_000_000, frozen=True)) as server:
        server.user_says(TOKEN, ANNA, "/start", first_name="Анна")
        yield server


def address(telegram: TelegramServer, chat_id: int = ANNA, **credentials: str) -> Address:
    """Return where to write to a person of the emulator."""
    return Address(
        channel_id=1,
        chat_id=1,
        external_id=str(chat_id),
        api_url=telegram.url,
        credentials={"token": TOKEN, **credentials},
        options={},
        extras={},
    )


def run(act: Callable[[TelegramAdapter], Awaitable[Any]]) -> Any:
    """Act with a fresh adapter in a loop of its own and close its clients."""

    async def whole() -> Any:
        adapter = TelegramAdapter()
        try:
            return await act(adapter)
        finally:
            await adapter.aclose()

    return asyncio.run(whole())


def send(to: Address, message: Outgoing) -> Receipt:
    """Send one message."""
    receipt: Receipt = run(lambda adapter: adapter.send(to, message, key="1"))
    return receipt


def test_words_and_buttons_arrive_exactly_as_written(telegram: TelegramServer) -> None:
    rows = (
        (Button("Да", data="b:3fa9"), Button("Нет", data="b:0")),
        (Button("Сайт", url="https://example.ru/a?b=1&c=2"),),
    )
    receipt = send(address(telegram), Outgoing("1 < 2 & <b>не жирный</b> _и не_ *курсив*", rows))
    [seen] = telegram.said(TOKEN, ANNA)
    assert seen.text == "1 < 2 & <b>не жирный</b> _и не_ *курсив*"
    assert [[button["text"] for button in row] for row in seen.buttons] == [["Да", "Нет"], ["Сайт"]]
    assert telegram.presses(TOKEN, ANNA, seen.id, "Нет")["callback_query"]["data"] == "b:0"
    assert receipt == Receipt(str(seen.id))


def test_a_page_of_ours_opens_inside_telegram(telegram: TelegramServer) -> None:
    page = "https://bot.example/shop/1/"
    send(address(telegram), Outgoing("Меню", ((Button("Открыть меню", web_app=page),),)))
    assert telegram.said(TOKEN, ANNA)[0].buttons == (({"text": "Открыть меню", "web_app": {"url": page}},),)
    beside_the_phone = ((Button("Мой номер", ask="contact"), Button("Меню", web_app=page)),)
    send(address(telegram), Outgoing("Ваш номер?", beside_the_phone))
    assert telegram.said(TOKEN, ANNA)[1].text == f"Ваш номер?\nМеню: {page}"


def test_asking_the_phone_makes_every_choice_a_key_and_every_page_a_line(telegram: TelegramServer) -> None:
    rows = (
        (Button("Поделиться номером", ask="contact"),),
        (Button("Позже", data="later"), Button("Сайт", url="https://a.ru")),
    )
    send(address(telegram), Outgoing("Ваш номер?", rows))
    keys = telegram.keyboard(TOKEN, ANNA)
    assert [[key["text"] for key in row] for row in keys] == [["Поделиться номером"], ["Позже"]]
    assert keys[0][0]["request_contact"] is True
    assert telegram.said(TOKEN, ANNA)[0].text == "Ваш номер?\nСайт: https://a.ru"
    send(address(telegram), Outgoing("Спасибо", hide_keyboard=True))
    assert telegram.keyboard(TOKEN, ANNA) == []


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "audio", "animation", "sticker", "video_note"])
def test_a_file_is_sent_by_its_reference(telegram: TelegramServer, kind: str) -> None:
    body = telegram.sends_file(TOKEN, ANNA, kind, b"data")["message"][kind]
    ref = body[-1]["file_id"] if kind == "photo" else body["file_id"]
    text = "" if kind in {"sticker", "video_note"} else "Вот"
    send(address(telegram), Outgoing(text, ((Button("Ок", data="ok"),),), (Media(kind, ref),)))
    [seen] = telegram.said(TOKEN, ANNA)
    assert (seen.kind, seen.text, seen.labels) == (kind, text, ["Ок"])


def test_a_place_is_sent_by_its_coordinates(telegram: TelegramServer) -> None:
    send(address(telegram), Outgoing("", media=(Media("location", "55.75,37.61"),)))
    assert telegram.said(TOKEN, ANNA)[0].content["location"] == {"latitude": 55.75, "longitude": 37.61}


@pytest.mark.parametrize(
    "message",
    [
        Outgoing("я" * 1025, media=(Media("photo", "https://a.ru/a.png"),)),
        Outgoing("подпись", media=(Media("sticker", "x"),)),
        Outgoing("", media=(Media("photo", "https://a.ru/a.png"), Media("photo", "https://a.ru/b.png"))),
        Outgoing("", media=(Media("hologram", "x"),)),
        Outgoing("я" * 4097),
        Outgoing(""),
        Outgoing("x", ((Button("Да", data="я" * 33),),)),
    ],
)
def test_what_does_not_fit_one_request_is_rejected_and_nothing_is_said(
    telegram: TelegramServer, message: Outgoing
) -> None:
    with pytest.raises(MessageRejected):
        send(address(telegram), message)
    assert telegram.said(TOKEN, ANNA) == []


def test_who_blocked_us_or_is_gone_is_gone_for_good(telegram: TelegramServer) -> None:
    telegram.blocks(TOKEN, ANNA)
    for person in (ANNA, 5):
        with pytest.raises(RecipientGone):
            send(address(telegram, person), Outgoing("x"))


def test_a_moved_group_tells_its_new_address(telegram: TelegramServer) -> None:
    telegram.add_group(TOKEN, -500)
    new_id = telegram.migrates(TOKEN, -500)
    with pytest.raises(ChatMoved) as caught:
        send(address(telegram, -500), Outgoing("x"))
    assert caught.value.new_external_id == str(new_id)
    assert send(address(telegram, new_id), Outgoing("x")).external_id


def test_a_flood_is_answered_with_the_pause_telegram_asks_for() -> None:
    with TelegramServer(clock=Clock(frozen=True), limits=Limits(enabled=True, chat_burst=1)) as telegram:
        telegram.user_says(TOKEN, ANNA, "/start")
        send(address(telegram), Outgoing("раз"))
        with pytest.raises(RateLimited) as caught:
            send(address(telegram), Outgoing("два"))
    assert (caught.value.retry_after, caught.value.whole_channel) == (1.0, True)


def test_a_revoked_token_stops_the_channel_and_is_not_told(telegram: TelegramServer) -> None:
    telegram.revoke(TOKEN)
    with pytest.raises(ChannelDown) as caught:
        send(address(telegram), Outgoing("x"))
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (
            Fault(FaultKind.STATUS, body={"ok": False, "error_code": 500, "description": "Internal Server Error"}),
            OutcomeUnknown,
        ),
        (Fault(FaultKind.HTML, status=502), OutcomeUnknown),
        (Fault(FaultKind.HTML, status=200), OutcomeUnknown),
        (Fault(FaultKind.DROP), OutcomeUnknown),
        (Fault(FaultKind.ACT_THEN_DROP), OutcomeUnknown),
        (Fault(FaultKind.HTML, status=403), ChannelDown),
        (Fault(FaultKind.REDIRECT, location="http://blocked.example/"), ChannelDown),
    ],
    ids=["500", "502 page", "200 page", "dropped", "acted then dropped", "403 page", "redirect"],
)
def test_troubles_on_the_road(telegram: TelegramServer, fault: Fault, error: type[SendError]) -> None:
    telegram.faults.order(fault)
    with pytest.raises(error) as caught:
        send(address(telegram), Outgoing("x"))
    assert type(caught.value) is error
    assert TOKEN not in str(caught.value)


def test_a_silent_server_leaves_the_outcome_unknown(telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.1)
    telegram.faults.order(Fault(FaultKind.DELAY, seconds=0.5))
    with pytest.raises(OutcomeUnknown):
        send(address(telegram), Outgoing("сказано"))
    assert len(telegram.said(TOKEN, ANNA)) == 1


def test_without_a_connection_nothing_was_sent(telegram: TelegramServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
    to = address(telegram)
    with pytest.raises(NotSent):
        send(Address(1, 1, to.external_id, nowhere, to.credentials, {}, {}), Outgoing("x"))
    with pytest.raises(NotSent):
        send(address(telegram, proxy=nowhere), Outgoing("x"))


def test_a_proxy_is_used_when_the_channel_has_one(telegram: TelegramServer) -> None:
    to = address(telegram, proxy=telegram.url)  # the emulator understands the absolute address a proxy is asked for
    away = Address(1, 1, to.external_id, "http://api.telegram.invalid", to.credentials, {}, {})
    assert send(away, Outgoing("через прокси")).external_id
    assert telegram.said(TOKEN, ANNA)[0].text == "через прокси"


def test_a_press_is_acknowledged_and_a_late_one_does_no_harm(telegram: TelegramServer) -> None:
    press = telegram.presses(TOKEN, ANNA, 1, "y", forged=True)["callback_query"]
    incoming = Incoming(EventKind.PRESS, extra={"callback_id": press["id"]})
    run(lambda adapter: adapter.acknowledge(address(telegram), incoming))
    assert telegram.toasts(TOKEN, ANNA) == [{"text": "", "show_alert": False, "url": ""}]
    telegram.clock.advance(100)
    run(lambda adapter: adapter.acknowledge(address(telegram), incoming))
    run(lambda adapter: adapter.acknowledge(address(telegram), Incoming(EventKind.TEXT)))
    assert [call.status for call in telegram.calls_of("answerCallbackQuery")] == [200, 400]


def test_typing_is_shown_and_its_failure_does_no_harm(telegram: TelegramServer) -> None:
    run(lambda adapter: adapter.show_typing(address(telegram)))
    assert telegram.chat(TOKEN, ANNA)[1].action == "typing"
    telegram.blocks(TOKEN, ANNA)
    run(lambda adapter: adapter.show_typing(address(telegram)))


def test_many_messages_fly_at_once_over_kept_connections(telegram: TelegramServer) -> None:
    people = range(1000, 1100)
    for person in people:
        telegram.user_says(TOKEN, person, "/start")

    async def burst(adapter: TelegramAdapter) -> None:
        sends = (adapter.send(address(telegram, person), Outgoing("Привет"), key="1") for person in people)
        await asyncio.gather(*sends)

    run(burst)
    assert all(len(telegram.said(TOKEN, person)) == 1 for person in people)
