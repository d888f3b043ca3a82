"""What a visitor of somebody's site does with the chat, and what the shop answers."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from bot.delivery import Drain
from bot.messages import Outgoing
from bot.models import Chat, Message
from bot.outbox import say
from tests.browser.widget_site import Site


def answer(text: str, *, role: str = Message.Role.BOT, **more: Any) -> None:
    """Say something to the only visitor and deliver it as the worker does."""
    say(Chat.objects.get(), Outgoing(text, **more), role=role)
    Drain(linger=0).run()


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Открыть чат"))


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Окна Плюс")


def messages(page: Page) -> Locator:
    return page.locator("#otklik-widget .bubble")


def open_chat(page: Page, site: Site) -> None:
    page.goto(site.url)
    launcher(page).click()
    expect(panel(page)).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_label("Сообщение", exact=True).fill(text)
    page.keyboard.press("Enter")


def delivered(page: Page, text: str) -> None:
    """Wait until the visitor's words are marked as arrived."""
    expect(page.locator("#otklik-widget .message.user", has_text=text)).to_contain_text("доставлено")


def listening(page: Page, site: Site, act: Callable[[], Any]) -> None:
    """Do something that opens the live stream and wait until it is open."""
    with page.expect_response(lambda response: response.url.endswith("/stream") and response.status == 200):
        act()
