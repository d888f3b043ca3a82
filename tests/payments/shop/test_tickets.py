"""The life of a ticket: each step once, told to the chat, and what it brings or gives back."""

import datetime as dt
from decimal import Decimal

import pytest

from content import stops
from payments.models import Checkout, LoyaltyEntry, LoyaltyProgram, Order, Payment, Promo, PromoUse, Review, Ticket
from payments.shop import changes, holds, loyalty, placing, reminding, reviews, tickets
from payments.shop.placing import Moved, Placed
from tests.payments.shop.cafe import NOON, Guest, guests, open_cafe

pytestmark = pytest.mark.django_db


def minutes(count: int) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def test_an_order_goes_from_the_counter_to_the_guest_and_is_paid_there() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    ticket = anna.buys(cafe.place, "croissant").ticket
    assert tickets.accept(ticket, by="Ира", now=NOON) and ticket.status == "making"
    assert not tickets.cancel(ticket, by="guest", now=NOON), "it is being made"
    assert tickets.ready(ticket, now=NOON + minutes(5))
    assert tickets.pick_up(ticket, now=NOON + minutes(9))
    assert not tickets.pick_up(ticket, now=NOON + minutes(9))
    order = Order.objects.get()
    assert (order.status, order.paid_at) == ("paid", NOON + minutes(9))
    assert anna.heard() == ["placed", "making", "ready", "picked_up"]


def test_a_step_taken_by_mistake_is_taken_back_and_said_again_when_it_is_true() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    ticket = anna.buys(cafe.place, "croissant").ticket
    tickets.accept(ticket, by="Ира", now=NOON)
    tickets.ready(ticket, now=NOON + minutes(1))
    assert tickets.recall(ticket, now=NOON + minutes(2))
    assert (ticket.status, ticket.ready_at, ticket.remind_at) == ("making", None, None)
    tickets.ready(ticket, now=NOON + minutes(3))
    assert anna.heard().count("ready") == 2
    tickets.pick_up(ticket, now=NOON + minutes(4))
    assert tickets.recall(ticket, now=NOON + minutes(5))
    assert Order.objects.get().status == "new", "nobody has paid after all"
    tickets.recall(ticket, now=NOON)
    tickets.recall(ticket, now=NOON)
    assert (ticket.status, tickets.recall(ticket, now=NOON)) == ("received", False)


def test_the_shop_cancels_with_a_reason_even_what_is_ready() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    ticket = anna.buys(cafe.place, "croissant").ticket
    tickets.ready(ticket, now=NOON)
    assert tickets.cancel(ticket, by="shop", reason="Сломалась печь", now=NOON)
    assert (ticket.cancel_reason, Order.objects.get().status, anna.heard()[-1]) == (
        "Сломалась печь", "canceled", "canceled",
    )  # fmt: skip


def test_a_delay_is_told_and_moves_the_promise() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    ticket = anna.buys(cafe.place, "croissant").ticket
    promised = ticket.pickup_at
    assert tickets.delay(ticket, 10, now=NOON) and tickets.delay(ticket, 5, now=NOON)
    assert (ticket.pickup_at, ticket.delay_minutes) == (promised + minutes(15), 15)
    assert anna.heard().count("delayed") == 2
    tickets.ready(ticket, now=NOON)
    assert not tickets.delay(ticket, 5, now=NOON), "it is ready"


def test_a_hold_ends_when_its_time_is_over_and_not_before() -> None:
    cafe, (anna,) = open_cafe(hold_minutes=15), guests(1)
    stop = stops.stop(cafe.place, cafe.croissant, left=1)
    placed = anna.buys(cafe.place, "croissant", way="yookassa")
    assert reminding.expire(NOON + minutes(14)) == 0
    assert placing.recheck(placed.order, NOON + minutes(15)) != (), "nothing is charged for what is held no more"
    assert (reminding.expire(NOON + minutes(15)), reminding.expire(NOON + minutes(15))) == (1, 0)
    holds.give_back(NOON + minutes(15))
    stop.refresh_from_db()
    assert (stop.left, Order.objects.get().status, anna.heard()) == (1, "canceled", ["placed", "expired"])
    assert placed.payment is not None
    assert not tickets.money_came(placed.order, placed.payment, now=NOON + minutes(16)), "the money must go back"


def test_a_place_that_pauses_while_somebody_pays_charges_nobody() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    order = anna.buys(cafe.place, "croissant", way="telegram").order
    cafe.place.is_paused = True
    cafe.place.save(update_fields=["is_paused"])
    assert [change.kind.value for change in placing.recheck(order, NOON)] == ["place_paused"]


