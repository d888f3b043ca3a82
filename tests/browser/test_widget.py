"""The widget on somebody's site, as a visitor meets it: mouse, keyboard, phone, bad people."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.channels.base import Address
from bot.channels.registry import adapter_for
from bot.messages import Button
from bot.models import Channel, Chat, InboxEvent, Message
from bot.sender import submit
from tests.browser.visitor import answer, delivered, launcher, listening, messages, open_chat, panel, write
from tests.browser.widget_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visitor_opens_writes_and_is_answered_live(page: Page, site: Site) -> None:
    listening(page, site, lambda: open_chat(page, site))
    write(page, "Сколько стоит окно?")
    delivered(page, "Сколько стоит окно?")
    answer("От 9 000 ₽. Какой размер?")
    expect(messages(page).last).to_contain_text("От 9 000 ₽")
    start, text = InboxEvent.objects.order_by("pk")
    assert (start.kind, start.payload["page"]["url"]) == ("joined", f"{site.url}/")
    assert text.payload["text"] == "Сколько стоит окно?"


def test_where_the_visitor_came_from_is_told_once(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/?utm_source=ya&utm_campaign=okna", referer="https://ya.example/")
    page.goto(f"{site.url}/prices")
    launcher(page).click()
    write(page, "Здравствуйте")
    delivered(page, "Здравствуйте")
    page.reload()
    write(page, "Ещё раз")
    delivered(page, "Ещё раз")
    start = InboxEvent.objects.get(kind="joined")
    assert start.payload["page"]["utm"] == {"source": "ya", "campaign": "okna"}
    assert start.payload["page"]["url"] == f"{site.url}/prices"


def test_a_reload_keeps_the_talk_and_the_open_panel(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "Здравствуйте")
    delivered(page, "Здравствуйте")
    answer("Добрый день!")
    expect(messages(page)).to_have_count(2)
    page.reload()
    expect(panel(page)).to_be_visible()
    expect(messages(page)).to_contain_text([re.compile("Здравствуйте"), re.compile("Добрый день!")])


def test_what_comes_while_the_chat_is_closed_is_counted(page: Page, site: Site) -> None:
    listening(page, site, lambda: open_chat(page, site))
    write(page, "Здравствуйте")
    delivered(page, "Здравствуйте")
    page.keyboard.press("Escape")
    answer("Раз")
    answer("Два")
    badge = page.locator("#otklik-widget .badge")
    expect(badge).to_have_text("2")
    expect(launcher(page)).to_have_accessible_name("Открыть чат, 2 непрочитанных")
    page.reload()
    expect(badge).to_have_text("2")
    launcher(page).click()
    page.keyboard.press("Escape")
    expect(badge).to_be_hidden()
    page.reload()
    expect(launcher(page)).to_be_visible()
    expect(badge).to_be_hidden()


def test_everything_can_be_done_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.url)
    expect(launcher(page)).to_be_visible()
    page.locator("#before").focus()
    page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    field = page.get_by_label("Сообщение", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("Первая строка")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("вторая")
    page.keyboard.press("Enter")
    delivered(page, "Первая строка\nвторая")
    expect(field).to_be_focused()
    answer("Выберите", buttons=((Button("Цены", data="prices"),), (Button("Адрес", data="where"),)))
    expect(page.get_by_role("button", name="Цены")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Адрес")).to_be_focused()
    page.keyboard.press("Enter")
    delivered(page, "Адрес")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    press = InboxEvent.objects.get(kind="press")
    assert (press.payload["data"], press.payload["text"]) == ("where", "Адрес")


def test_buttons_go_away_once_answered(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "Здравствуйте")
    delivered(page, "Здравствуйте")
    answer("Выберите", buttons=((Button("Цены", data="p"), Button("Сайт", url="https://okna.example/")),))
    page.get_by_role("button", name="Цены").click()
    delivered(page, "Цены")
    expect(page.get_by_role("button", name="Цены")).to_have_count(0)
    expect(page.get_by_role("link", name="Сайт")).to_have_attribute("href", "https://okna.example/")


def test_a_phone_is_given_with_consent_only(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "Перезвоните")
    delivered(page, "Перезвоните")
    answer("Оставьте номер", buttons=((Button("Оставить номер", ask="contact"),),))
    page.get_by_role("button", name="Оставить номер").click()
    number = page.get_by_label("Ваш телефон")
    expect(number).to_be_focused()
    number.fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile("не меньше 10 цифр"))
    number.fill("+7 916 123-45-67")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile("Отметьте согласие"))
    assert not InboxEvent.objects.filter(kind="contact").exists()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Отправить номер").click()
    delivered(page, "+7 916 123-45-67")
    payload = InboxEvent.objects.get(kind="contact").payload
    assert (payload["phone"], payload["consent"]) == ("+7 916 123-45-67", True)
    assert payload["consent_text"].startswith("Я согласен")


@pytest.mark.parametrize(
    "attack", ["<img src=x onerror=window.hacked=1>", "<script>window.hacked=1</script>", "&lt;b&gt;"]
)
def test_words_are_never_read_as_html(page: Page, site: Site, attack: str) -> None:
    open_chat(page, site)
    write(page, attack)
    delivered(page, attack)
    answer(attack, buttons=((Button(attack, data="x"), Button("Ссылка", url="javascript:window.hacked=1")),))
    expect(messages(page).last).to_have_text(f"Бот: {attack}")
    expect(page.get_by_role("button", name=attack)).to_be_visible()
    expect(page.get_by_role("link", name="Ссылка")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_web_addresses_become_safe_links(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "привет")
    delivered(page, "привет")
    answer("Смотрите https://okna.example/a?b=1&c=2, там всё (и javascript:alert(1) тоже).")
    links = messages(page).last.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://okna.example/a?b=1&c=2")
    expect(links).to_have_attribute("rel", re.compile("noopener"))


def test_the_typing_sign_and_a_managers_name_are_shown(page: Page, site: Site) -> None:
    listening(page, site, lambda: open_chat(page, site))
    write(page, "Позовите человека")
    delivered(page, "Позовите человека")
    chat = Chat.objects.get()
    address = Address(chat.channel_id, chat.pk, chat.external_id, "", {}, {}, {})
    submit(adapter_for("webchat").show_typing(address)).result(5)
    expect(page.get_by_role("status").filter(has_text="печатает")).to_be_visible()
    answer("Ольга, слушаю вас", role=Message.Role.MANAGER)
    expect(page.locator("#otklik-widget .message.manager")).to_contain_text("Менеджер")
    expect(page.get_by_role("status").filter(has_text="печатает")).to_be_hidden()


def test_a_foreign_site_gets_no_chat(page: Page, site: Site) -> None:
    Channel.objects.update(options=Channel.objects.get().options | {"origins": ["https://okna.example"]})
    with page.expect_console_message(lambda message: "allowed sites" in message.text):
        page.goto(site.url)
    expect(page.locator("#otklik-widget")).to_have_count(0)


def test_a_strict_content_policy_of_the_site_does_not_undress_the_chat(page: Page, site: Site) -> None:
    site.policy = f"default-src 'none'; script-src {site.chat}; connect-src {site.chat}; img-src data:"
    open_chat(page, site)
    box = panel(page).bounding_box()
    assert box is not None
    assert box["width"] == 380
    write(page, "Здравствуйте")
    delivered(page, "Здравствуйте")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_small_phone_the_chat_fills_the_screen(
    new_context: Callable[..., BrowserContext], site: Site, scheme: str
) -> None:
    page = new_context(
        viewport={"width": 320, "height": 568}, is_mobile=True, has_touch=True, color_scheme=scheme
    ).new_page()
    open_chat(page, site)
    expect(panel(page)).to_have_attribute("aria-modal", "true")
    assert panel(page).bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 568}
    write(page, "д" * 300)
    delivered(page, "ддд")
    answer("Выберите", buttons=((Button("Длинная подпись кнопки, которая не помещается в строку", data="p"),),))
    expect(page.get_by_role("button", name="Длинная")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for button in panel(page).get_by_role("button").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box is not None
            assert (box["width"] >= 44, box["height"] >= 44, box["x"] + box["width"] <= 320) == (True, True, True)


def test_on_a_phone_the_keyboard_stays_in_the_dialog(new_context: Callable[..., BrowserContext], site: Site) -> None:
    page = new_context(viewport={"width": 320, "height": 568}).new_page()
    open_chat(page, site)
    for key in ("Tab", "Shift+Tab"):
        for _ in range(6):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.id") == "otklik-widget"
    page.keyboard.press("Escape")
    expect(launcher(page)).to_be_focused()


def test_english_when_asked_and_the_page_may_open_it(page: Page, site: Site) -> None:
    site.attributes = 'data-lang="en"'
    page.goto(site.url)
    expect(page.get_by_role("button", name="Open chat")).to_be_visible()
    page.evaluate("Otklik.open()")
    expect(page.get_by_placeholder("Write a message…")).to_be_focused()
    page.evaluate("Otklik.close()")
    expect(panel(page)).to_be_hidden()


def test_before_the_visitor_opens_it_nothing_is_stored(page: Page, site: Site) -> None:
    page.goto(site.url)
    expect(launcher(page)).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []
    assert not Chat.objects.exists()


def test_the_demo_page_honours_the_widget(page: Page, site: Site) -> None:
    channel = Channel.objects.get()
    Channel.objects.update(options=channel.options | {"origins": [site.chat]})
    page.goto(f"{site.chat}/chat/demo")
    page.get_by_role("button", name="Узнать цену").click()
    expect(panel(page)).to_be_visible()
    write(page, "Почём окно на кухню?")
    delivered(page, "Почём окно на кухню?")
    page.reload()
    expect(messages(page)).to_have_count(1)
