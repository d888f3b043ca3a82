"""The shop as a Mini App in the emulated Telegram: from the menu button to the number, and the chat tells how it goes on."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect
from pytest_django import Settings

from bot.delivery import Drain
from bot.models import Channel
from content import menus, stops
from content.models import Place, Product
from dialogs.connecting import connect_telegram
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from dialogs.turn import take_turns
from payments.models import Order, Ticket
from payments.shop import tickets
from tests.asgi_server import asgi_server
from tests.browser.shop_page import TOKEN, card, fill_shop, put
from tests.emulators.telegram import TelegramServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANNA = 777


@dataclass
class Coffee:
    """The coffee bot, its world, and whoever does the workers' work."""

    telegram: TelegramServer
    bot: Channel
    place: Place

    def work(self) -> None:
        """Take turns and deliver until nothing is left to do."""
        while take_turns().chats + Drain(linger=0).run():
            pass


@pytest.fixture
def coffee(settings: Settings) -> Iterator[Coffee]:
    place = fill_shop()
    load_preset("coffee")
    Place.objects.update(schedule={})
    forget()
    with asgi_server() as url, TelegramServer() as telegram:
        settings.PUBLIC_URL = url
        telegram.add_person(ANNA, first_name="Анна", last_name="Белова")
        bot, result = connect_telegram(
            token=TOKEN, api_url=telegram.url, scenario_key="coffee", title="Кофе рядом", public_url=url
        )
        assert result.ok, result.note
        yield Coffee(telegram, bot, place)


@pytest.fixture
def phone(coffee: Coffee, new_context: Callable[..., BrowserContext]) -> Page:
    """Anna's phone with the coffee bot open."""
    page = new_context(viewport={"width": 390, "height": 800}).new_page()
    page.goto(f"{coffee.telegram.url}/#{TOKEN.partition(':')[0]}/{ANNA}")
    page.get_by_role("button", name="Запустить").click()
    coffee.telegram.wait_until(lambda: not coffee.telegram.pending(TOKEN))
    coffee.work()
    return page


def open_menu(phone: Page) -> FrameLocator:
    """Press the menu button beside the message field."""
    phone.get_by_role("button", name="Меню", exact=True).last.click()
    shop = phone.frame_locator("iframe")
    expect(shop.locator("html[data-ready]")).to_be_attached()
    return shop


def test_an_order_in_telegram_from_the_menu_button_to_the_news_in_the_chat(coffee: Coffee, phone: Page) -> None:
    shop = open_menu(phone)
    put(shop, "Капучино", "450 мл")
    card(shop, "Круассан").get_by_role("button", name="Добавить в корзину").click()
    button = phone.locator(".app-main")
    expect(button).to_contain_text(re.compile(r"Корзина · 4\d\d"))
    button.click()
    expect(shop.get_by_role("heading", name="Корзина")).to_be_focused()
    expect(shop.get_by_label("Имя", exact=False)).to_have_value("Анна Белова")
    expect(button).to_contain_text("Заказать")
    button.click()
    expect(shop.locator("#ticket-number")).to_have_text("1")
    expect(shop.get_by_role("heading", name="Заказ принят")).to_be_visible()
    coffee.work()
    ticket = Ticket.objects.get()
    assert tickets.accept(tickets.of(ticket.order), by="бариста", now=timezone.now())
    expect(shop.get_by_role("heading", name="Готовим")).to_be_visible()
    assert tickets.ready(tickets.of(ticket.order), now=timezone.now())
    coffee.work()
    expect(shop.get_by_role("heading", name="Готов, ждёт вас")).to_be_visible()
    phone.get_by_role("button", name="Закрыть").click()
    talk = phone.get_by_role("main", name="Переписка")
    expect(talk.locator(".theirs").last).to_contain_text(re.compile("готов", re.IGNORECASE))
    assert coffee.telegram.said(TOKEN, ANNA)[-1].text.count("1") >= 1


def test_telegrams_back_button_leads_back_and_its_theme_is_worn(coffee: Coffee, phone: Page) -> None:
    shop = open_menu(phone)
    back = phone.get_by_role("dialog").get_by_role("button", name="Назад")
    expect(back).to_be_hidden()
    card(shop, "Капучино").locator(".open").click()
    back.click()
    expect(shop.get_by_role("dialog", name="Капучино")).to_be_hidden()
    card(shop, "Капучино").locator(".plus").click()
    phone.locator(".app-main").click()
    expect(shop.get_by_role("heading", name="Корзина")).to_be_visible()
    back.click()
    expect(shop.get_by_role("heading", name="Лесная, 7")).to_be_visible()
    expect(back).to_be_hidden()
    phone.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(shop.locator("html[data-theme=dark]")).to_be_attached()
    expect(shop.locator("body")).to_have_css("background-color", "rgb(23, 33, 43)")


def test_what_ended_meanwhile_is_told_before_any_order_and_the_rest_is_ordered(coffee: Coffee, phone: Page) -> None:
    shop = open_menu(phone)
    card(shop, "Капучино").locator(".plus").click()
    card(shop, "Круассан").locator(".plus").click()
    button = phone.locator(".app-main")
    button.click()
    expect(button).to_contain_text("Заказать")
    stops.stop(coffee.place, Product.objects.get(code="croissant"))
    menus.forget()
    button.click()
    asked = shop.get_by_role("dialog", name="Кое-что изменилось")
    expect(asked).to_contain_text("Круассан")
    assert Order.objects.count() == 0
    asked.get_by_role("button", name="Исправить корзину").click()
    expect(shop.locator(".line")).to_have_count(1)
    expect(button).to_contain_text("Заказать")
    button.click()
    expect(shop.locator("#ticket-number")).to_have_text("1")
    assert [item.title for item in Order.objects.get().items.all()] == ["Капучино"]


def test_the_cart_survives_closing_the_page_and_is_the_chats_too(coffee: Coffee, phone: Page) -> None:
    shop = open_menu(phone)
    put(shop, "Капучино", "450 мл")
    expect(phone.locator(".app-main")).to_contain_text("Корзина")
    phone.get_by_role("button", name="Закрыть").click()
    shop = open_menu(phone)
    expect(phone.locator(".app-main")).to_contain_text("Корзина")
    phone.locator(".app-main").click()
    expect(shop.locator(".line .name")).to_contain_text("450 мл")