def test_an_order_that_costs_nothing_is_paid_and_goes_to_the_counter() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    Promo.objects.create(code="GIFT", value=Decimal(100))
    anna.says(cafe.place, promo=" gift ")
    placed = anna.buys(cafe.place, "croissant", way="yookassa")
    assert (placed.order.amount, placed.order.status, placed.payment, placed.ticket.status) == (
        Decimal(0), "paid", None, "received",
    )  # fmt: skip
    assert not Payment.objects.exists()


def sixth_coffee(guest: Guest) -> None:
    LoyaltyProgram.objects.create(kind="nth", every=6)
    LoyaltyEntry.objects.create(customer=guest.customer, kind="gift", unit="stamp", amount=5)


def test_the_free_drink_is_spent_when_ordered_and_comes_back_when_the_order_is_given_up() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    sixth_coffee(anna)
    ticket = anna.buys(cafe.place, "latte", "size:s", use_loyalty=True).ticket
    assert (int(ticket.order.amount), loyalty.purse_of(anna.customer, cafe.place).balance) == (0, 0)
    tickets.cancel(ticket, by="guest", now=NOON)
    holds.give_back(NOON)
    holds.give_back(NOON)
    assert loyalty.purse_of(anna.customer, cafe.place).balance == 5
    assert list(LoyaltyEntry.objects.order_by("pk").values_list("kind", "amount")) == [
        ("gift", 5), ("spent", -5), ("returned", 5),
    ]  # fmt: skip


def test_what_is_earned_comes_at_pickup_once_and_goes_with_a_cancel() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    LoyaltyProgram.objects.create(kind="points", percent=Decimal(10))
    ticket = anna.buys(cafe.place, "croissant").ticket
    assert (ticket.earns, loyalty.purse_of(anna.customer, cafe.place).balance) == (18, 0)
    tickets.pick_up(ticket, now=NOON)
    tickets.recall(ticket, now=NOON)
    tickets.pick_up(ticket, now=NOON)
    assert loyalty.purse_of(anna.customer, cafe.place).balance == 18
    tickets.recall(ticket, now=NOON)
    tickets.cancel(ticket, by="shop", reason="ошибка", now=NOON)
    holds.give_back(NOON)
    assert loyalty.purse_of(anna.customer, cafe.place).balance == 0


def test_the_use_of_a_code_comes_back_with_a_given_up_order() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    promo = Promo.objects.create(code="ONCE", value=Decimal(10), most_uses=1)
    anna.says(cafe.place, promo="once")
    placed = anna.buys(cafe.place, "croissant")
    assert (placed.order.amount, PromoUse.objects.get().amount) == (Decimal(162), Decimal(18))
    anna.puts(cafe.place, "croissant")
    anna.says(cafe.place, promo="once")
    seen = anna.sees(cafe.place)
    assert (seen.promo_why, seen.total) == ("used_up", Decimal(180))
    tickets.cancel(placed.ticket, by="guest", now=NOON)
    holds.give_back(NOON)
    promo.refresh_from_db()
    assert (promo.used, anna.sees(cafe.place).total) == (0, Decimal(162))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"starts_at": NOON + minutes(1)}, "not_yet"),
        ({"ends_at": NOON}, "over"),
        ({"is_active": False}, "unknown"),
        ({"scenario_key": "school"}, "unknown"),
        ({"least_amount": Decimal(500)}, "too_little"),
    ],
)
def test_a_code_that_does_not_work_says_why(fields: dict[str, object], why: str) -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    Promo.objects.create(code="SPRING", value=Decimal(10), **fields)
    anna.puts(cafe.place, "croissant")
    anna.says(cafe.place, promo="spring")
    seen = anna.sees(cafe.place)
    assert (seen.promo_why, seen.total, seen.promo) == (why, Decimal(180), "")


def test_a_code_that_ended_between_the_look_and_the_press_is_told() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    promo = Promo.objects.create(code="SPRING", value=Decimal(20))
    anna.puts(cafe.place, "croissant")
    anna.says(cafe.place, promo="spring")
    for change in ({"value": Decimal(10)}, {"ends_at": NOON}):
        checkout = anna.asks(cafe.place)
        Promo.objects.filter(pk=promo.pk).update(**change)
        moved = placing.settle(checkout.pk, NOON)
        assert isinstance(moved, Moved)
        assert [item.kind.value for item in moved.changes] == ["promo_over"], change


