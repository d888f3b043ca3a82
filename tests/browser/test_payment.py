"""A person pays by hand: the link in the messenger, the school's page, *Оплатить*, and the receipt back in the messenger."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from payments.models import Payment
from tests.emulators.getcourse import SchoolServer
from tests.journeys.conftest import anna, house
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House
from tests.journeys.test_payment import offered, school

__all__ = ["anna", "house", "offered", "school"]
pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext]) -> Iterator[BrowserContext]:
    """Anna's browser: a phone."""
    yield new_context(viewport={"width": 390, "height": 780})


def test_the_link_is_pressed_paid_and_answered(
    house: House, offered: TelegramCustomer, school: SchoolServer, visitor: BrowserContext
) -> None:
    phone = visitor.new_page()
    phone.goto(house.telegram.url)
    phone.get_by_role("button", name=re.compile("Анна")).first.click()
    talk = phone.get_by_role("main", name="Переписка")
    expect(talk.get_by_text("персональная ссылка")).to_be_visible()
    with visitor.expect_page() as opened:
        talk.get_by_role("button", name=re.compile("Перейти к оплате")).click()
    page = opened.value
    page.get_by_placeholder("Ваш e-mail").fill("anna@example.ru")
    page.get_by_role("button", name="Оформить заказ").click()
    page.get_by_role("button", name=re.compile("^Оплатить 24")).click()
    expect(page.locator(".state")).to_have_text("оплачен")
    school.wait()
    house.settle()
    expect(talk.get_by_text("Оплата получена, спасибо!")).to_be_visible()
    assert Payment.objects.get().status == Payment.Status.PAID
    page.get_by_role("button", name="Вернуть деньги").click()
    expect(page.locator(".state")).to_have_text("возврат")
    school.wait()
    house.settle()
    expect(talk.get_by_text("Вернули оплату")).to_be_visible()
    assert Payment.objects.get().status == Payment.Status.REFUNDED
