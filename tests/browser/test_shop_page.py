"""The shop as an ordinary page: by keyboard, on a small screen, over a network that blinks, for whoever came without a link."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from bot.models import Channel, Chat
from content.models import Place
from payments.models import Order
from payments.storefront import links
from tests.asgi_server import asgi_server
from tests.browser.shop_page import card, fill_shop, put, ready, site_chat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What a screen reader would have nothing to say of, and what could not be told apart by a script.
NAMELESS = """() => [...document.querySelectorAll('button, a, input, select, textarea, [role=group], dialog, nav, section')]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length
    || node.getAttribute('aria-labelledby') && document.getElementById(node.getAttribute('aria-labelledby'))))
  .map((node) => node.outerHTML.slice(0, 120))"""
TWICE = "() => [...document.querySelectorAll('[id]')].map((n) => n.id).filter((id, at, all) => all.indexOf(id) !== at)"
PICTURES = "() => [...document.images].filter((image) => !image.hasAttribute('alt') || !image.width).length"
SMALL = """() => [...document.querySelectorAll('button, a, select, input:not(.pills input, .rows input)')]
  .filter((node) => node.checkVisibility() && !node.matches('.skip, .line .name'))
  .filter((node) => { const box = node.getBoundingClientRect(); return box.width < 38 || box.height < 38; })
  .map((node) => node.outerHTML.slice(0, 120))"""
OVERFLOW = "() => document.documentElement.scrollWidth > innerWidth"


@dataclass
class Shop:
    """The shop of the site chat behind a real port."""

    url: str
    channel: Channel
    place: Place

    @property
    def page(self) -> str:
        return f"{self.url}/shop/{self.channel.pk}/"


@pytest.fixture
def shop() -> Iterator[Shop]:
    place = fill_shop()
    with asgi_server() as url:
        yield Shop(url, site_chat(), place)


def look_over(page: Page) -> None:
    """Find nothing to complain of on what is shown."""
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(TWICE) == []
    assert page.evaluate(PICTURES) == 0
    assert page.evaluate(SMALL) == []
    assert page.evaluate(OVERFLOW) is False


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (390, "light"), (768, "dark")])
def test_every_screen_fits_and_says_what_it_is(
    shop: Shop, new_context: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    page = ready(new_context(viewport={"width": width, "height": 700}, color_scheme=scheme).new_page(), shop.page)
    look_over(page)
    card(page, "Капучино").locator(".open").click()
    look_over(page)
    page.get_by_role("button", name=re.compile("^Добавить")).last.click()
    page.get_by_role("button", name=re.compile("^Корзина")).click()
    expect(page.get_by_label("Промокод")).to_be_visible()
    look_over(page)
    page.get_by_label(re.compile("^Имя")).fill("Анна")
    page.get_by_role("button", name=re.compile("^Заказать")).click()
    expect(page.locator("#ticket-number")).to_have_text("1")
    look_over(page)


def test_an_order_with_nothing_but_a_keyboard(shop: Shop, page: Page) -> None:
    ready(page, shop.page)
    press = page.keyboard.press
    card(page, "Капучино").locator(".open").focus()
    press("Enter")
    sheet = page.get_by_role("dialog", name="Капучино")
    expect(sheet.get_by_role("heading", name="Капучино")).to_be_focused()
    press("Escape")
    expect(card(page, "Капучино").locator(".open")).to_be_focused()
    press("Enter")
    sheet.get_by_role("radio", name=re.compile("^350 мл")).focus()
    press("ArrowRight")
    expect(sheet.get_by_role("radio", name=re.compile("^450 мл"))).to_be_checked()
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == "add":
            break
        press("Tab")
    press("Enter")
    expect(page.locator("#toast")).to_contain_text("Добавили: Капучино, 450 мл")
    page.locator("#main").focus()
    press("Enter")
    expect(page.get_by_role("heading", name="Корзина")).to_be_focused()
    page.get_by_label(re.compile("^Имя")).focus()
    page.keyboard.type("Анна")
    page.locator("#main").focus()
    press("Enter")
    expect(page.get_by_role("heading", name="Заказ принят")).to_be_focused()
    assert "450 мл" in Order.objects.get().items.get().name


def test_what_is_put_in_without_a_network_is_said_when_it_comes_back(shop: Shop, page: Page) -> None:
    ready(page, shop.page)
    put(page, "Капучино")
    page.context.set_offline(True)
    card(page, "Круассан").locator(".plus").click()
    expect(page.get_by_role("button", name=re.compile("^Корзина"))).to_be_visible()
    expect(page.get_by_text("Нет связи. Корзину сохраним")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Нет связи. Корзину сохраним")).to_be_hidden()
    page.reload()
    page.get_by_role("button", name=re.compile("^Корзина")).click()
    expect(page.locator(".line")).to_have_count(2)


def test_an_order_whose_answer_is_lost_is_one_order(shop: Shop, page: Page) -> None:
    ready(page, shop.page)
    put(page, "Капучино")
    page.get_by_role("button", name=re.compile("^Корзина")).click()
    page.get_by_label(re.compile("^Имя")).fill("Анна")
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/orders", lose_the_answer)
    page.get_by_role("button", name=re.compile("^Заказать")).click()
    expect(page.locator("#ticket-number")).to_have_text("1")
    assert (lost, Order.objects.count()) == ([201], 1)


def test_a_link_of_the_site_chat_orders_for_its_chat_and_is_not_left_in_the_address(shop: Shop, page: Page) -> None:
    chat = Chat.objects.create(channel=shop.channel, external_id="a" * 32, name="Пётр")
    ready(page, f"{shop.page}#guest={links.guest_token(chat)}")
    assert page.url == shop.page
    put(page, "Капучино")
    page.get_by_role("button", name=re.compile("^Корзина")).click()
    expect(page.get_by_label(re.compile("^Имя"))).to_have_value("Пётр")
    page.get_by_role("button", name=re.compile("^Заказать")).click()
    expect(page.locator("#ticket-number")).to_have_text("1")
    assert Order.objects.get().chat == chat


def test_the_menu_can_be_read_without_any_script(shop: Shop, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(shop.page)
    expect(page.get_by_role("heading", name="Кофе", exact=True)).to_be_visible()
    expect(card(page, "Капучино")).to_contain_text("₽")