def test_a_cart_that_grew_elsewhere_is_not_charged_silently() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    anna.puts(cafe.place, "croissant")
    seen = anna.sees(cafe.place).seen()
    anna.puts(cafe.place, "latte", "size:s")
    checkout = anna.asks(cafe.place)
    Checkout.objects.filter(pk=checkout.pk).update(expected=seen)
    moved = placing.settle(checkout.pk, NOON)
    assert isinstance(moved, Moved)
    assert moved.changes[0].facts == {"product": "", "was": "180.00", "now": "430.00"}


def test_who_does_not_come_is_reminded_once_and_asked_for_a_word_once() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    ticket = anna.buys(cafe.place, "croissant").ticket
    tickets.ready(ticket, now=NOON)
    assert (reminding.remind(NOON + minutes(9)), reminding.remind(NOON + minutes(10))) == (0, 1)
    assert reminding.remind(NOON + minutes(30)) == 0
    tickets.pick_up(ticket, now=NOON + minutes(12))
    assert reminding.ask_for_reviews(NOON + minutes(41)) == 0
    assert reminding.ask_for_reviews(NOON + minutes(42)) == 1
    assert reminding.ask_for_reviews(NOON + minutes(50)) == 0
    assert anna.heard() == ["placed", "ready", "waiting", "picked_up", "review"]


def test_who_wants_to_be_left_alone_is_not_asked_for_a_word() -> None:
    cafe, people = open_cafe(), guests(3)
    for guest in people:
        tickets.pick_up(guest.buys(cafe.place, "croissant").ticket, now=NOON)
    people[0].chat.blocked_at = NOON
    people[0].chat.save(update_fields=["blocked_at"])
    people[1].customer.unsubscribed_at = NOON
    people[1].customer.save(update_fields=["unsubscribed_at"])
    assert reminding.ask_for_reviews(NOON + minutes(60)) == 3
    assert [guest.heard()[-1] for guest in people] == ["picked_up", "picked_up", "review"]


def test_a_word_may_be_changed_and_stays_one() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    order = anna.buys(cafe.place, "croissant").order
    reviews.keep(order, stars=4, text=" Вкусно ")
    reviews.keep(order, stars=9)
    assert list(Review.objects.values_list("stars", "text")) == [(5, "Вкусно")]


def test_a_board_that_comes_back_hears_what_it_missed() -> None:
    cafe, people = open_cafe(), guests(2)
    first = people[0].buys(cafe.place, "croissant").ticket
    shown, cursor = changes.since(cafe.place.pk, 0)
    assert shown == [first]
    tickets.accept(first, by="Ира", now=NOON)
    second = people[1].buys(cafe.place, "croissant").ticket
    held = people[1].buys(cafe.place, "croissant", way="telegram").ticket
    missed, later = changes.since(cafe.place.pk, cursor)
    assert {(row.pk, row.status) for row in missed} == {(first.pk, "making"), (second.pk, "received")}
    assert held.status == "held" and later >= cursor
    tickets.cancel(second, by="guest", now=NOON)
    assert second.pk in {row.pk for row in changes.since(cafe.place.pk, later)[0]}
    assert {row.pk for row in changes.since(cafe.place.pk, later + 10**9)[0]} == {first.pk}, "another database's cursor"


def test_orders_of_two_days_begin_their_numbers_anew() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    assert anna.buys(cafe.place, "croissant").ticket.number == 1
    tomorrow = anna.buys(cafe.place, "croissant", pickup_at=NOON + dt.timedelta(days=1)).ticket
    assert (tomorrow.number, tomorrow.business_day, tomorrow.is_asap) == (1, dt.date(2026, 11, 19), False)
    assert anna.buys(cafe.place, "croissant").ticket.number == 2


def test_only_an_order_that_nobody_makes_yet_is_the_guests_to_cancel() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    for status in Ticket.Status:
        ticket = anna.buys(cafe.place, "croissant").ticket
        Ticket.objects.filter(pk=ticket.pk).update(status=status)
        assert tickets.cancel(ticket, by="guest", now=NOON) is (status in Ticket.CANCELABLE_BY_GUEST), status


def test_placed_is_what_a_ticket_says() -> None:
    cafe, (anna,) = open_cafe(), guests(1)
    answer = anna.buys(cafe.place, "croissant")
    assert isinstance(answer, Placed) and tickets.of(answer.order) == answer.ticket
