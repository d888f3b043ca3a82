"""From a cart to a ticket: reckoned anew on the server, all or nothing, once."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest

from content import menus, stops
from content.models import Product
from payments.models import Checkout, Order, Payment, PickupSlot, Ticket
from payments.shop import asking, carts, holds, placing, tickets
from payments.shop.errors import EmptyCart
from payments.shop.placing import Moved, Placed
from tests.payments.shop.cafe import NOON, guests, lines_of, open_cafe

pytestmark = pytest.mark.django_db


def kinds(answer: Placed | Moved) -> list[str]:
    assert isinstance(answer, Moved), answer
    return [change.kind.value for change in answer.changes]


def test_a_cart_becomes_an_order_with_a_ticket_and_the_cart_is_empty() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.puts(cafe.place, "latte", "size:l", "milk:oat", quantity=2)
    anna.puts(cafe.place, "croissant")
    anna.says(cafe.place, name="Анна", comment="погорячее")
    placed = anna.orders(cafe.place)
    assert isinstance(placed, Placed)
    order, ticket = placed.order, placed.ticket
    assert list(lines_of(order)) == [("Латте (400 мл, Овсяное)", Decimal(380), 2), ("Круассан", Decimal(180), 1)]
    assert (order.amount, order.status, placed.payment) == (Decimal(940), Order.Status.NEW, None)
    assert (ticket.number, ticket.status, ticket.name, ticket.comment) == (1, "received", "Анна", "погорячее")
    assert ticket.pickup_at == NOON + dt.timedelta(minutes=10)
    assert carts.cart_of(anna.customer, cafe.place).lines == ()
    assert anna.heard() == ["placed"]
    assert anna.buys(cafe.place, "croissant").ticket.number == 2, "the day's numbers go on"


def test_the_same_press_twice_is_one_order() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.puts(cafe.place, "croissant")
    first = anna.orders(cafe.place, key="press-1")
    anna.puts(cafe.place, "croissant")
    again = anna.orders(cafe.place, key="press-1")
    assert isinstance(first, Placed) and isinstance(again, Placed)
    assert (first.order, first.ticket) == (again.order, again.ticket)
    assert (Order.objects.count(), PickupSlot.objects.get().taken) == (1, 1)
    assert len(carts.cart_of(anna.customer, cafe.place).lines) == 1, "what was put in later is the next order's"


def test_an_empty_cart_is_no_order() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    with pytest.raises(EmptyCart):
        asking.ask(anna.customer, cafe.place, key="k", expected={})


def test_a_price_that_rose_is_told_and_nothing_is_ordered() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.puts(cafe.place, "latte", "size:s")
    checkout = anna.asks(cafe.place)
    Product.objects.filter(pk=cafe.latte.pk).update(price=Decimal(290))
    moved = placing.settle(checkout.pk, NOON)
    assert isinstance(moved, Moved)
    assert [(change.kind, change.facts["was"], change.facts["now"]) for change in moved.changes] == [
        ("price_changed", "250.00", "290.00")
    ]
    assert (Order.objects.count(), PickupSlot.objects.count(), anna.heard()) == (0, 0, ["moved"])
    menus.forget()
    asked_anew = anna.orders(cafe.place)
    assert isinstance(asked_anew, Placed) and asked_anew.order.amount == Decimal(290)


def test_what_ended_meanwhile_is_told_product_and_option_alike() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.puts(cafe.place, "latte", "size:s", "milk:oat")
    anna.puts(cafe.place, "croissant")
    checkout = anna.asks(cafe.place)
    stops.stop(cafe.place, cafe.croissant)
    stops.stop(cafe.place, cafe.oat)
    assert kinds(placing.settle(checkout.pk, NOON)) == ["option_gone", "product_gone"]
    assert kinds(placing.settle(checkout.pk, NOON)) == ["option_gone", "product_gone"], "asked again, the same answer"
    assert anna.heard() == ["moved"], "and told once"


def test_a_paused_place_takes_no_orders() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.puts(cafe.place, "croissant")
    checkout = anna.asks(cafe.place)
    cafe.place.is_paused, cafe.place.pause_reason = True, "Меняем кофемашину"
    cafe.place.save(update_fields=["is_paused", "pause_reason"])
    assert kinds(placing.settle(checkout.pk, NOON)) == ["place_paused"]


def test_the_last_pieces_go_with_the_order_and_come_back_once_when_it_is_given_up() -> None:
    cafe, (anna, boris) = open_cafe(), guests(2)
    stop = stops.stop(cafe.place, cafe.croissant, left=2)
    anna.puts(cafe.place, "croissant", quantity=2)
    placed = anna.orders(cafe.place)
    assert isinstance(placed, Placed)
    stop.refresh_from_db()
    assert stop.left == 0
    boris.puts(cafe.place, "croissant")
    assert kinds(boris.orders(cafe.place)) == ["product_gone"]
    assert tickets.cancel(placed.ticket, by=Ticket.By.GUEST, now=NOON)
    assert [holds.give_back(NOON), holds.give_back(NOON)] == [1, 0]
    stop.refresh_from_db()
    assert (stop.left, PickupSlot.objects.get().taken) == (2, 0)


def test_a_full_slot_gives_the_next_one_to_who_is_in_a_hurry_and_is_told_to_who_wished_it() -> None:
    cafe, (anna, boris, vera) = open_cafe(capacity=1), guests(3)
    assert anna.buys(cafe.place, "croissant").ticket.pickup_at == NOON + dt.timedelta(minutes=10)
    assert boris.buys(cafe.place, "croissant").ticket.pickup_at == NOON + dt.timedelta(minutes=20)
    vera.puts(cafe.place, "croissant")
    wished = vera.orders(cafe.place, pickup_at=NOON + dt.timedelta(minutes=20))
    assert kinds(wished) == ["slot_full"]


def test_an_order_to_be_paid_first_is_held_until_its_money_comes() -> None:
    cafe, (anna,) = open_cafe(hold_minutes=15), guests(1)
    placed = anna.buys(cafe.place, "croissant", way="telegram")
    assert placed.payment is not None
    assert (placed.ticket.status, placed.ticket.held_until) == ("held", NOON + dt.timedelta(minutes=15))
    assert (placed.payment.amount, placed.payment.status) == (Decimal(180), Payment.Status.CREATED)
    assert placing.recheck(placed.order, NOON) == ()
    assert tickets.money_came(placed.order, placed.payment, now=NOON)
    assert not tickets.money_came(placed.order, placed.payment, now=NOON), "twice is once"
    assert tickets.of(placed.order).status == "received"
    assert anna.heard() == ["placed", "paid"]


def test_the_worker_places_what_was_asked_for_and_tells_when_it_cannot() -> None:
    cafe, (anna, boris) = open_cafe(), guests(2)
    anna.puts(cafe.place, "croissant")
    boris.puts(cafe.place, "latte", "size:s")
    anna.asks(cafe.place)
    broken = boris.asks(cafe.place)
    Checkout.objects.filter(pk=broken.pk).update(cart={"lines": "not a list"})
    later = NOON
    for _attempt in range(placing.ATTEMPTS):
        placing.drain(partial(dt.datetime.fromtimestamp, later.timestamp(), dt.UTC))
        later += dt.timedelta(minutes=5)
    assert (anna.heard(), boris.heard()) == (["placed"], ["failed"])
