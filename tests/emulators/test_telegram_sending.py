"""The emulated Bot API as python-telegram-bot sees it: saying, changing, deleting, and being refused."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.emulators.telegram import Clock, Fault, FaultKind, Limits, TelegramServer

TOKEN = "424242:TEST-token-for-fixtures"
ANNA = 777


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(clock=Clock(start=1_800_000_000, frozen=True)) as server:
        server.user_says(TOKEN, ANNA, "/start", first_name="Анна")
        yield server


def with_bot(telegram: TelegramServer, act: Callable[[Bot], Awaitable[Any]], token: str = TOKEN) -> Any:
    """Open a real python-telegram-bot `Bot`, act, close it."""

    async def run() -> Any:
        async with Bot(token, base_url=telegram.base_url, base_file_url=f"{telegram.url}/file/bot") as bot:
            return await act(bot)

    return asyncio.run(run())


def call(telegram: TelegramServer, method: str, **params: Any) -> dict[str, Any]:
    """Call a method with a JSON body and return the whole answer."""
    answer: dict[str, Any] = httpx.post(f"{telegram.url}/bot{TOKEN}/{method}", json=params).json()
    return answer


def refusal(telegram: TelegramServer, method: str, **params: Any) -> str:
    """Call a method that must be refused with 400 and return the description."""
    response = httpx.post(f"{telegram.url}/bot{TOKEN}/{method}", json=params)
    assert response.status_code == 400
    assert response.json()["error_code"] == 400
    return str(response.json()["description"])


def test_a_bot_says_something_with_buttons_and_the_person_sees_it(telegram: TelegramServer) -> None:
    keys = InlineKeyboardMarkup(
        [[InlineKeyboardButton("Да", callback_data="y")], [InlineKeyboardButton("Сайт", url="https://a.ru")]]
    )
    sent = with_bot(
        telegram,
        lambda bot: bot.send_message(ANNA, "<b>Привет</b>, Анна &amp; Ко", parse_mode="HTML", reply_markup=keys),
    )
    [seen] = telegram.said(TOKEN, ANNA)
    assert (seen.text, seen.labels, seen.id) == ("Привет, Анна & Ко", ["Да", "Сайт"], sent.message_id)
    assert sent.entities[0].type == "bold"
    assert sent.chat.id == ANNA
    assert sent.date.timestamp() == 1_800_000_000


@pytest.mark.parametrize("body", ["query", "form", "multipart", "json"])
def test_every_kind_of_body_is_read(telegram: TelegramServer, body: str) -> None:
    url = f"{telegram.url}/bot{TOKEN}/sendMessage"
    nested = '{"inline_keyboard":[[{"text":"Да","callback_data":"y"}]]}'
    params = {"chat_id": str(ANNA), "text": "Привет", "reply_markup": nested}
    sent = {
        "query": lambda: httpx.get(url, params=params),
        "form": lambda: httpx.post(url, data=params),
        "multipart": lambda: httpx.post(url, data=params, files={"unused": b"x"}),
        "json": lambda: httpx.post(url, json=params),
    }[body]()
    assert sent.json()["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"


def test_methods_are_found_without_regard_to_case(telegram: TelegramServer) -> None:
    assert call(telegram, "GETME")["result"]["id"] == 424242


def test_an_unknown_method_and_broken_tokens_are_told_apart(telegram: TelegramServer) -> None:
    assert call(telegram, "sendNothing")["description"] == "Not Found: method not found"
    assert httpx.get(f"{telegram.url}/botnonsense/getMe").status_code == 401
    telegram.revoke(TOKEN)
    with pytest.raises(InvalidToken):
        with_bot(telegram, lambda bot: bot.get_me())
    assert with_bot(telegram, lambda bot: bot.get_me(), token="424242:NEW").id == 424242


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 1, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": ANNA, "text": "  \n"}, "Bad Request: message text is empty"),
        ({"chat_id": ANNA, "text": "я" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": ANNA, "text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"chat_id": ANNA, "text": "x", "parse_mode": "Wiki"}, "Bad Request: unsupported parse_mode"),
        (
            {"chat_id": ANNA, "text": "1 < 2", "parse_mode": "HTML"},
            'Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        (
            {"chat_id": ANNA, "text": "да <b>нет</i>", "parse_mode": "HTML"},
            'Bad Request: can\'t parse entities: Unmatched end tag at byte offset 14, expected "</b>", found "</i>"',
        ),
        (
            {"chat_id": ANNA, "text": "<b>нет", "parse_mode": "HTML"},
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
    ],
)
def test_a_wrong_message_is_refused_in_the_servers_words(
    telegram: TelegramServer, params: dict[str, Any], description: str
) -> None:
    assert refusal(telegram, "sendMessage", **params) == description
    assert telegram.said(TOKEN, ANNA) == []


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "Да", "callback_data": "я" * 33}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "Да"}, "Bad Request: can't parse inline keyboard button: text buttons are unallowed"),
        ({"callback_data": "y"}, "Bad Request: can't parse inline keyboard button: can't find field \"text\""),
        ({"text": "Да", "url": "ftp://a.ru"}, "Bad Request: inline keyboard button URL 'ftp://a.ru' is invalid"),
        ({"text": "Да", "web_app": {"url": "http://a.ru"}}, "Bad Request: inline keyboard button Web App URL"),
        ({"text": "Да", "pay": True}, "Bad Request: BUTTON_TYPE_INVALID"),
    ],
)
def test_a_wrong_button_is_refused(telegram: TelegramServer, button: dict[str, Any], description: str) -> None:
    said = refusal(telegram, "sendMessage", chat_id=ANNA, text="x", reply_markup={"inline_keyboard": [[button]]})
    assert said.startswith(description)


def test_a_callback_of_exactly_64_bytes_passes(telegram: TelegramServer) -> None:
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "я" * 32}]]}
    assert call(telegram, "sendMessage", chat_id=ANNA, text="x", reply_markup=markup)["ok"]


def test_a_hundred_and_one_buttons_are_too_many(telegram: TelegramServer) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]] * 101}
    assert refusal(telegram, "sendMessage", chat_id=ANNA, text="x", reply_markup=markup).endswith("markup is too long")


def test_who_cannot_be_written_to_and_why(telegram: TelegramServer) -> None:
    telegram.met_elsewhere(TOKEN, 5)
    said = {}
    telegram.blocks(TOKEN, ANNA)
    said["blocked"] = call(telegram, "sendMessage", chat_id=ANNA, text="x")
    telegram.unblocks(TOKEN, ANNA)
    telegram.deactivates(ANNA)
    said["gone"] = call(telegram, "sendMessage", chat_id=ANNA, text="x")
    said["never wrote"] = call(telegram, "sendMessage", chat_id=5, text="x")
    assert {name: (answer["error_code"], answer["description"]) for name, answer in said.items()} == {
        "blocked": (403, "Forbidden: bot was blocked by the user"),
        "gone": (403, "Forbidden: user is deactivated"),
        "never wrote": (403, "Forbidden: bot can't initiate conversation with a user"),
    }


def test_python_telegram_bot_raises_its_own_errors(telegram: TelegramServer) -> None:
    telegram.blocks(TOKEN, ANNA)
    with pytest.raises(Forbidden):
        with_bot(telegram, lambda bot: bot.send_message(ANNA, "x"))
    with pytest.raises(BadRequest, match="Chat not found"):
        with_bot(telegram, lambda bot: bot.send_message(1, "x"))


def test_a_group_that_became_a_supergroup_gives_its_new_address(telegram: TelegramServer) -> None:
    telegram.add_group(TOKEN, -500)
    new_id = telegram.migrates(TOKEN, -500)
    with pytest.raises(ChatMigrated) as caught:
        with_bot(telegram, lambda bot: bot.send_message(-500, "x"))
    assert caught.value.new_chat_id == new_id
    assert with_bot(telegram, lambda bot: bot.send_message(new_id, "x")).chat.type == "supergroup"


def test_a_group_the_bot_was_thrown_out_of(telegram: TelegramServer) -> None:
    telegram.add_group(TOKEN, -500)
    telegram.kicks(TOKEN, -500, by=ANNA)
    assert call(telegram, "sendMessage", chat_id=-500, text="x")["description"].startswith("Forbidden: bot was kicked")


def test_the_reply_keyboard_stays_until_it_is_removed(telegram: TelegramServer) -> None:
    keys = ReplyKeyboardMarkup([[KeyboardButton("Поделиться номером", request_contact=True)]])
    with_bot(telegram, lambda bot: bot.send_message(ANNA, "Номер?", reply_markup=keys))
    assert telegram.keyboard(TOKEN, ANNA)[0][0]["request_contact"] is True
    call(telegram, "sendMessage", chat_id=ANNA, text="Спасибо", reply_markup={"remove_keyboard": True})
    assert telegram.keyboard(TOKEN, ANNA) == []


def test_a_contact_may_not_be_asked_in_a_group(telegram: TelegramServer) -> None:
    telegram.add_group(TOKEN, -500)
    markup = {"keyboard": [[{"text": "Номер", "request_contact": True}]]}
    said = refusal(telegram, "sendMessage", chat_id=-500, text="x", reply_markup=markup)
    assert said == "Bad Request: phone number can be requested in private chats only"


def test_editing_changes_text_and_buttons_and_refuses_to_change_nothing(telegram: TelegramServer) -> None:
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
    number = call(telegram, "sendMessage", chat_id=ANNA, text="Раз", reply_markup=markup)["result"]["message_id"]
    place = {"chat_id": ANNA, "message_id": number}
    assert "is not modified" in refusal(telegram, "editMessageText", **place, text="Раз", reply_markup=markup)
    assert call(telegram, "editMessageText", **place, text="Два", reply_markup=markup)["result"]["text"] == "Два"
    assert "reply_markup" not in call(telegram, "editMessageReplyMarkup", **place)["result"]
    assert "is not modified" in refusal(telegram, "editMessageReplyMarkup", **place)
    own = telegram.messages(TOKEN, ANNA)[0].id
    assert refusal(telegram, "editMessageText", chat_id=ANNA, message_id=own, text="x").endswith("can't be edited")
    assert refusal(telegram, "editMessageText", chat_id=ANNA, message_id=99, text="x").endswith("to edit not found")


def test_a_message_may_be_deleted_for_two_days(telegram: TelegramServer) -> None:
    young, old = (call(telegram, "sendMessage", chat_id=ANNA, text=text)["result"]["message_id"] for text in "ab")
    assert call(telegram, "deleteMessage", chat_id=ANNA, message_id=young)["result"] is True
    assert refusal(telegram, "deleteMessage", chat_id=ANNA, message_id=young).endswith("message to delete not found")
    telegram.clock.advance(48 * 3600 + 1)
    assert refusal(telegram, "deleteMessage", chat_id=ANNA, message_id=old) == "Bad Request: message can't be deleted"
    assert [message.text for message in telegram.said(TOKEN, ANNA)] == ["b"]


def test_files_are_uploaded_sent_again_by_id_and_downloaded(telegram: TelegramServer) -> None:
    async def act(bot: Bot) -> Any:
        first = await bot.send_document(ANNA, b"hello", filename="a.txt", caption="<i>файл</i>", parse_mode="HTML")
        assert first.document is not None
        again = await bot.send_document(ANNA, first.document.file_id)
        await bot.send_photo(ANNA, b"\x89PNG....")
        file = await bot.get_file(first.document.file_id)
        return first, again, bytes(await file.download_as_bytearray())

    first, again, data = with_bot(telegram, act)
    assert data == b"hello"
    assert (first.caption, first.document.file_name) == ("файл", "a.txt")
    assert again.document.file_id == first.document.file_id
    assert [message.kind for message in telegram.said(TOKEN, ANNA)] == ["document", "document", "photo"]
    assert "wrong file identifier" in refusal(telegram, "sendPhoto", chat_id=ANNA, photo="nonsense")
    assert "there is no photo" in refusal(telegram, "sendPhoto", chat_id=ANNA)
    assert "caption is too long" in refusal(
        telegram, "sendPhoto", chat_id=ANNA, photo="https://a.ru/a.png", caption="я" * 1025
    )


def test_commands_menu_button_names_and_typing(telegram: TelegramServer) -> None:
    assert call(telegram, "setMyCommands", commands='[{"command":"start","description":"Начать"}]')["result"]
    assert call(telegram, "getMyCommands")["result"] == [{"command": "start", "description": "Начать"}]
    assert refusal(telegram, "setMyCommands", commands=[{"command": "Старт", "description": "x"}]).endswith("_INVALID")
    button = {"type": "web_app", "text": "Меню", "web_app": {"url": "https://a.ru/shop"}}
    assert call(telegram, "setChatMenuButton", menu_button=button)["result"]
    assert call(telegram, "getChatMenuButton", chat_id=ANNA)["result"] == button
    assert call(telegram, "setMyName", name="Отклик")["result"]
    assert call(telegram, "getMe")["result"]["first_name"] == "Отклик"
    assert call(telegram, "sendChatAction", chat_id=ANNA, action="typing")["result"]
    assert "wrong parameter action" in refusal(telegram, "sendChatAction", chat_id=ANNA, action="dancing")


def test_a_bot_writes_thirty_a_second_overall_and_about_one_a_second_to_one_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(start=1_800_000_000, frozen=True)
    with TelegramServer(clock=clock, limits=Limits(enabled=True)) as telegram:
        for person in range(1, 41):
            telegram.user_says(TOKEN, person, "/start")
        answers = [call(telegram, "sendMessage", chat_id=person, text="x") for person in range(1, 41)]
        assert [answer["ok"] for answer in answers] == [True] * 30 + [False] * 10
        assert answers[-1]["parameters"] == {"retry_after": 1}
        assert answers[-1]["description"] == "Too Many Requests: retry after 1"
        clock.advance(1)
        to_one = [call(telegram, "sendMessage", chat_id=1, text="x")["ok"] for _ in range(4)]
        assert to_one == [True, True, True, False]
        monkeypatch.setenv("PTB_TIMEDELTA", "1")
        with pytest.raises(RetryAfter):
            with_bot(telegram, lambda bot: bot.send_message(1, "x"))


def test_more_than_310_unsent_messages_for_one_chat_are_refused_for_a_minute(telegram: TelegramServer) -> None:
    telegram.limits.send_seconds = 1.0

    async def flood() -> list[tuple[int, Any]]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
            sends = [asyncio.create_task(_post(client)) for _ in range(320)]
            while telegram.limits.refused < 10:
                await asyncio.sleep(0.01)
            telegram.clock.advance(1)
            return list(await asyncio.gather(*sends))

    async def _post(client: aiohttp.ClientSession) -> tuple[int, Any]:
        url = f"{telegram.url}/bot{TOKEN}/sendMessage"
        async with client.post(url, json={"chat_id": ANNA, "text": "x"}) as answer:
            return answer.status, (await answer.json()).get("parameters")

    answers = asyncio.run(flood())
    assert answers.count((200, None)) == 310 == len(telegram.said(TOKEN, ANNA))
    assert answers.count((429, {"retry_after": 60})) == 10


def test_faults_are_carried_out_on_order(telegram: TelegramServer) -> None:
    telegram.faults.order(Fault(FaultKind.ACT_THEN_DROP, match="sendMessage"))
    with pytest.raises(NetworkError):
        with_bot(telegram, lambda bot: bot.send_message(ANNA, "сказано, но отправитель не узнает"))
    assert len(telegram.said(TOKEN, ANNA)) == 1
    telegram.faults.order(Fault(FaultKind.HTML, match="sendMessage", status=502))
    with pytest.raises(NetworkError):
        with_bot(telegram, lambda bot: bot.send_message(ANNA, "x"))
    assert len(telegram.said(TOKEN, ANNA)) == 1
