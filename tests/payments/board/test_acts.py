"""The buttons of a ticket: each does its step once, and a late press says who was quicker."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bot.models import InboxEvent
from content.models import Place
from payments.models import Barista, Order, Ticket
from tests.payments.board.conftest import Press
from tests.payments.shop.cafe import Cafe, Guest
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db


def test_accept_make_hand_over(barista: Client, ticket: Ticket, guest: Guest, press: Press) -> None:
    for verb, status in (("accept", "making"), ("ready", "ready"), ("pick_up", "picked_up")):
        answer = press(barista, verb)
        assert (answer.status_code, answer.json()["ticket"]["status"]) == (200, status)
    ticket.refresh_from_db()
    assert ticket.accepted_by == "Barista"
    assert ticket.order.status == Order.Status.PAID
    assert guest.heard() == ["placed", "making", "ready", "picked_up"]


def test_of_two_who_accept_one_does_and_the_other_hears_who(people: People, barista: Client, press: Press) -> None:
    press(barista, "accept")
    answer = press(logged_in(people.owner), "accept", seen="received")
    assert answer.status_code == 409
    assert "уже принял(а) Barista" in answer.json()["message"]
    assert answer.json()["ticket"]["status"] == "making"


def test_the_barista_is_told_that_the_guest_has_canceled(barista: Client, ticket: Ticket, press: Press) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="canceled", canceled_by="guest")
    answer = press(barista, "accept", seen="received")
    assert answer.status_code == 409
    assert "отменил гость" in answer.json()["message"]


def test_one_step_back_is_one_step_however_many_tablets_press(barista: Client, ticket: Ticket, press: Press) -> None:
    press(barista, "accept")
    press(barista, "ready")
    assert press(barista, "recall").status_code == 200
    assert press(barista, "recall", seen="ready").status_code == 409
    ticket.refresh_from_db()
    assert ticket.status == "making"


def test_what_was_handed_over_by_mistake_comes_back(barista: Client, ticket: Ticket, press: Press) -> None:
    for verb in ("accept", "ready", "pick_up", "recall"):
        assert press(barista, verb).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.status, ticket.picked_up_at, ticket.order.status) == ("ready", None, "new")


def test_a_delay_moves_the_promise_and_the_guest_is_told(barista: Client, ticket: Ticket, press: Press) -> None:
    promised = ticket.pickup_at
    answer = press(barista, "delay", minutes="10")
    assert "гость предупреждён" in answer.json()["message"]
    ticket.refresh_from_db()
    assert (ticket.delay_minutes, ticket.pickup_at) == (10, promised + dt.timedelta(minutes=10))
    news = InboxEvent.objects.filter(kind="order").latest("pk").payload
    assert (news["what"], news["minutes"]) == ("delayed", 10)


@pytest.mark.parametrize("minutes", ["", "7", "-5", "600", "x"])
def test_only_the_delays_on_offer_are_told(barista: Client, ticket: Ticket, press: Press, minutes: str) -> None:
    assert press(barista, "delay", minutes=minutes).status_code == 409
    ticket.refresh_from_db()
    assert ticket.delay_minutes == 0


def test_a_cancellation_needs_a_reason_and_the_guest_reads_it(barista: Client, ticket: Ticket, press: Press) -> None:
    assert press(barista, "cancel", reason="  ").status_code == 409
    assert press(barista, "cancel", reason="Закончился продукт, простите, Анна").status_code == 200
    ticket.refresh_from_db()
    assert (ticket.status, ticket.canceled_by) == ("canceled", "shop")
    # Not veiled, though the barista may not see personal data.
    assert InboxEvent.objects.filter(kind="order").latest("pk").payload["reason"].endswith("Анна")


def test_the_counter_reads_the_name_and_the_wish_and_no_phone(barista: Client, cafe: Cafe, ticket: Ticket) -> None:
    customer = ticket.order.customer
    type(customer).objects.filter(pk=customer.pk).update(phone="+79161234567")
    told = barista.get(reverse("board_state", args=[cafe.place.code]))
    (shown,) = told.json()["tickets"]
    assert (shown["name"], shown["comment"]) == ("Анна", "Погорячее")
    assert shown["items"] == [
        {"code": "latte", "title": "Латте", "quantity": 2, "options": ["400 мл"], "option_codes": ["size:l"]}
    ]
    assert "9161234567" not in told.content.decode()


def test_a_place_that_is_not_theirs_is_closed(people: People, barista: Client, cafe: Cafe, press: Press) -> None:
    other = Place.objects.create(code="arbat", name="На Арбате")
    Barista.objects.create(user=people.barista).places.add(other)
    assert barista.get(reverse("board", args=[cafe.place.code])).status_code == 403
    assert press(barista, "accept").status_code == 403
    assert barista.get(reverse("boards")).headers["Location"] == reverse("board", args=["arbat"])


def test_a_ticket_of_another_place_cannot_be_pressed_from_here(barista: Client, ticket: Ticket) -> None:
    Place.objects.create(code="arbat", name="На Арбате")
    answer = barista.post(reverse("board_act", args=["arbat", ticket.pk, "accept"]), {"seen": "received"})
    assert answer.status_code == 409
    assert answer.json()["ticket"] is None


@pytest.mark.parametrize("role", ["manager", "editor", "analyst", "stranger"])
def test_who_has_no_right_to_the_board_presses_nothing(people: People, press: Press, ticket: Ticket, role: str) -> None:
    answer: Any = press(logged_in(people.user(role)), "accept")
    assert answer.status_code in (302, 403)
    ticket.refresh_from_db()
    assert ticket.status == "received"


def test_an_unknown_button_is_no_button(barista: Client, press: Press) -> None:
    assert press(barista, "eat").status_code == 404


def test_the_login_of_a_barista_lands_on_the_board(barista: Client, cafe: Cafe) -> None:
    page = barista.get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("board", args=[cafe.place.code])
    assert "Доска заказов" in page.content.decode()
