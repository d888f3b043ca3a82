"""Money for an order of the shop: whenever, however often and in whatever sum it comes, nobody's money is lost."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from bot.models import Message
from content.models import Stop
from crm.models import Manager
from payments import checking, desk, linking, refunding
from payments.models import Account, Order, Payment, PickupSlot, Refund, Ticket
from payments.providers.wire import close_shared
from payments.shop import holds, reminding, tickets
from payments.shop.placing import Placed
from tests.chaos.test_races import at_once
from tests.emulators.yookassa import Fault, FaultKind, KassaServer
from tests.payments.conftest import later
from tests.payments.shop.cafe import NOON, Cafe, Guest, guests, open_cafe

pytestmark = pytest.mark.django_db(transaction=True)
Status, Paid = Ticket.Status, Payment.Status
MINUTE = dt.timedelta(minutes=1)
SOON, LATE = NOON + MINUTE, NOON + 30 * MINUTE


@pytest.fixture
def kassa() -> Iterator[KassaServer]:
    """YooKassa on loopback."""
    with KassaServer() as server:
        yield server
    close_shared()


@pytest.fixture
def cafe(db: None) -> Cafe:
    """The shop, and somebody who is told when money wants eyes."""
    Manager.objects.create(name="Ольга", telegram_id=1001)
    return open_cafe(capacity=2, hold_minutes=10)


@pytest.fixture
def account(kassa: KassaServer, cafe: Cafe) -> Account:
    """The shop's account; receipts of guests without a phone go to the shop."""
    keys = {"shop_id": kassa.world.shop_id, "secret_key": kassa.world.secret_key}
    options = {"receipt_email": "kassa@example.ru", "vat_code": 11}
    fields = {"title": "Кофейня", "provider": "yookassa", "serves": Account.Serves.SHOP}
    return Account.objects.create(api_url=kassa.api_url, credentials=keys, options=options, **fields)


@pytest.fixture
def anna(account: Account) -> Guest:
    """A guest."""
    return guests(1)[0]


@pytest.fixture
def order(anna: Guest, cafe: Cafe) -> Order:
    """Anna's latte, held until it is paid; she has the link."""
    return sent(anna.buys(cafe.place, "latte", "size:l", way="yookassa"))


def sent(placed: Placed) -> Order:
    linking.create_links(lambda: SOON)
    assert placed.payment is not None
    return placed.order


def payment_of(order: Order) -> Payment:
    return Payment.objects.filter(order=order).order_by("-pk")[0]


def looks(order: Order, at: dt.datetime) -> Payment:
    """The provider is asked how the newest payment stands."""
    payment = payment_of(order)
    checking.ask_to_check(payment, now=at)
    checking.check_due(lambda: at)
    payment.refresh_from_db()
    return payment


def pays(kassa: KassaServer, order: Order, at: dt.datetime = SOON) -> Payment:
    kassa.world.pay(payment_of(order).external_id)
    return looks(order, at)


def ticket_of(order: Order) -> Ticket:
    return Ticket.objects.select_related("order").get(order=order)


def said(anna: Guest) -> str:
    return Message.objects.filter(chat=anna.chat).order_by("-pk").values_list("text", flat=True)[0]


def alerts() -> list[str]:
    return list(Message.objects.filter(text__startswith="⚠️").values_list("text", flat=True))


def give_back(kassa: KassaServer, at: dt.datetime = LATE) -> list[str]:
    refunding.give_back(lambda: at)
    return [item["amount"]["value"] for item in kassa.world.refunds.values()]


def test_the_link_comes_with_the_sum_and_the_time_it_is_kept_and_money_brings_it_to_the_counter(
    order: Order, anna: Guest, kassa: KassaServer
) -> None:
    asked = Message.objects.get(chat=anna.chat)
    assert asked.text == "Заказ № 1 ждёт оплаты: 310\u00a0₽. Держим его для вас до 12:10."
    assert asked.extras["buttons"][0][0]["url"] == payment_of(order).link
    item = kassa.world.by_order(order.number)["receipt"]["items"][0]
    assert (item["description"], item["amount"]["value"], item["vat_code"]) == ("Латте (400 мл)", "310.00", 11)
    assert ticket_of(order).status == Status.HELD
    assert pays(kassa, order).status == Paid.PAID
    order.refresh_from_db()
    assert (ticket_of(order).status, order.status) == (Status.RECEIVED, Order.Status.PAID)
    assert anna.heard() == ["placed", "paid"]


def test_money_after_the_hold_but_before_the_clock_looked_is_in_time(order: Order, kassa: KassaServer) -> None:
    assert pays(kassa, order, LATE).status == Paid.PAID
    assert ticket_of(order).status == Status.RECEIVED


