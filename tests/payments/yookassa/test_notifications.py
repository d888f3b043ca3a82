"""A notification is a hint: whatever it says, what the payment itself says counts, once."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from bot.models import InboxEvent
from crm.models import Manager
from payments import checking, reconciling
from payments.models import Account, Notice, Order, Payment
from tests.chaos.test_races import at_once
from tests.emulators.yookassa import Fault, FaultKind, KassaServer
from tests.emulators.yookassa.world import shown
from tests.payments.conftest import later

pytestmark = pytest.mark.django_db(transaction=True)
Status = Payment.Status
DOOR = "/webhook/yookassa"


def news() -> list[str]:
    return [row.payload["what"] for row in InboxEvent.objects.filter(kind="payment").order_by("pk")]


def notification(told: dict[str, object], event: str = "payment.succeeded") -> dict[str, object]:
    return {"type": "notification", "event": event, "object": told}


def post(client: Client, body: object, **headers: str) -> int:
    return client.post(DOOR, body, content_type="application/json", headers=headers).status_code


def test_money_is_heard_of_and_read_back(sent: Payment, kassa: KassaServer, notified: Callable[[], None]) -> None:
    kassa.pays(sent.external_id)
    assert kassa.notices.answers == [200]
    sent.refresh_from_db()
    assert sent.status == Status.SENT, "nothing was believed yet"
    checking.check_due(later)
    sent.refresh_from_db()
    sent.order.refresh_from_db()
    assert (sent.status, sent.paid_amount, sent.order.status) == (Status.PAID, sent.amount, Order.Status.PAID)
    assert news() == ["paid"]
    notice = Notice.objects.get()
    assert (notice.verdict, notice.source) == ("paid", Notice.Source.READ)


def test_repeated_late_and_out_of_order_notifications_pay_once(
    sent: Payment, kassa: KassaServer, notified: Callable[[], None]
) -> None:
    kassa.notices.is_held, kassa.notices.repeats = True, 3
    waiting = shown(kassa.world.payments[sent.external_id])
    kassa.forges("payment.pending", **waiting)
    kassa.pays(sent.external_id)
    kassa.release(backwards=True)
    for _ in range(3):
        checking.check_due(later)
    sent.refresh_from_db()
    assert (sent.status, news()) == (Status.PAID, ["paid"])


def test_a_forged_notification_changes_nothing(sent: Payment, kassa: KassaServer, notified: Callable[[], None]) -> None:
    kassa.forges(
        "payment.succeeded", **shown(kassa.world.payments[sent.external_id]) | {"status": "succeeded", "paid": True}
    )
    checking.check_due(later)
    sent.refresh_from_db()
    assert (sent.status, news()) == (Status.SENT, [])
    assert Notice.objects.get(status="paid").verdict == "not_confirmed"


def test_an_unknown_payment_is_kept_and_shown(shop: Account, kassa: KassaServer, client: Client) -> None:
    told: dict[str, object] = {
        "id": "2f3e4d5c-000f-5000-8000-000000000001",
        "status": "succeeded",
        "amount": {"value": "1.00", "currency": "RUB"},
    }
    assert post(client, notification(told)) == 200
    checking.check_due(later)
    kept = Notice.objects.get()
    assert (kept.payment, kept.verdict, kept.external_id) == (None, "not_confirmed", told["id"])


def test_a_payment_of_the_shop_that_is_not_ours_is_kept_too(shop: Account, kassa: KassaServer, client: Client) -> None:
    asked = {"amount": {"value": "99.00", "currency": "RUB"}, "confirmation": {"return_url": "https://site.example"}}
    other = kassa.world.add_payment({**asked, "metadata": {"order_id": "SITE-1"}}, page=kassa.url)
    assert post(client, notification(shown(kassa.world.pay(other["id"])))) == 200
    checking.check_due(later)
    assert Notice.objects.get().verdict == "unknown_order"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ({}, 400),
        ({"type": "notification", "event": "payout.succeeded", "object": {"id": "x"}}, 400),
        ({"type": "notification", "event": "payment.succeeded", "object": {"id": "../../me"}}, 400),
        ({"type": "notification", "event": "payment.succeeded", "object": []}, 400),
        ({"type": "notification", "event": "refund.succeeded", "object": {"payment_id": "a"}}, 400),
        ({"type": "notification", "event": "payment.succeeded", "object": {"id": "a" * 70_000}}, 413),
    ],
)
def test_what_is_no_notification_is_refused(shop: Account, client: Client, body: object, status: int) -> None:
    assert post(client, body) == status
    assert not Notice.objects.exists()


def test_without_an_account_nothing_is_taken(db: None, client: Client) -> None:
    assert post(client, notification({"id": "2f3e", "status": "succeeded"})) == 403
    assert client.get(DOOR).status_code == 405


@pytest.mark.parametrize(
    ("address", "status"),
    [("185.71.76.5", 200), ("77.75.156.35", 200), ("2a02:5180:0:1509::7", 200), ("203.0.113.9", 403)],
)
def test_the_source_is_looked_at_where_the_account_says_so(
    sent: Payment, client: Client, settings: object, address: str, status: int
) -> None:
    Account.objects.update(options={"known_sources": True})
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]
    told = notification({"id": sent.external_id, "status": "succeeded"})
    assert post(client, told, **{"X-Forwarded-For": f"185.71.76.5, {address}"}) == status


def test_the_header_of_a_stranger_is_not_believed(sent: Payment, client: Client, settings: object) -> None:
    Account.objects.update(options={"known_sources": True})
    settings.TRUSTED_PROXIES = 0  # type: ignore[attr-defined]
    told = notification({"id": sent.external_id, "status": "succeeded"})
    assert post(client, told, **{"X-Forwarded-For": "185.71.76.5"}) == 403


def test_a_declined_card_is_told_and_no_money_is_there(
    sent: Payment, kassa: KassaServer, notified: Callable[[], None]
) -> None:
    kassa.declines(sent.external_id)
    checking.check_due(later)
    sent.refresh_from_db()
    assert (sent.status, sent.paid_amount) == (Status.CANCELED, Decimal(0))


def test_another_sum_than_the_orders_goes_to_a_person(
    sent: Payment, kassa: KassaServer, notified: Callable[[], None]
) -> None:
    Manager.objects.create(name="Ольга", telegram_id=1001)
    kassa.world.payments[sent.external_id]["amount"]["value"] = "100.00"
    kassa.pays(sent.external_id)
    checking.check_due(later)
    sent.refresh_from_db()
    assert (sent.status, sent.reason, sent.paid_amount) == (Status.NEEDS_REVIEW, "wrong_amount", Decimal("100.00"))
    assert news() == ["review"]


def test_a_lost_notification_is_found_by_looking(sent: Payment, kassa: KassaServer) -> None:
    kassa.world.pay(sent.external_id)
    assert reconciling.look_again(timezone.now) == 0, "it may still come"
    at = later(minutes=10)
    assert reconciling.look_again(lambda: at) == 1
    checking.check_due(lambda: at)
    sent.refresh_from_db()
    assert sent.status == Status.PAID
    assert reconciling.look_again(lambda: later(minutes=30)) == 0, "paid is paid"


def test_a_provider_that_does_not_answer_is_asked_again(
    sent: Payment, kassa: KassaServer, notified: Callable[[], None]
) -> None:
    kassa.pays(sent.external_id)
    kassa.faults.order(Fault(FaultKind.STATUS, match="/v3/payments", status=500, body={"type": "error"}, times=1))
    checking.check_due(later)
    sent.refresh_from_db()
    assert sent.status == Status.SENT
    checking.check_due(lambda: later(seconds=60))
    sent.refresh_from_db()
    assert sent.status == Status.PAID


def test_two_notifications_at_the_same_instant_pay_once(sent: Payment, kassa: KassaServer, client: Client) -> None:
    told = notification(shown(kassa.world.pay(sent.external_id)))
    at_once(*[lambda: post(Client(), told)] * 4)
    at_once(*[lambda: checking.check_due(later)] * 4)
    sent.refresh_from_db()
    assert (sent.status, news()) == (Status.PAID, ["paid"])
    assert Notice.objects.get().times == 4 + 1, "four times told, once read back"
