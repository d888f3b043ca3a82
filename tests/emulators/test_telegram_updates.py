"""What a bot hears from the emulator: webhooks with their pauses, polling, presses, contacts, blocks."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from tests.emulators.telegram import Clock, Order, TelegramServer

TOKEN = "424242:TEST-token-for-fixtures"
ANNA, BORIS = 777, 778
Heard = dict[str, Any]


class Hook:
    """A webhook that notes what it hears and answers from a list of statuses, 200 when the list is used up."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.body = b""
        self.answer: Callable[[Heard], int] = lambda _: self.statuses.pop(0) if self.statuses else 200
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/telegram/webhook"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.heard]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.heard.append(update)
                hook.secrets.append(self.headers["X-Telegram-Bot-Api-Secret-Token"])
                self.send_response(hook.answer(update))
                for name, value in {**hook.headers, "Content-Length": str(len(hook.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(hook.body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(clock=Clock(start=1_800_000_000, frozen=True)) as server:
        yield server


def call(telegram: TelegramServer, method: str, **params: Any) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(f"{telegram.url}/bot{TOKEN}/{method}", json=params).json()
    return answer


def settle(telegram: TelegramServer, attempts: int) -> None:
    """Wait until the webhook has been tried this many times and the answers are known."""
    deadline = threading.Event()
    for _ in range(500):
        if len(telegram.deliveries.attempts) >= attempts:
            return
        deadline.wait(0.01)
    raise AssertionError(f"{len(telegram.deliveries.attempts)} attempts of {attempts}")


def accepted(telegram: TelegramServer) -> None:
    telegram.wait_until(lambda: not telegram.pending(TOKEN), timeout=5)


def test_a_message_reaches_the_webhook_with_the_secret_and_python_telegram_bot_reads_it(
    telegram: TelegramServer, hook: Hook
) -> None:
    async def connect() -> bool:
        async with Bot(TOKEN, base_url=telegram.base_url) as bot:
            return await bot.set_webhook(hook.url, secret_token="s3cret_-", allowed_updates=["message"])

    assert asyncio.run(connect())
    telegram.user_says(TOKEN, ANNA, "/start ref_8f2", first_name="Анна", username="anna")
    accepted(telegram)
    update = Update.de_json(hook.heard[0], None)
    assert update.message is not None and update.message.from_user is not None
    assert (update.message.text, update.message.from_user.username) == ("/start ref_8f2", "anna")
    assert update.message.entities[0].type == "bot_command"
    assert hook.secrets == ["s3cret_-"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "http://a.ru/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.ru:8000/x"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://a.ru/x", "secret_token": "с"}, "secret token contains unallowed characters"),
        ({"url": "https://a.ru/x", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
def test_a_wrong_webhook_is_refused(telegram: TelegramServer, params: dict[str, Any], description: str) -> None:
    assert call(telegram, "setWebhook", **params)["description"] == f"Bad Request: {description}"
    assert call(telegram, "getWebhookInfo")["result"]["url"] == ""


def test_loopback_is_refused_too_when_the_server_is_strict() -> None:
    with TelegramServer(lenient_webhook_urls=False) as telegram:
        assert not call(telegram, "setWebhook", url="http://127.0.0.1:8000/x")["ok"]


def test_setting_the_same_webhook_again_says_so(telegram: TelegramServer, hook: Hook) -> None:
    said = [call(telegram, "setWebhook", url=hook.url)["description"] for _ in range(2)]
    said += [call(telegram, "deleteWebhook")["description"] for _ in range(2)]
    assert said == ["Webhook was set", "Webhook is already set", "Webhook was deleted", "Webhook is already deleted"]


def test_a_refused_update_is_tried_at_once_then_after_2_4_8_seconds(telegram: TelegramServer, hook: Hook) -> None:
    hook.statuses = [500] * 5
    call(telegram, "setWebhook", url=hook.url)
    telegram.user_says(TOKEN, ANNA, "Привет")
    settle(telegram, 2)
    for attempts, seconds in ((3, 2), (4, 4), (5, 8), (6, 16)):
        telegram.clock.advance(seconds - 0.5)
        telegram.clock.advance(0.5)
        settle(telegram, attempts)
    accepted(telegram)
    assert [attempt.at - 1_800_000_000 for attempt in telegram.deliveries.attempts] == [0, 0, 2, 6, 14, 30]
    assert len(set(hook.ids())) == 1


def test_retry_after_of_the_answer_is_obeyed(telegram: TelegramServer, hook: Hook) -> None:
    hook.statuses, hook.headers = [503], {"Retry-After": "17"}
    call(telegram, "setWebhook", url=hook.url)
    telegram.user_says(TOKEN, ANNA, "Привет")
    settle(telegram, 1)
    telegram.clock.advance(17)
    accepted(telegram)
    assert [attempt.at - 1_800_000_000 for attempt in telegram.deliveries.attempts] == [0, 17]


def test_a_failing_update_holds_up_its_own_chat_only(telegram: TelegramServer, hook: Hook) -> None:
    hook.answer = lambda update: 500 if update.get("message", {}).get("text") == "яд" else 200
    call(telegram, "setWebhook", url=hook.url)
    telegram.user_says(TOKEN, ANNA, "яд")
    telegram.user_says(TOKEN, ANNA, "после яда")
    telegram.user_says(TOKEN, BORIS, "сосед")
    telegram.wait_until(lambda: len(telegram.pending(TOKEN)) == 2, timeout=5)
    assert [update["message"]["text"] for update in telegram.pending(TOKEN)] == ["яд", "после яда"]
    info = call(telegram, "getWebhookInfo")["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["pending_update_count"] == 2
    telegram.clock.advance(24 * 3600 + 1)
    accepted(telegram)
    assert "после яда" not in [update["message"]["text"] for update in hook.heard]


def test_a_press_does_not_wait_behind_a_message(telegram: TelegramServer, hook: Hook) -> None:
    hook.answer = lambda update: 500 if "message" in update else 200
    telegram.user_says(TOKEN, ANNA, "/start")
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "b:3fa9"}]]}
    call(telegram, "sendMessage", chat_id=ANNA, text="Звоним?", reply_markup=markup)
    call(telegram, "setWebhook", url=hook.url)
    telegram.presses(TOKEN, ANNA, None, "Да")
    telegram.wait_until(lambda: len(telegram.pending(TOKEN)) == 1, timeout=5)
    press = next(update["callback_query"] for update in hook.heard if "callback_query" in update)
    assert (press["data"], press["from"]["id"], press["message"]["text"]) == ("b:3fa9", ANNA, "Звоним?")


def test_a_press_is_answered_once_and_not_too_late(telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    query = telegram.presses(TOKEN, ANNA, 1, "y", forged=True)["callback_query"]["id"]

    async def answer() -> bool:
        async with Bot(TOKEN, base_url=telegram.base_url) as bot:
            return await bot.answer_callback_query(query, "Записали", show_alert=True)

    assert asyncio.run(answer())
    assert telegram.toasts(TOKEN, ANNA) == [{"text": "Записали", "show_alert": True, "url": ""}]
    telegram.clock.advance(61)
    with pytest.raises(BadRequest, match="too old"):
        asyncio.run(answer())


def test_a_press_under_a_deleted_message_carries_no_text(telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    number = call(telegram, "sendMessage", chat_id=ANNA, text="x")["result"]["message_id"]
    call(telegram, "deleteMessage", chat_id=ANNA, message_id=number)
    press = telegram.presses(TOKEN, ANNA, number, "y", forged=True)["callback_query"]
    assert press["message"] == {"chat": press["message"]["chat"], "message_id": number, "date": 0}


def test_what_is_not_shown_cannot_be_pressed(telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    with pytest.raises(LookupError):
        telegram.presses(TOKEN, ANNA, None, "Да")


def test_own_and_foreign_contacts_differ_in_the_user_id(telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    keyboard = {"keyboard": [[{"text": "Номер", "request_contact": True}]], "one_time_keyboard": True}
    asked = call(telegram, "sendMessage", chat_id=ANNA, text="Номер?", reply_markup=keyboard)["result"]
    own = telegram.shares_contact(TOKEN, ANNA, "79990001122")["message"]
    card = telegram.shares_contact(TOKEN, ANNA, "79990003344", foreign=True)["message"]
    known = telegram.shares_contact(TOKEN, ANNA, "79990005566", foreign=True, owner_id=BORIS)["message"]
    assert own["contact"]["user_id"] == own["from"]["id"] == ANNA
    assert own["reply_to_message"]["message_id"] == asked["message_id"]
    assert "user_id" not in card["contact"]
    assert known["contact"]["user_id"] == BORIS
    assert telegram.keyboard(TOKEN, ANNA) == []


def test_block_and_unblock_are_told_as_membership(telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    block = telegram.blocks(TOKEN, ANNA)["my_chat_member"]
    assert (block["old_chat_member"]["status"], block["new_chat_member"]["status"]) == ("member", "kicked")
    telegram.user_says(TOKEN, ANNA, "снова я")
    kinds = [sorted(set(update) - {"update_id"})[0] for update in telegram.pending(TOKEN)]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]
    assert telegram.pending(TOKEN)[2]["my_chat_member"]["new_chat_member"]["status"] == "member"


def test_files_stickers_voices_and_edits_are_readable_by_python_telegram_bot(telegram: TelegramServer) -> None:
    said = telegram.user_says(TOKEN, ANNA, "Привет")["message"]["message_id"]
    raw = [
        telegram.sends_photo(TOKEN, ANNA, caption="вот"),
        telegram.sends_document(TOKEN, ANNA, "план.pdf"),
        telegram.sends_voice(TOKEN, ANNA),
        telegram.sends_sticker(TOKEN, ANNA),
        telegram.sends_location(TOKEN, ANNA, 55.75, 37.62),
        telegram.edits(TOKEN, ANNA, said, "Здравствуйте"),
    ]
    photo, document, voice, sticker, place, edit = (Update.de_json(update, None) for update in raw)
    assert photo.message and photo.message.caption == "вот" and photo.message.photo[-1].width == 640
    assert document.message and document.message.document and document.message.document.file_name == "план.pdf"
    assert voice.message and voice.message.voice and voice.message.voice.mime_type == "audio/ogg"
    assert sticker.message and sticker.message.sticker and sticker.message.sticker.emoji == "👍"
    assert place.message and place.message.location and place.message.location.latitude == 55.75
    assert edit.edited_message and edit.edited_message.text == "Здравствуйте" and edit.edited_message.edit_date


def test_a_bot_hears_only_the_kinds_it_asked_for(telegram: TelegramServer, hook: Hook) -> None:
    call(telegram, "setWebhook", url=hook.url, allowed_updates=["callback_query"])
    assert telegram.user_says(TOKEN, ANNA, "/start")["update_id"] == 0
    assert call(telegram, "getWebhookInfo")["result"]["allowed_updates"] == ["callback_query"]
    call(telegram, "setWebhook", url=hook.url)
    assert telegram.user_says(TOKEN, ANNA, "/start")["update_id"] == 0
    call(telegram, "setWebhook", url=hook.url, allowed_updates=[])
    assert telegram.user_says(TOKEN, ANNA, "/start")["update_id"] > 0


def test_pending_updates_are_delivered_later_or_dropped_on_request(telegram: TelegramServer, hook: Hook) -> None:
    telegram.user_says(TOKEN, ANNA, "раз")
    assert call(telegram, "getWebhookInfo")["result"]["pending_update_count"] == 1
    call(telegram, "setWebhook", url=hook.url, drop_pending_updates=True)
    telegram.user_says(TOKEN, ANNA, "два")
    accepted(telegram)
    assert [update["message"]["text"] for update in hook.heard] == ["два"]


def test_polling_and_a_webhook_exclude_each_other(telegram: TelegramServer, hook: Hook) -> None:
    async def poll(offset: int = 0) -> tuple[Update, ...]:
        async with Bot(TOKEN, base_url=telegram.base_url) as bot:
            return await bot.get_updates(offset=offset)

    telegram.user_says(TOKEN, ANNA, "раз")
    telegram.user_says(TOKEN, ANNA, "два")
    updates = asyncio.run(poll())
    assert len(updates) == 2 == len(asyncio.run(poll()))
    assert [update.message.text for update in asyncio.run(poll(updates[1].update_id)) if update.message] == ["два"]
    call(telegram, "setWebhook", url=hook.url)
    with pytest.raises(Conflict, match="webhook is active"):
        asyncio.run(poll())


def test_the_newer_of_two_polling_clients_wins() -> None:
    with TelegramServer() as telegram:

        async def race() -> list[int]:
            async with httpx.AsyncClient() as client:
                url = f"{telegram.url}/bot{TOKEN}/getUpdates"
                old = asyncio.create_task(client.get(url, params={"timeout": 5}))
                while not telegram.api.polling.polls(424242):
                    await asyncio.sleep(0.01)
                return [(await client.get(url)).status_code, (await old).status_code]

        assert asyncio.run(race()) == [200, 409]


def test_held_updates_are_released_shuffled_and_three_times(telegram: TelegramServer, hook: Hook) -> None:
    call(telegram, "setWebhook", url=hook.url)
    telegram.holds_updates(TOKEN)
    sent = [telegram.user_says(TOKEN, ANNA, str(number))["update_id"] for number in range(5)]
    assert hook.heard == []
    assert telegram.releases_updates(TOKEN, order=Order.SHUFFLED, copies=3, seed=1) == [200] * 15
    assert sorted(hook.ids()) == sorted(sent * 3)
    assert hook.ids() != sorted(sent * 3)
    assert telegram.pending(TOKEN) == []
    assert telegram.redelivers(TOKEN, order=Order.REVERSED)[:1] == [200]


def test_every_update_may_be_delivered_twice(telegram: TelegramServer, hook: Hook) -> None:
    telegram.deliveries.copies = 2
    call(telegram, "setWebhook", url=hook.url)
    number = telegram.user_says(TOKEN, ANNA, "Привет")["update_id"]
    settle(telegram, 2)
    assert hook.ids() == [number, number]


def test_a_stranger_may_knock_with_a_wrong_secret(telegram: TelegramServer, hook: Hook) -> None:
    hook.answer = lambda _: 403
    call(telegram, "setWebhook", url=hook.url, secret_token="right")
    assert telegram.posts(TOKEN, {"update_id": 1}, secret="wrong") == 403
    assert telegram.posts(TOKEN, {"update_id": 1}, secret=None) == 403
    assert hook.secrets == ["wrong", None]


def test_a_call_in_the_answer_of_the_webhook_is_carried_out(telegram: TelegramServer, hook: Hook) -> None:
    hook.body = json.dumps({"method": "sendMessage", "chat_id": ANNA, "text": "сразу"}).encode()
    call(telegram, "setWebhook", url=hook.url)
    telegram.user_says(TOKEN, ANNA, "Привет")
    assert telegram.wait_for(TOKEN, ANNA, 1, timeout=5)[0].text == "сразу"


def test_waiting_for_what_never_comes_says_what_came(telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "Привет")
    call(telegram, "sendMessage", chat_id=ANNA, text="раз")
    with pytest.raises(TimeoutError, match=r"1 messages of 2 .*раз"):
        telegram.wait_for(TOKEN, ANNA, 2, timeout=0.05)


def test_a_payment_goes_through_only_if_the_bot_agrees_within_ten_seconds(telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    invoice = {"title": "Латте", "description": "0,3", "payload": "order-42", "currency": "RUB"}
    money = {"provider_token": "1:TEST:1", "prices": [{"label": "Латте", "amount": 35000}]}
    bill = call(telegram, "sendInvoice", chat_id=ANNA, **invoice, **money)["result"]
    assert bill["invoice"]["total_amount"] == 35000
    asked = telegram.pays(TOKEN, ANNA, bill["message_id"])["pre_checkout_query"]
    assert asked["invoice_payload"] == "order-42"
    with pytest.raises(ValueError, match="not agreed"):
        telegram.finishes_payment(TOKEN, asked["id"])
    assert call(telegram, "answerPreCheckoutQuery", pre_checkout_query_id=asked["id"], ok=True)["result"]
    paid = telegram.finishes_payment(TOKEN, asked["id"])["message"]["successful_payment"]
    charge = paid["telegram_payment_charge_id"]
    assert call(telegram, "refundStarPayment", user_id=ANNA, telegram_payment_charge_id=charge)["result"]
    late = telegram.pays(TOKEN, ANNA, bill["message_id"])["pre_checkout_query"]["id"]
    telegram.clock.advance(11)
    assert not call(telegram, "answerPreCheckoutQuery", pre_checkout_query_id=late, ok=True)["ok"]


def test_launch_data_is_signed_as_the_real_one() -> None:
    import hashlib
    import hmac
    from urllib.parse import parse_qsl

    with TelegramServer() as telegram:
        pairs = dict(parse_qsl(telegram.init_data(TOKEN, ANNA)))
    given = pairs.pop("hash")
    check = "\n".join(f"{name}={value}" for name, value in sorted(pairs.items()))
    secret = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()
    assert hmac.new(secret, check.encode(), hashlib.sha256).hexdigest() == given
