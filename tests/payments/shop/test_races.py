"""Two at the same instant, on connections of their own: what is limited is never given out twice, and nothing is lost.

Each was seen to fail without its mechanism: the lock of the stop-list's lines, the conditional UPDATE of the slot, the lock of
the promo code, the unique key, the old state in the WHERE of each verb, the guest's lock.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from content import stops
from payments.models import (
    CartRow,
    Checkout,
    LoyaltyEntry,
    LoyaltyProgram,
    Order,
    PickupSlot,
    Promo,
    PromoUse,
    StockHold,
    Ticket,
)
from payments.shop import asking, carts, holds, orders, placing, tickets
from payments.shop.placing import Moved, Placed
from payments.shop.quoting import Quote
from tests.chaos.test_races import at_once
from tests.payments.shop.cafe import NOON, Guest, guests, open_cafe

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5  # a race that is lost only sometimes is lost within these


@pytest.fixture(autouse=True)
def _slow_commits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let both be in the middle of placing at once: each waits a moment before its order is written."""
    write, gate = orders.write, threading.Event()

    def write_slowly(checkout: Checkout, reckoned: Quote, now: dt.datetime) -> Order:
        gate.wait(0.05)
        return write(checkout, reckoned, now)

    monkeypatch.setattr(orders, "write", write_slowly)
    yield


def settled(guest: Guest, pk: int) -> Callable[[], Placed | Moved]:
    return partial(placing.settle, pk, NOON)


def split(answers: list[Placed | Moved]) -> tuple[list[Placed], list[Moved]]:
    placed = [answer for answer in answers if isinstance(answer, Placed)]
    moved = [answer for answer in answers if isinstance(answer, Moved)]
    assert len(placed) + len(moved) == len(answers), answers
    return placed, moved


def test_the_last_croissant_goes_to_one_of_two_guests() -> None:
    cafe, people = open_cafe(), guests(2)
    for _round in range(ROUNDS):
        stop = stops.stop(cafe.place, cafe.croissant, left=1)
        CartRow.objects.all().delete()
        asked = []
        for guest in people:
            guest.puts(cafe.place, "croissant")
            asked.append(guest.asks(cafe.place).pk)
        placed, moved = split(at_once(*(partial(placing.settle, pk, NOON) for pk in asked)))
        stop.refresh_from_db()
        assert (len(placed), len(moved), stop.left) == (1, 1, 0)
        told = [(change.kind.value, change.line is not None) for change in moved[0].changes]
        assert told == [("product_gone", True)], "the guest is told which line it is"


def test_two_last_things_wanted_in_opposite_order_are_no_deadlock() -> None:
    cafe, people = open_cafe(), guests(2)
    stops.stop(cafe.place, cafe.croissant, left=50)
    stops.stop(cafe.place, cafe.oat, left=50)
    for _round in range(ROUNDS):
        CartRow.objects.all().delete()
        people[0].puts(cafe.place, "croissant")
        people[0].puts(cafe.place, "latte", "size:s", "milk:oat")
        people[1].puts(cafe.place, "latte", "size:s", "milk:oat")
        people[1].puts(cafe.place, "croissant")
        asked = [guest.asks(cafe.place).pk for guest in people]
        placed, _moved = split(at_once(*(partial(placing.settle, pk, NOON) for pk in asked)))
        assert len(placed) == 2


def test_the_last_room_of_a_slot_goes_to_one_of_two_guests() -> None:
    cafe, people = open_cafe(capacity=1), guests(2)
    for number in range(ROUNDS):
        wished = NOON + dt.timedelta(minutes=20 + 10 * number)
        CartRow.objects.all().delete()
        asked = []
        for guest in people:
            guest.puts(cafe.place, "croissant")
            asked.append(guest.asks(cafe.place, pickup_at=wished).pk)
        placed, moved = split(at_once(*(partial(placing.settle, pk, NOON) for pk in asked)))
        assert (len(placed), len(moved)) == (1, 1)
        assert [change.kind.value for change in moved[0].changes] == ["slot_full"]
        assert PickupSlot.objects.get(starts_at=wished).taken == 1


def test_two_in_a_hurry_get_two_slots_when_one_has_one_room() -> None:
    cafe, people = open_cafe(capacity=1), guests(2)
    asked = []
    for guest in people:
        guest.puts(cafe.place, "croissant")
        asked.append(guest.asks(cafe.place).pk)
    placed, _moved = split(at_once(*(partial(placing.settle, pk, NOON) for pk in asked)))
    assert len({answer.ticket.slot_at for answer in placed}) == len(placed) == 2
    assert sorted(answer.ticket.number for answer in placed) == [1, 2]


def test_the_last_use_of_a_promo_code_goes_to_one_of_two_guests() -> None:
    cafe, people = open_cafe(), guests(2)
    promo = Promo.objects.create(code="LAST", kind="amount", value=Decimal(50), most_uses=1, most_per_guest=None)
    for _round in range(ROUNDS):
        Promo.objects.update(used=0)
        CartRow.objects.all().delete()
        asked = []
        for guest in people:
            guest.puts(cafe.place, "croissant")
            guest.says(cafe.place, promo="last")
            asked.append(guest.asks(cafe.place).pk)
        placed, moved = split(at_once(*(partial(placing.settle, pk, NOON) for pk in asked)))
        promo.refresh_from_db()
        assert (len(placed), len(moved), promo.used) == (1, 1, 1)
        assert moved[0].changes[0].facts["reason"] == "used_up"


