"""The order board on two tablets: live, loud, refusing what it cannot do, and exact about what happened while it was away."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from content.models import Place
from payments.models import Ticket
from payments.shop.placing import Placed
from tests.asgi_server import asgi_server
from tests.payments.shop.cafe import ALL_WEEK, Cafe, Guest, guests, open_cafe
from tests.people import People, logged_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Static files are read in a thread, a few at a time: WhiteNoise is no ASGI application, and Django says so each time.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
NewContext = Callable[..., BrowserContext]
ROUND_THE_CLOCK = {day: [["00:00", "23:59"]] for day in ALL_WEEK}


@pytest.fixture
def cafe() -> Cafe:
    cafe = open_cafe()
    Place.objects.update(schedule=ROUND_THE_CLOCK, capacity=50)
    cafe.place.refresh_from_db()
    return cafe


@pytest.fixture
def house() -> Iterator[str]:
    with asgi_server() as address:
        yield address


def ordered(guest: Guest, cafe: Cafe, *, name: str = "Анна", comment: str = "", **wishes: Any) -> Ticket:
    """Let a guest order a large latte with oat milk and two croissants."""
    now = timezone.now()
    guest.puts(cafe.place, "latte", "size:l", "milk:oat")
    guest.puts(cafe.place, "croissant", quantity=2)
    guest.says(cafe.place, name=name, comment=comment)
    answer = guest.orders(cafe.place, now, **wishes)
    assert isinstance(answer, Placed), answer
    return Ticket.objects.select_related("place", "order__chat__channel", "order__customer").get(order=answer.order)


def tablet(make: NewContext, house: str, user: User, **options: Any) -> Page:
    """A tablet on the counter with the board open and live."""
    context = make(**{**TABLET, **options})
    session = logged_in(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": house}])
    page = context.new_page()
    page.goto(house + reverse("boards"))
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    return page


def lane(page: Page, name: str) -> Locator:
    return page.locator(f'main [data-lane="{name}"]').first


def card(page: Page, ticket: Ticket) -> Locator:
    return page.locator(f'[data-ticket="{ticket.pk}"]')


def go(page: Page, ticket: Ticket) -> None:
    card(page, ticket).locator(".act--go").click()


def test_an_order_goes_through_the_lanes_and_the_guest_hears_each_step(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    page = tablet(new_context, house, people.barista)
    (guest,) = guests(1)
    ticket = ordered(guest, cafe, comment="Без сахара, пожалуйста")
    new = lane(page, "received").locator(".card")
    expect(new).to_contain_text("Латте")  # it came by itself
    for words in ("Анна", "400 мл", "Овсяное", "2×", "Круассан", "Без сахара", "Оплата на кассе", "740"):
        expect(new).to_contain_text(words)
    go(page, ticket)
    expect(lane(page, "making").locator(".card")).to_contain_text("Barista")
    go(page, ticket)
    expect(lane(page, "ready").locator(".card")).to_be_visible()
    go(page, ticket)
    expect(lane(page, "done").locator(".card")).to_be_visible()
    assert guest.heard() == ["placed", "making", "ready", "picked_up"]
