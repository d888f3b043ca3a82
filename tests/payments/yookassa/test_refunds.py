"""Money goes back once, never more than came, and what cannot be done is told."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.utils import timezone

from bot.errors import Refused
from bot.models import InboxEvent, Message
from crm.models import Manager
from payments import checking, desk, refunding
from payments.facts import Deal, DealStatus
from payments.giving_back import ask_for_all, left_of
from payments.models import Account, Notice, Order, Payment, Refund
from payments.settling import settle
from tests.chaos.test_races import at_once
from tests.emulators.yookassa import Fault, FaultKind, KassaServer
from tests.payments.conftest import later

pytestmark = pytest.mark.django_db(transaction=True)
Status = Payment.Status
PART = Decimal("900.00")


@pytest.fixture
def paid(sent: Payment, kassa: KassaServer) -> Payment:
    """Anna has paid."""
    Manager.objects.create(name="Ольга", telegram_id=1001)
    kassa.world.pay(sent.external_id)
    checking.ask_to_check(sent, now=timezone.now())
    checking.check_due(later)
    sent.refresh_from_db()
    assert sent.status == Status.PAID
    return sent


def news() -> list[str]:
    return [row.payload["what"] for row in InboxEvent.objects.filter(kind="payment").order_by("pk")]


def back_at(kassa: KassaServer) -> list[str]:
    return [item["amount"]["value"] for item in kassa.world.refunds.values()]


def test_the_whole_goes_back(paid: Payment, kassa: KassaServer) -> None:
    desk.refund(paid, None, by="Ольга")
    assert refunding.give_back(later) == 1
    paid.refresh_from_db()
    paid.order.refresh_from_db()
    assert (paid.status, paid.refunded_amount, paid.order.status) == (
        Status.REFUNDED,
        paid.amount,
        Order.Status.REFUNDED,
    )
    assert (news(), back_at(kassa)) == (["paid", "refunded"], ["24900.00"])
    assert (Refund.objects.get().status, Refund.objects.get().by) == (Refund.Status.DONE, "Ольга")


def test_a_part_goes_back_with_a_receipt_of_its_own_then_the_rest(paid: Payment, kassa: KassaServer) -> None:
    desk.refund(paid, PART, by="Ольга")
    refunding.give_back(later)
    paid.refresh_from_db()
    paid.order.refresh_from_db()
    assert (paid.status, paid.refunded_amount, paid.order.status) == (Status.PARTLY_REFUNDED, PART, Order.Status.PAID)
    first = next(iter(kassa.world.refunds.values()))
    assert first["receipt"]["items"][0]["amount"]["value"] == "900.00"
    desk.refund(paid, None, by="Ольга")
    refunding.give_back(later)
    paid.refresh_from_db()
    assert (paid.status, back_at(kassa)) == (Status.REFUNDED, ["900.00", "24000.00"])
    assert news() == ["paid", "part_refunded", "refunded"]


def test_refund_pressed_twice_is_one(paid: Payment, kassa: KassaServer) -> None:
    at_once(*[lambda: desk.refund(Payment.objects.get(pk=paid.pk), PART, by="Ольга", key="form-1")] * 4)
    at_once(*[lambda: refunding.give_back(later)] * 4)
    assert (Refund.objects.count(), back_at(kassa)) == (1, ["900.00"])


def test_two_managers_at_once_never_give_back_more_than_came(paid: Payment, kassa: KassaServer) -> None:
    def press(key: str) -> None:
        with suppress(Refused):
            desk.refund(Payment.objects.get(pk=paid.pk), Decimal("20000.00"), by="Ольга", key=key)

    at_once(lambda: press("a"), lambda: press("b"), lambda: press("c"))
    refunding.give_back(later)
    assert back_at(kassa) == ["20000.00"]
    assert left_of(Payment.objects.get()) == Decimal("4900.00")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "24900.01"])
def test_more_than_came_or_nothing_is_refused(paid: Payment, amount: str) -> None:
    with pytest.raises(Refused):
        desk.refund(paid, Decimal(amount), by="Ольга")


def test_what_was_not_paid_cannot_go_back(sent: Payment) -> None:
    with pytest.raises(Refused):
        desk.refund(sent, PART, by="Ольга")
    assert ask_for_all(sent, now=timezone.now(), reason="order_canceled") is None


def test_a_refund_whose_answer_was_lost_is_made_once(paid: Payment, kassa: KassaServer) -> None:
    desk.refund(paid, PART, by="Ольга")
    kassa.faults.order(Fault(FaultKind.ACT_THEN_DROP, match="/v3/refunds"))
    refunding.give_back(later)
    assert Refund.objects.get().status == Refund.Status.WANTED
    refunding.give_back(lambda: later(seconds=30))
    assert (Refund.objects.get().status, back_at(kassa)) == (Refund.Status.DONE, ["900.00"])


def test_a_worker_killed_after_asking_leaves_it_to_the_next_one(paid: Payment, kassa: KassaServer) -> None:
    desk.refund(paid, PART, by="Ольга")
    refunding._ask(refunding._claim(later())[0])  # and then the process died
    assert refunding.give_back(lambda: later(seconds=60)) == 0, "claimed: nobody else touches it yet"
    assert refunding.give_back(lambda: later(seconds=120)) == 1
    assert (Refund.objects.get().status, back_at(kassa)) == (Refund.Status.DONE, ["900.00"])


def test_a_refund_that_takes_its_time_is_looked_at_until_it_is_done(paid: Payment, kassa: KassaServer) -> None:
    kassa.world.refund_looks = 2
    desk.refund(paid, PART, by="Ольга")
    for minutes in range(4):
        refunding.give_back(lambda m=minutes: later(minutes=2 * m))  # type: ignore[misc]
    assert Refund.objects.get().status == Refund.Status.DONE
    paid.refresh_from_db()
    assert paid.status == Status.PARTLY_REFUNDED


def test_processing_costs_no_attempt(paid: Payment, kassa: KassaServer) -> None:
    kassa.world.slow = 1
    desk.refund(paid, PART, by="Ольга")
    refunding.give_back(later)
    assert (Refund.objects.get().status, Refund.objects.get().attempts) == (Refund.Status.WANTED, 0)
    refunding.give_back(lambda: later(seconds=30))
    assert (Refund.objects.get().status, back_at(kassa)) == (Refund.Status.DONE, ["900.00"])


def test_a_refund_that_fails_is_told_and_the_money_stays_where_it_was(paid: Payment, kassa: KassaServer) -> None:
    kassa.world.refund_refusal = "insufficient_funds"
    desk.refund(paid, None, by="Ольга")
    refunding.give_back(later)
    paid.refresh_from_db()
    failed = Refund.objects.get()
    assert (failed.status, failed.error, paid.status) == (Refund.Status.FAILED, "insufficient_funds", Status.PAID)
    assert Message.objects.filter(text__contains="не прошёл").count() == 1
    kassa.world.refund_refusal = ""
    at_once(*[lambda: desk.retry_refund(Refund.objects.get(pk=failed.pk), by="Ольга")] * 3)
    refunding.give_back(later)
    paid.refresh_from_db()
    assert (paid.status, Refund.objects.count()) == (Status.REFUNDED, 2)


def test_a_provider_that_stays_down_fails_the_refund_visibly(paid: Payment, shop: Account) -> None:
    desk.refund(paid, None, by="Ольга")
    Account.objects.filter(pk=shop.pk).update(api_url="http://127.0.0.1:9")
    for number in range(refunding.ATTEMPTS):
        assert refunding.give_back(lambda n=number: later(hours=2 * n)) == 1  # type: ignore[misc]
    assert Refund.objects.get().status == Refund.Status.FAILED


def test_a_refund_made_in_the_providers_cabinet_is_heard_of(
    paid: Payment, kassa: KassaServer, live_server: object
) -> None:
    kassa.calls(f"{live_server}/webhook/yookassa")
    refund = kassa.world.add_refund({"payment_id": paid.external_id, "amount": {"value": "900.00", "currency": "RUB"}})
    kassa.forges("refund.succeeded", **{name: refund[name] for name in ("id", "payment_id", "status", "amount")})
    checking.check_due(later)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_amount, left_of(paid)) == (Status.PARTLY_REFUNDED, PART, Decimal("24000.00"))
    assert Notice.objects.get(external_id=f"{paid.external_id}/{refund['id']}").verdict == "refunded"


def test_money_that_came_twice_is_a_payment_of_its_own_and_goes_back_by_itself(
    paid: Payment, shop: Account, kassa: KassaServer
) -> None:
    Account.objects.filter(pk=shop.pk).update(options={"refund_unwanted": True})
    asked = {"amount": {"value": "24900.00", "currency": "RUB"}, "confirmation": {"return_url": "https://x.example"}}
    second = kassa.world.add_payment({**asked, "metadata": {"order_id": paid.order.number}}, page=kassa.url)
    kassa.world.pay(second["id"])
    shop.refresh_from_db()
    word = Deal(second["id"], paid.order.number, DealStatus.PAID, paid.amount, "RUB")
    at_once(*[lambda: settle(shop, word, source=Notice.Source.READ, now=timezone.now())] * 3)
    twice = Payment.objects.get(external_id=second["id"])
    assert (twice.status, twice.reason, twice.order) == (Status.NEEDS_REVIEW, "paid_twice", paid.order)
    refunding.give_back(later)
    twice.refresh_from_db()
    paid.order.refresh_from_db()
    assert (twice.status, paid.order.status) == (Status.REFUNDED, Order.Status.PAID), "the order stands paid"
    assert Message.objects.filter(text__contains="оплачен дважды").count() == 1