def test_one_guest_does_not_use_a_once_only_code_in_two_orders_at_once() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    other = type(cafe.place).objects.create(code="second", name="Вторая", schedule=cafe.place.schedule)
    Promo.objects.create(code="ONCE", value=Decimal(10), most_per_guest=1)
    asked = []
    for place in (cafe.place, other):
        anna.puts(place, "croissant")
        anna.says(place, promo="once")
        asked.append(anna.asks(place).pk)
    placed, moved = split(at_once(*(partial(placing.settle, pk, NOON) for pk in asked)))
    assert (len(placed), len(moved), PromoUse.objects.count()) == (1, 1, 1)


def test_what_a_guest_saved_is_not_spent_in_two_orders_at_once() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    other = type(cafe.place).objects.create(code="second", name="Вторая", schedule=cafe.place.schedule)
    LoyaltyProgram.objects.create(kind="nth", every=6)
    LoyaltyEntry.objects.create(customer=anna.customer, kind="gift", unit="stamp", amount=5)
    asked = []
    for place in (cafe.place, other):
        anna.puts(place, "croissant")
        asked.append(anna.asks(place, use_loyalty=True).pk)
    placed, moved = split(at_once(*(partial(placing.settle, pk, NOON) for pk in asked)))
    assert (len(placed), [change.kind.value for change in moved[0].changes]) == (1, ["loyalty_changed"])
    assert LoyaltyEntry.objects.filter(kind="spent").count() == 1


def test_one_press_that_came_twice_at_once_is_one_order() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    for number in range(ROUNDS):
        anna.puts(cafe.place, "croissant")
        seen, key = anna.sees(cafe.place).seen(), f"press-{number}"

        def press(seen: dict[str, Any] = seen, key: str = key) -> Placed | Moved:
            checkout = asking.ask(anna.customer, cafe.place, key=key, expected=seen, chat=anna.chat, now=NOON)
            return placing.settle(checkout.pk, NOON)

        placed, _moved = split(at_once(press, press))
        assert len({answer.order.pk for answer in placed}) == 1 == len(placed) - 1
    assert Ticket.objects.count() == ROUNDS


def test_a_change_in_the_chat_and_one_in_the_mini_app_are_both_in_the_cart() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    puts = partial(anna.puts, cafe.place, "croissant")
    at_once(*[puts] * 8)
    assert carts.cart_of(anna.customer, cafe.place).quantity == 8


def test_money_and_the_end_of_the_hold_come_at_once_and_one_of_them_decides() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    late = NOON + dt.timedelta(minutes=16)
    outcomes = set()
    for _round in range(ROUNDS):
        placed = anna.buys(cafe.place, "croissant", way="telegram")
        assert placed.payment is not None
        came, expired = at_once(
            partial(tickets.money_came, placed.order, placed.payment, now=late),
            partial(tickets.expire, tickets.of(placed.order), now=late),
        )
        assert came != expired, "both cannot be true, nor neither"
        outcomes.add(tickets.of(placed.order).status)
        assert tickets.of(placed.order).status == ("received" if came else "expired")
    assert outcomes <= {"received", "expired"}


def test_a_guest_cancels_at_the_instant_it_is_accepted_and_one_of_them_hears_no() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    for _round in range(ROUNDS):
        ticket = anna.buys(cafe.place, "croissant").ticket
        canceled, accepted = at_once(
            partial(tickets.cancel, tickets.of(ticket.order), by="guest", now=NOON),
            partial(tickets.accept, tickets.of(ticket.order), by="Ира", now=NOON),
        )
        assert canceled != accepted
        assert tickets.of(ticket.order).status == ("canceled" if canceled else "making")


def test_two_tablets_never_both_accept() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    for _round in range(ROUNDS):
        ticket = anna.buys(cafe.place, "croissant").ticket
        answers = at_once(
            *(partial(tickets.accept, tickets.of(ticket.order), by=name, now=NOON) for name in ("Ира", "Олег"))
        )
        assert sorted(answers) == [False, True]
        assert tickets.of(ticket.order).accepted_by == ("Ира", "Олег")[answers.index(True)]
    assert anna.heard().count("making") == ROUNDS


def test_what_a_given_up_order_held_comes_back_once_whoever_gives_it_back() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    stop = stops.stop(cafe.place, cafe.croissant, left=5)
    kept = [anna.buys(cafe.place, "croissant").ticket for _order in range(3)]
    ticket = anna.buys(cafe.place, "croissant").ticket
    tickets.cancel(ticket, by="guest", now=NOON)
    at_once(*[partial(holds.give_back, NOON)] * 4)
    stop.refresh_from_db()
    assert (stop.left, PickupSlot.objects.get().taken) == (2, len(kept)), "the rooms of the others stay theirs"
    assert StockHold.objects.get(order=ticket.order).released_at == NOON


def test_an_order_whose_transaction_is_rolled_back_has_taken_nothing() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    stop = stops.stop(cafe.place, cafe.croissant, left=1)
    anna.puts(cafe.place, "croissant")
    checkout = anna.asks(cafe.place)
    with pytest.raises(RuntimeError), transaction.atomic():
        placing.settle(checkout.pk, NOON)
        raise RuntimeError
    stop.refresh_from_db()
    assert (stop.left, PickupSlot.objects.count(), Ticket.objects.count()) == (1, 0, 0)
    connection.close()
