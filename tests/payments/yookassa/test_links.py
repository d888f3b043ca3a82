"""A link of YooKassa: one payment whatever is lost on the way, and a receipt that adds up."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments import linking
from payments.models import Account, Payment
from payments.ordering import Buyer, Line, place
from payments.providers.yookassa.provider import key_of
from tests.emulators.yookassa import Fault, FaultKind, KassaServer
from tests.payments.conftest import WORDS, later

pytestmark = pytest.mark.django_db(transaction=True)
Status = Payment.Status


def test_a_payment_is_made_with_its_receipt_and_the_way_back(sent: Payment, kassa: KassaServer) -> None:
    made = kassa.world.by_order(sent.order.number)
    assert (sent.external_id, sent.link) == (made["id"], f"{kassa.url}/pay/{made['id']}")
    assert made["amount"] == {"value": "24900.00", "currency": "RUB"}
    assert made["metadata"] == {"order_id": sent.order.number, "payment": str(sent.pk)}
    assert made["confirmation"]["return_url"].endswith(f"/pay/{sent.order.number}")
    assert made["receipt"] == {
        "customer": {"email": "anna@example.ru"},
        "items": [
            {
                "description": "Курс «Старт без паники»",
                "quantity": "1.00",
                "amount": {"value": "24900.00", "currency": "RUB"},
                "vat_code": 1,
                "payment_subject": "commodity",
                "payment_mode": "full_payment",
                "measure": "piece",
            }
        ],
    }


def test_the_taxes_are_the_accounts(shop: Account, buyer: Buyer, kassa: KassaServer) -> None:
    options = {"vat_code": 11, "tax_system": 2, "mode": "full_prepayment", "subject": "service"}
    Account.objects.filter(pk=shop.pk).update(options=options)
    lines = [Line("latte", "Латте", Decimal("310.00"), 2), Line("bun", "Круассан", Decimal("190.00"))]
    payment = place(buyer, lines, WORDS, now=timezone.now())
    linking.create_links(later)
    receipt = kassa.world.by_order(payment.order.number)["receipt"]
    assert receipt["tax_system_code"] == 2
    assert [(item["vat_code"], item["quantity"], item["payment_mode"]) for item in receipt["items"]] == [
        (11, "2.00", "full_prepayment"),
        (11, "1.00", "full_prepayment"),
    ]


def test_the_phone_goes_on_the_receipt_as_digits(bill: Payment, kassa: KassaServer) -> None:
    bill.order.customer.phone = "+79990001122"
    bill.order.customer.save(update_fields=["phone"])
    linking.create_links(later)
    assert kassa.world.by_order(bill.order.number)["receipt"]["customer"] == {"phone": "79990001122"}


def test_without_phone_and_mail_the_receipt_goes_to_the_shop(bill: Payment, shop: Account, kassa: KassaServer) -> None:
    bill.order.customer.email = ""
    bill.order.customer.save(update_fields=["email"])
    Account.objects.filter(pk=shop.pk).update(options={"receipt_email": "kassa@example.ru"})
    linking.create_links(later)
    assert kassa.world.by_order(bill.order.number)["receipt"]["customer"] == {"email": "kassa@example.ru"}


def test_a_receipt_that_nobody_can_be_sent_is_told_and_no_payment_is_made(bill: Payment, kassa: KassaServer) -> None:
    bill.order.customer.email = ""
    bill.order.customer.save(update_fields=["email"])
    linking.create_links(later)
    bill.refresh_from_db()
    assert (bill.status, kassa.world.payments) == (Status.FAILED, {})
    assert "phone or e-mail" in bill.error


def test_a_payment_whose_answer_was_lost_is_made_once(bill: Payment, kassa: KassaServer) -> None:
    kassa.faults.order(Fault(FaultKind.ACT_THEN_DROP, match="/v3/payments"))
    linking.create_links(later)
    linking.create_links(lambda: later(seconds=30))
    bill.refresh_from_db()
    assert (bill.status, len(kassa.world.payments)) == (Status.SENT, 1)


def test_processing_is_waited_for_as_long_as_it_says_and_asked_under_the_same_key(
    bill: Payment, kassa: KassaServer
) -> None:
    kassa.world.slow = 2
    now = timezone.now()
    linking.create_links(lambda: now)
    bill.refresh_from_db()
    assert (bill.status, bill.error) == (Status.CREATED, "YooKassa works on it")
    assert 1.7 < (bill.run_after - now).total_seconds() < 1.9, "1800 milliseconds"
    for _ in range(2):
        now = later(seconds=10)
        linking.create_links(lambda at=now: at)  # type: ignore[misc]
        Payment.objects.filter(status=Status.CREATED).update(run_after=now)
    bill.refresh_from_db()
    assert (bill.status, len(kassa.world.payments), len(kassa.world.keys)) == (Status.SENT, 1, 1)


def test_the_same_key_with_another_body_is_refused_and_nothing_is_made_twice(bill: Payment, kassa: KassaServer) -> None:
    kassa.faults.order(Fault(FaultKind.ACT_THEN_DROP, match="/v3/payments"))
    linking.create_links(later)
    Payment.objects.filter(pk=bill.pk).update(amount=Decimal("100.00"))
    linking.create_links(lambda: later(seconds=30))
    bill.refresh_from_db()
    assert (bill.status, len(kassa.world.payments)) == (Status.FAILED, 1)
    assert "Idempotence key duplicated" in bill.error


def test_a_provider_that_is_down_is_asked_later_and_people_hear_of_it_at_the_end(
    bill: Payment, kassa: KassaServer
) -> None:
    kassa.faults.order(Fault(FaultKind.HTML, match="/v3/payments", status=502, times=-1))
    for number in range(linking.ATTEMPTS):
        assert linking.create_links(lambda n=number: later(hours=2 * n + 2)) == 1  # type: ignore[misc]
    bill.refresh_from_db()
    assert (bill.status, bill.reason) == (Status.FAILED, "no_link")


def test_wrong_keys_put_the_account_down_and_are_in_no_error(bill: Payment, shop: Account) -> None:
    Account.objects.filter(pk=shop.pk).update(credentials={"shop_id": "506751", "secret_key": "live_wrong"})
    linking.create_links(later)
    bill.refresh_from_db()
    shop.refresh_from_db()
    assert (bill.status, shop.health) == (Status.FAILED, Account.Health.DOWN)
    assert "live_wrong" not in bill.error + shop.health_note


def test_keys_are_the_same_for_a_repeat_differ_for_another_and_never_grow_too_long() -> None:
    assert key_of("pay", "ABC2345678", "7") == key_of("pay", "ABC2345678", "7") == "pay-ABC2345678-7"
    assert key_of("pay", "ABC2345678", "7") != key_of("refund", "ABC2345678", "7")
    assert len(key_of("refund", "A" * 40, "b" * 40)) <= 64
