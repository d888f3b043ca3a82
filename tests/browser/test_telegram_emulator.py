"""The emulator's phone, driven in a real Chromium: a person writes, presses, shares a number; a manager reads."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.emulators.telegram import TelegramServer

TOKEN = "424242:demo"
ANNA = 777
pytestmark = pytest.mark.browser


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.bot(TOKEN)
        server.add_person(ANNA, first_name="Анна", last_name="Белова", phone="79161234567")
        yield server


@pytest.fixture(params=[(1280, 900), (390, 780)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, telegram: TelegramServer) -> Iterator[Page]:
    width, height = request.param
    page = chromium.new_page(viewport={"width": width, "height": height})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(telegram.url)
    yield page
    page.close()
    assert troubles == []


def says(telegram: TelegramServer, text: str, chat_id: int = ANNA, **more: object) -> None:
    """Let the bot say something."""
    order = {"chat_id": chat_id, "text": text, **more}
    assert httpx.post(f"{telegram.url}/bot{TOKEN}/sendMessage", json=order).json()["ok"]


def test_a_conversation_from_start_to_the_phone_number(page: Page, telegram: TelegramServer) -> None:
    page.get_by_role("button", name="Анна Белова").click()
    page.get_by_role("button", name="Запустить").click()
    expect(page.locator(".mine")).to_contain_text("/start")
    keys = {"inline_keyboard": [[{"text": "Подобрать курс", "callback_data": "pick"}]]}
    says(telegram, "<b>Здравствуйте</b>, <i>Анна</i>!", parse_mode="HTML", reply_markup=keys)
    expect(page.locator(".theirs b")).to_have_text("Здравствуйте")
    page.get_by_role("button", name="Подобрать курс").click()
    telegram.wait_until(lambda: "callback_query" in telegram.pending(TOKEN)[-1])
    keyboard = {"keyboard": [[{"text": "Поделиться номером", "request_contact": True}]], "one_time_keyboard": True}
    says(telegram, "Ваш номер?", reply_markup=keyboard)
    page.get_by_role("button", name="Поделиться номером").click()
    page.get_by_role("dialog").get_by_role("button", name="Отправить").click()
    expect(page.locator(".mine").last).to_contain_text("+79161234567")
    contact = telegram.pending(TOKEN)[-1]["message"]["contact"]
    assert (contact["phone_number"], contact["user_id"]) == ("79161234567", ANNA)
    expect(page.get_by_role("button", name="Поделиться номером")).to_have_count(0)


def test_words_are_shown_as_words_never_as_markup(page: Page, telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    page.get_by_role("button", name="Анна Белова").click()
    page.get_by_label("Сообщение").fill("<img src=x onerror=alert(1)> & привет")
    page.keyboard.press("Enter")
    expect(page.locator(".mine").last).to_contain_text("<img src=x onerror=alert(1)> & привет")
    page.locator(".mine .bubble").last.click()
    page.get_by_label("Сообщение").fill("исправлено")
    page.keyboard.press("Enter")
    expect(page.locator(".mine").last).to_contain_text(re.compile("исправлено.*изменено"))
    assert "edited_message" in telegram.pending(TOKEN)[-1]


def test_a_foreign_contact_a_block_and_the_way_back(page: Page, telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "/start")
    page.get_by_role("button", name="Анна Белова").click()
    page.get_by_role("button", name="Прикрепить").click()
    page.get_by_role("button", name="Чужой контакт").click()
    page.get_by_role("dialog").get_by_role("button", name="Отправить").click()
    expect(page.locator(".mine").last).to_contain_text("+79160000000")
    assert "user_id" not in telegram.pending(TOKEN)[-1]["message"]["contact"]
    page.get_by_role("button", name="Действия").click()
    page.get_by_role("button", name="Заблокировать бота").click()
    page.get_by_role("button", name="Разблокировать").click()
    expect(page.get_by_label("Сообщение")).to_be_visible()
    assert telegram.pending(TOKEN)[-1]["my_chat_member"]["new_chat_member"]["status"] == "member"


def test_a_managers_notification_is_seen_in_the_list_and_read(page: Page, telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, 900, "/start", first_name="Сергей")
    says(telegram, "Вам назначен новый лид с контактом", chat_id=900)
    manager = page.get_by_role("button", name="Сергей")
    expect(manager.locator(".badge")).to_have_text("1")
    manager.click()
    expect(page.locator(".theirs")).to_contain_text("Вам назначен новый лид")


def test_a_new_person_is_made_on_the_page(page: Page, telegram: TelegramServer) -> None:
    page.get_by_role("button", name="Новый человек").click()
    page.get_by_label("Имя и фамилия").fill("Олег Панов")
    page.get_by_role("button", name="Готово").click()
    page.get_by_role("button", name="Запустить").click()
    expect(page.locator(".mine")).to_contain_text("/start")
    assert telegram.pending(TOKEN)[-1]["message"]["from"]["last_name"] == "Панов"


def test_both_themes_fit_the_screen(page: Page, telegram: TelegramServer) -> None:
    telegram.user_says(TOKEN, ANNA, "слово" * 60)
    page.get_by_role("button", name="Сменить тему").click()
    page.get_by_role("button", name="Анна Белова").click()
    expect(page.locator(".mine")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    sizes = "[...document.querySelectorAll('.list, .chat, .bubble')].map((e) => e.getBoundingClientRect())"
    assert page.evaluate(f"{sizes}.every((r) => r.left >= 0 && r.right <= innerWidth)")
