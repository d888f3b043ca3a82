"""A shop at noon with a barista behind the counter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.models import Place
from payments.models import Ticket
from payments.shop.placing import Placed
from tests.payments.shop.cafe import ALL_WEEK, Cafe, Guest, guests, open_cafe
from tests.people import People, logged_in

ROUND_THE_CLOCK = {day: [["00:00", "23:59"]] for day in ALL_WEEK}
Press = Callable[..., Any]


@pytest.fixture
def cafe() -> Cafe:
    cafe = open_cafe()
    Place.objects.update(schedule=ROUND_THE_CLOCK, capacity=100)
    cafe.place.refresh_from_db()
    return cafe


@pytest.fixture
def guest() -> Guest:
    return guests(1)[0]


@pytest.fixture
def ticket(cafe: Cafe, guest: Guest) -> Ticket:
    """A latte, just ordered by Anna."""
    guest.puts(cafe.place, "latte", "size:l", quantity=2)
    guest.says(cafe.place, name="Анна", comment="Погорячее")
    answer = guest.orders(cafe.place, timezone.now())
    assert isinstance(answer, Placed), answer
    return Ticket.objects.get(order=answer.order)


@pytest.fixture
def barista(people: People) -> Client:
    return logged_in(people.barista)


@pytest.fixture
def press(cafe: Cafe, ticket: Ticket) -> Press:
    """Press a button of the ticket as it is seen now; return the answer."""

    def go(client: Client, verb: str, *, seen: str = "", **facts: Any) -> Any:
        ticket.refresh_from_db()
        address = reverse("board_act", args=[cafe.place.code, ticket.pk, verb])
        return client.post(address, {"seen": seen or ticket.status, **facts})

    return go