def test_paid_after_expiry_is_taken_up_again_where_slot_and_goods_are_free(
    order: Order, anna: Guest, kassa: KassaServer
) -> None:
    reminding.expire(LATE)
    holds.give_back(LATE)
    assert pays(kassa, order, LATE).status == Paid.PAID
    order.refresh_from_db()
    ticket = ticket_of(order)
    assert (ticket.status, order.status, ticket.slot_returned_at) == (Status.RECEIVED, Order.Status.PAID, None)
    assert ticket.pickup_at > LATE, "it is promised anew"
    assert PickupSlot.objects.get(starts_at=ticket.slot_at).taken == 1
    assert anna.heard() == ["placed", "expired", "paid"]
    assert alerts() == []


def test_paid_after_expiry_when_the_last_one_is_sold_is_put_aside_and_offered_back(
    anna: Guest, cafe: Cafe, kassa: KassaServer
) -> None:
    last = Stop.objects.create(place=cafe.place, product=cafe.croissant, left=1)
    order = sent(anna.buys(cafe.place, "croissant", way="yookassa"))
    reminding.expire(LATE)
    holds.give_back(LATE)
    Stop.objects.filter(pk=last.pk).update(left=0)  # somebody was quicker
    payment = pays(kassa, order, LATE)
    assert (payment.status, payment.reason, payment.paid_amount) == (Paid.NEEDS_REVIEW, "paid_late", Decimal("180.00"))
    assert ticket_of(order).status == Status.EXPIRED
    assert said(anna).startswith("Оплата заказа № 1 пришла, когда он был уже снят. Деньги не пропали")
    assert len(alerts()) == 1
    assert payment.is_refundable
    assert not PickupSlot.objects.filter(taken__gt=0).exists(), "nothing is held for it"


def test_money_that_is_not_wanted_goes_back_by_itself_where_the_account_says_so(
    order: Order, anna: Guest, account: Account, kassa: KassaServer
) -> None:
    Account.objects.filter(pk=account.pk).update(options={**account.options, "refund_unwanted": True})
    tickets.cancel(ticket_of(order), by=Ticket.By.GUEST, now=SOON)
    payment = pays(kassa, order, LATE)
    assert (payment.status, payment.reason) == (Paid.NEEDS_REVIEW, "paid_late")
    assert "уже отправили деньги обратно" in said(anna)
    assert give_back(kassa) == ["310.00"]
    payment.refresh_from_db()
    assert payment.status == Paid.REFUNDED
    assert anna.heard() == ["placed", "canceled", "refunded"]


def test_a_canceled_order_gives_its_money_back(order: Order, anna: Guest, kassa: KassaServer) -> None:
    pays(kassa, order)
    assert tickets.cancel(ticket_of(order), by=Ticket.By.GUEST, now=LATE)
    assert give_back(kassa) == ["310.00"]
    order.refresh_from_db()
    assert (order.status, payment_of(order).status) == (Order.Status.REFUNDED, Paid.REFUNDED)
    assert anna.heard() == ["placed", "paid", "canceled", "refunded"]


def test_a_refund_of_the_whole_takes_the_order_from_the_counter_a_part_leaves_it(
    order: Order, anna: Guest, kassa: KassaServer
) -> None:
    pays(kassa, order)
    desk.refund(payment_of(order), Decimal("60.00"), by="Ольга")
    give_back(kassa, later())
    assert (ticket_of(order).status, payment_of(order).status) == (Status.RECEIVED, Paid.PARTLY_REFUNDED)
    desk.refund(payment_of(order), None, by="Ольга")
    assert give_back(kassa, later()) == ["60.00", "250.00"]
    assert (ticket_of(order).status, payment_of(order).status) == (Status.CANCELED, Paid.REFUNDED)


def test_another_sum_is_put_aside_and_the_order_waits(order: Order, anna: Guest, kassa: KassaServer) -> None:
    kassa.world.payments[payment_of(order).external_id]["amount"]["value"] = "31.00"
    payment = pays(kassa, order)
    assert (payment.status, payment.reason, payment.is_refundable) == (Paid.NEEDS_REVIEW, "wrong_amount", True)
    assert (ticket_of(order).status, len(alerts())) == (Status.HELD, 1)
    assert said(anna).startswith("Оплата заказа № 1 пришла другой суммой.")


def test_a_declined_card_is_told_with_its_reason_and_another_link_comes(
    order: Order, anna: Guest, kassa: KassaServer
) -> None:
    first = payment_of(order)
    kassa.world.cancel(first.external_id, "insufficient_funds")
    assert looks(order, SOON).status == Paid.CANCELED or payment_of(order).pk != first.pk
    assert "на карте не хватило денег" in said(anna)
    linking.create_links(lambda: SOON)
    assert payment_of(order).link != first.link
    assert pays(kassa, order).status == Paid.PAID
    assert ticket_of(order).status == Status.RECEIVED


