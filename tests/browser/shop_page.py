"""A coffee shop with the preset's menu behind a real port, and the hands of a guest at its page."""

import re
from typing import Any

import yaml
from playwright.sync_api import FrameLocator, Locator, Page, expect

from bot.models import Channel
from content import menus
from content.models import Place
from dialogs.menu_loading import load_menu
from dialogs.preset_loading import FOLDER

TOKEN = "424242:TEST-token-for-fixtures"
Screen = Page | FrameLocator  # the page itself, or the frame in which Telegram shows it


def fill_shop() -> Place:
    """Load the preset's menu; its places never close and its breakfasts never end, for the page asks the real clock."""
    raw: dict[str, Any] = yaml.safe_load((FOLDER / "coffee.content.yaml").read_text(encoding="utf-8"))
    for shelf in raw["menu"]:
        shelf.pop("sold_until", None)
    load_menu(raw, "coffee")
    Place.objects.update(schedule={})
    menus.forget()
    return Place.objects.get(code="lesnaya")


def telegram_bot(api_url: str = "") -> Channel:
    """Return the coffee shop's bot."""
    return Channel.objects.create(
        kind="telegram", title="Кофе рядом", credentials={"token": TOKEN}, api_url=api_url, scenario_key="coffee"
    )


def site_chat() -> Channel:
    """Return the coffee shop's site chat."""
    options = {"public_key": "coffee", "origins": ["https://coffee.example.ru"]}
    return Channel.objects.create(kind="webchat", title="Кофе рядом", options=options, scenario_key="coffee")


def ready(page: Page, url: str) -> Page:
    """Open the shop and wait until its script has made it alive."""
    page.goto(url)
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


def card(screen: Screen, name: str) -> Locator:
    """Return the card of a product."""
    return screen.locator(".card", has=screen.get_by_text(name, exact=True))


def put(screen: Screen, name: str, *choices: str) -> None:
    """Open a product, choose, add it to the cart."""
    card(screen, name).locator(".open").click()
    sheet = screen.get_by_role("dialog", name=name)
    for choice in choices:
        sheet.locator("label", has_text=choice).click()
    sheet.get_by_role("button", name=re.compile("^Добавить")).click()
    expect(sheet).to_be_hidden()
