"""The shop's till in the owner's browser: its pages fit a phone, and a promo code is made without help."""

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from payments.models import LoyaltyProgram, Promo, Ticket
from payments.shop import reviews, tickets
from tests.payments.shop.cafe import NOON, guests, open_cafe
from tests.people import logged_in, make_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("OTKLIK_SHOTS", "")  # a folder for pictures, to be looked at


def busy_day() -> None:
    """Orders in several states, a code, stamps and words."""
    cafe, people = open_cafe(), guests(4)
    Promo.objects.create(code="ПРИВЕТ", title="Первый заказ", value=Decimal(15), most_uses=100)
    LoyaltyProgram.objects.create(kind="nth", every=6)
    for number, guest in enumerate(people):
        guest.says(cafe.place, promo="привет" if number < 2 else "", name=f"Гость {number}", comment="погорячее")
        ticket = guest.buys(cafe.place, "latte", "size:l", "milk:oat").ticket
        if number == 0:
            tickets.pick_up(ticket, now=NOON)
            reviews.keep(ticket.order, stars=5, text="Лучший латте в городе, бариста помнит имена. " * 4)
        if number == 1:
            tickets.cancel(ticket, by="shop", reason="Закончилось овсяное молоко", now=NOON)


def addresses() -> dict[str, str]:
    lists = ("ticket", "promo", "loyaltyprogram", "loyaltyentry", "review")
    found = {name: reverse(f"admin:payments_{name}_changelist") for name in lists}
    row = Ticket.objects.order_by("pk").first()
    assert row is not None
    found["ticket-page"] = reverse("admin:payments_ticket_change", args=[row.pk])
    found["order-page"] = reverse("admin:payments_order_change", args=[row.order_id])
    found["promo-page"] = reverse("admin:payments_promo_change", args=[Promo.objects.get().pk])
    found["program-page"] = reverse("admin:payments_loyaltyprogram_change", args=[LoyaltyProgram.objects.get().pk])
    found["gift-page"] = reverse("admin:payments_loyaltyentry_add")
    return found


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_every_page_of_the_till_fits_its_screen(
    live_server: Any, new_context: Callable[..., BrowserContext], width: int, theme: Any
) -> None:
    busy_day()
    context = new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    session = logged_in(make_people().owner).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    for name, address in addresses().items():
        page.goto(live_server.url + address)
        expect(page.locator("body")).not_to_contain_text("Traceback")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{theme}.png", full_page=True)


def test_an_editor_makes_a_promo_code(live_server: Any, new_context: Callable[..., BrowserContext]) -> None:
    context = new_context(viewport={"width": 1280, "height": 900})
    session = logged_in(make_people().editor).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("admin:payments_promo_add"))
    page.locator("input[name=code]").fill("ЛЕТО")
    page.locator("input[name=value]").fill("10")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("#result_list, table").first).to_contain_text("ЛЕТО")
    assert Promo.objects.get().value == 10
