"""The managers' chat in a real browser: Maria takes a lead, opens the dialogue, answers, and gives it back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.models import Chat
from tests.journeys.conftest import anna, house
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House
from tests.journeys.managers import choose_leads_themselves, leaves_number

__all__ = ["anna", "house"]
pytestmark = pytest.mark.browser


@pytest.fixture
def messenger(house: House, new_context: Callable[..., BrowserContext]) -> Page:
    """The emulator's page, where one may be anybody."""
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(house.telegram.url)
    return page


def chat(page: Page, name: str) -> None:
    """Open somebody's chat with the bot, or a group."""
    page.locator(".person").filter(has=page.locator("b", has_text=re.compile(f"^{name}$"))).click()


def test_a_lead_is_taken_in_the_group_and_its_dialogue_led_in_private(
    house: House, anna: TelegramCustomer, messenger: Page
) -> None:
    managers = choose_leads_themselves(house)
    leaves_number(anna)
    chat(messenger, "Отдел продаж")
    expect(messenger.locator(".theirs").last).to_contain_text("+7 916 123-45-67")
    messenger.get_by_label("От чьего имени").select_option("Мария")
    messenger.get_by_role("button", name="✅ Взять заявку").click()
    house.settle()
    expect(messenger.locator("#toast")).to_contain_text("ваша")
    expect(messenger.get_by_role("button", name="✅ Взять заявку")).to_have_count(0)
    expect(messenger.locator(".theirs").last).to_contain_text("ведёт Мария")
    messenger.get_by_label("От чьего имени").select_option("Иван")
    expect(messenger.locator("#bot-status")).to_contain_text("вы — Иван")

    chat(messenger, "Мария")
    messenger.get_by_role("button", name="💬 Открыть диалог").click()
    house.settle()
    expect(messenger.locator(".theirs").last).to_contain_text("диалог ваш, бот молчит")
    messenger.get_by_label("Сообщение").fill("Анна, здравствуйте! Это Мария.")
    messenger.keyboard.press("Enter")
    expect(messenger.locator(".mine").last).to_contain_text("Это Мария")
    house.settle()

    chat(messenger, "Анна")
    expect(messenger.locator(".theirs").last).to_contain_text("Анна, здравствуйте! Это Мария.")
    messenger.get_by_label("Сообщение").fill("Здравствуйте, Мария")
    messenger.keyboard.press("Enter")
    expect(messenger.locator(".mine").last).to_contain_text("Здравствуйте, Мария")
    house.settle()

    chat(messenger, "Мария")
    mirrored = messenger.locator(".theirs").last
    expect(mirrored).to_contain_text("💬 Анна: Здравствуйте, Мария")
    mirrored.hover()
    mirrored.get_by_role("button", name="Ответить").click()
    messenger.get_by_label("Сообщение").fill("Чем помочь?")
    messenger.keyboard.press("Enter")
    expect(messenger.locator(".mine").last).to_contain_text("Чем помочь?")
    house.settle()
    assert anna.heard[-1] == "Чем помочь?"
    messenger.get_by_role("button", name="🤖 Вернуть боту").last.click()
    house.settle()
    expect(messenger.locator(".theirs").last).to_contain_text("диалог вернулся боту")
    assert anna.chat.speaker == Chat.Speaker.BOT
    assert managers.lines == [f"✅ Заявку № {anna.lead.pk} ведёт Мария"]
