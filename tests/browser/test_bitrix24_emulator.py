"""The portal's page, driven in a real Chromium: a person plays client, operator and the one who orders faults."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.emulators.bitrix24 import PortalServer

pytestmark = pytest.mark.browser
WIDTHS = [(1280, 860), (390, 844)]


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


@pytest.fixture
def page(portal: PortalServer, chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(portal.url)
    yield opened
    opened.close()
    assert problems == []


def test_a_person_makes_a_lead_and_sees_its_timeline(portal: PortalServer, page: Page) -> None:
    page.get_by_text("Новый лид").click()
    page.get_by_label("Название").fill("<b>Заявка</b>")
    page.get_by_role("button", name="Создать лид").click()
    card = page.locator("#lead")
    expect(card.get_by_role("heading", name="<b>Заявка</b>")).to_be_visible()
    expect(card).to_contain_text("не указан")
    number = portal.leads()[0]["id"]
    portal.update_lead(number, phone="+79990000001", stageId="IN_PROCESS")
    expect(card).to_contain_text("+79990000001")
    expect(card).to_contain_text("Стадия: В работе")


def test_a_person_is_client_and_operator_with_the_keyboard(portal: PortalServer, page: Page) -> None:
    page.get_by_role("tab", name="Лиды").press("ArrowRight")
    page.get_by_text("Написать от нового клиента").click()
    page.get_by_label("Откуда").select_option("ВКонтакте")
    page.get_by_role("button", name="Отправить").click()
    bubbles = page.locator("#bubbles")
    expect(bubbles).to_contain_text("Сколько стоит консультация?")
    page.get_by_label("Сообщение оператора").fill("Сейчас расскажу")
    page.keyboard.press("Enter")
    expect(bubbles.locator(".employee")).to_contain_text("Сейчас расскажу")
    page.get_by_label("Сообщение клиента").fill("Жду")
    page.keyboard.press("Enter")
    expect(bubbles.locator(".client").last).to_contain_text("Жду")
    expect(page.get_by_label("Сообщение клиента")).to_have_value("")
    page.get_by_role("button", name="Завершить диалог").click()
    expect(page.locator("#chat-head")).to_contain_text("Диалог завершён")
    assert portal.chat(112)["connector"] == "vkgroup"


@pytest.mark.parametrize("size", WIDTHS)
def test_no_section_is_wider_than_the_screen(portal: PortalServer, page: Page, size: tuple[int, int]) -> None:
    portal.add_lead(title="Очень" * 40, comments="слово" * 60)
    portal.client_says("telegrambot", 1, "1", "длинно" * 100, name="Имя" * 20)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(50)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab.inner_text()


def test_a_fault_is_ordered_on_the_page(portal: PortalServer, page: Page) -> None:
    page.get_by_role("tab", name="Сбои").click()
    page.get_by_label("Что случится").select_option("act_then_drop")
    page.get_by_label("Сколько раз").fill("2")
    page.get_by_role("button", name="Заказать").click()
    expect(page.locator("#fault-list")).to_contain_text("2 × act_then_drop")
    page.get_by_role("button", name="Отменить все").click()
    expect(page.locator("#fault-list")).to_contain_text("Ничего не заказано")