def test_a_card_declined_after_the_hold_brings_no_link(order: Order, anna: Guest, kassa: KassaServer) -> None:
    reminding.expire(LATE)
    kassa.world.cancel(payment_of(order).external_id, "expired_on_confirmation")
    looks(order, LATE)
    assert Payment.objects.count() == 1
    assert ticket_of(order).status == Status.EXPIRED


def test_two_links_of_one_order_paid_both_make_one_order_and_one_refund(
    order: Order, anna: Guest, account: Account, kassa: KassaServer
) -> None:
    Account.objects.filter(pk=account.pk).update(options={**account.options, "refund_unwanted": True})
    first = payment_of(order)
    kassa.world.cancel(first.external_id, "card_expired")
    looks(order, SOON)
    linking.create_links(lambda: SOON)
    kassa.world.payments[first.external_id].update(status="pending")  # the bank thought again
    second = payment_of(order)
    for payment in (first, second):
        kassa.world.pay(payment.external_id)
        checking.ask_to_check(payment, now=SOON)
    at_once(*[lambda: checking.check_due(lambda: SOON)] * 3)
    found = sorted(Payment.objects.values_list("status", "reason"))
    assert found == [(Paid.NEEDS_REVIEW, "paid_twice"), (Paid.PAID, "")]
    assert give_back(kassa) == ["310.00"]
    order.refresh_from_db()
    assert (ticket_of(order).status, order.status) == (Status.RECEIVED, Order.Status.PAID)
    assert anna.heard().count("paid") == 1


@pytest.mark.parametrize("_again", range(3))
def test_expiry_and_money_at_the_same_instant_end_in_one_of_two_states(
    order: Order, kassa: KassaServer, _again: int
) -> None:
    kassa.world.pay(payment_of(order).external_id)
    checking.ask_to_check(payment_of(order), now=LATE)
    at_once(
        lambda: checking.check_due(lambda: LATE),
        lambda: reminding.expire(LATE),
        lambda: holds.give_back(LATE),
    )
    holds.give_back(LATE)
    assert (ticket_of(order).status, payment_of(order).status) == (Status.RECEIVED, Paid.PAID)
    assert sum(PickupSlot.objects.values_list("taken", flat=True)) == 1, "the slot is held once, whoever was first"


@pytest.mark.parametrize("_again", range(3))
def test_a_guest_who_cancels_while_the_money_comes_gets_it_back(
    order: Order, anna: Guest, account: Account, kassa: KassaServer, _again: int
) -> None:
    Account.objects.filter(pk=account.pk).update(options={**account.options, "refund_unwanted": True})
    kassa.world.pay(payment_of(order).external_id)
    checking.ask_to_check(payment_of(order), now=SOON)
    at_once(
        lambda: checking.check_due(lambda: SOON),
        lambda: tickets.cancel(ticket_of(order), by=Ticket.By.GUEST, now=SOON),
    )
    assert ticket_of(order).status == Status.CANCELED
    assert give_back(kassa) == ["310.00"]
    assert (payment_of(order).status, Refund.objects.count()) == (Paid.REFUNDED, 1)


def test_a_provider_that_is_down_when_the_link_is_wanted_is_told_to_both_sides(
    anna: Guest, cafe: Cafe, kassa: KassaServer
) -> None:
    kassa.faults.order(Fault(FaultKind.STATUS, match="/v3/payments", status=503, body={"type": "error"}, times=-1))
    placed = anna.buys(cafe.place, "latte", "size:s", way="yookassa")
    for hours in range(linking.ATTEMPTS):
        linking.create_links(lambda h=hours: NOON + dt.timedelta(hours=2 * h + 1))  # type: ignore[misc]
    assert payment_of(placed.order).status == Paid.FAILED
    assert said(anna).startswith("Не получилось подготовить оплату заказа № 1")
    assert len(alerts()) == 1
    reminding.expire(LATE)
    assert ticket_of(placed.order).status == Status.EXPIRED, "slot and goods are free again"


def test_a_refund_that_fails_leaves_the_money_and_tells_people(order: Order, anna: Guest, kassa: KassaServer) -> None:
    pays(kassa, order)
    kassa.world.refund_refusal = "insufficient_funds"
    tickets.cancel(ticket_of(order), by=Ticket.By.SHOP, now=SOON, reason="нет молока")
    give_back(kassa)
    assert (Refund.objects.get().status, payment_of(order).status) == (Refund.Status.FAILED, Paid.PAID)
    assert len(alerts()) == 1
    assert payment_of(order).is_refundable
