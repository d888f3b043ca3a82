"""Paid once, whatever is repeated, reordered, killed or told by two at the same instant."""

import itertools
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bot.models import Channel, Chat, InboxEvent, Message
from content.models import Product
from crm.models import Assignment, CustomerChat, Event, Lead, Manager, Portal, WriteBack
from payments import checking, consequences, desk, linking
from payments.facts import Deal, DealStatus
from payments.models import Account, Notice, Order, Payment
from payments.ordering import Buyer, place
from payments.settling import keep_hint, settle
from payments.signatures import sign
from tests.chaos.test_races import at_once
from tests.emulators.getcourse import SchoolServer
from tests.payments.conftest import COURSE, SIGNING, WORDS, later
from tests.payments.test_doors import DOOR, notice, post, sent

__all__ = ["sent"]
pytestmark = pytest.mark.django_db(transaction=True)
Status = Payment.Status
FULL = Decimal("24900.00")


def deal(payment: Payment, status: DealStatus = DealStatus.PAID, paid: Decimal | None = FULL, **more: Any) -> Deal:
    """What a provider says of a payment."""
    said = {"external_id": payment.external_id, "order_number": payment.order.number, "currency": "RUB", **more}
    return Deal(status=status, paid=paid, **said)


def told(account: Account, word: Deal) -> Notice:
    return settle(account, word, source=Notice.Source.SIGNED, now=timezone.now())


@pytest.fixture
def olga(db: None) -> Manager:
    """Anna's manager."""
    return Manager.objects.create(name="Ольга", telegram_id=1001, bitrix_id=11)


def happened(payment: Payment) -> dict[str, int]:
    """Count everything that follows from money, each by its own row."""
    payment.order.refresh_from_db()
    return {
        "news": InboxEvent.objects.filter(kind="payment", payload__what="paid").count(),
        "managers": Message.objects.filter(text__startswith="✅").count(),
        "portal": WriteBack.objects.filter(operation=WriteBack.Operation.COMMENT).count(),
        "log": Event.objects.filter(type="payment.paid").count(),
        "orders": Order.objects.filter(status=Order.Status.PAID).count(),
        "leads": Lead.objects.filter(status=Lead.Status.PAID).count(),
    }


ONCE = {"news": 1, "managers": 1, "portal": 1, "log": 1, "orders": 1, "leads": 1}
NOT_AT_ALL = dict.fromkeys(ONCE, 0)


def test_money_is_told_everywhere(sent: Payment, account: Account, olga: Manager) -> None:
    lead = sent.order.lead
    assert lead is not None
    Lead.objects.filter(pk=lead.pk).update(status=Lead.Status.TAKEN, manager=olga)
    Assignment.objects.create(lead=lead, manager=olga)
    Portal.objects.create(title="Портал", webhook_url="https://x.bitrix24.ru/rest/1/s/")
    other = Chat.objects.create(channel=Channel.objects.create(kind="webchat", title="Сайт"), external_id="v1")
    CustomerChat.objects.create(customer=sent.order.customer, chat=other)
    told(account, deal(sent))
    assert happened(sent) == ONCE
    assert sent.order.paid_at is not None
    sent.order.customer.refresh_from_db()
    assert sent.order.customer.funnel_stage == "paid"
    assert not Assignment.objects.filter(ended_at=None).exists()
    news = InboxEvent.objects.get(chat=sent.order.chat, kind="payment").payload
    assert (news["what"], news["codes"], news["order"]) == ("paid", ["start"], sent.order.number)
    assert news["amount"].replace("\u00a0", " ") == "24 900 ₽"
    assert InboxEvent.objects.get(chat=other).payload["what"] == "paid_elsewhere"


def test_ten_posts_at_the_same_instant_pay_once(sent: Payment, olga: Manager) -> None:
    Portal.objects.create(title="Портал", webhook_url="https://x.bitrix24.ru/rest/1/s/")
    now, body = int(time.time()), notice(sent)
    jobs = [_poster(body, now - number) for number in range(6)] + [_poster(body, now)] * 4
    answers = at_once(*jobs)
    assert sorted(answers) == [200] * 6 + [403] * 4, "four of them were the same signature"
    assert happened(sent) == ONCE
    assert Notice.objects.get().times == 6


def _poster(body: bytes, moment: int) -> Callable[[], int]:
    def job() -> int:
        headers = {"X-Signature": sign(body, SIGNING, moment=moment)}
        return int(Client().post(DOOR, body, content_type="application/json", headers=headers).status_code)

    return job


def test_a_notice_a_reading_and_an_export_at_once_pay_once(sent: Payment, account: Account, olga: Manager) -> None:
    Portal.objects.create(title="Портал", webhook_url="https://x.bitrix24.ru/rest/1/s/")
    sources = (Notice.Source.SIGNED, Notice.Source.READ, Notice.Source.EXPORT) * 3
    at_once(*(lambda s=s: settle(account, deal(sent), source=s, now=timezone.now()) for s in sources))
    assert happened(sent) == ONCE


@pytest.mark.parametrize("step", ["tell_dialogue", "_log", "_end_warming_elsewhere"])
def test_killed_half_way_nothing_happened_and_the_repeat_does_it_all(
    sent: Payment, olga: Manager, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    Portal.objects.create(title="Портал", webhook_url="https://x.bitrix24.ru/rest/1/s/")
    body, moment = notice(sent), int(time.time())
    with monkeypatch.context() as killed:
        killed.setattr(consequences, step, _die)
        with pytest.raises(SystemExit):
            post(body, moment=moment)
    assert happened(sent) == NOT_AT_ALL
    assert not Notice.objects.exists()
    assert post(body, moment=moment).status_code == 200, "the signature was not used up by what never happened"
    assert happened(sent) == ONCE


def _die(*_args: object, **_more: object) -> None:
    raise SystemExit("killed")


WORDS_IN_TIME = (
    ("pending", DealStatus.PENDING, Decimal(0)),
    ("partial", DealStatus.PARTIAL, Decimal("900.00")),
    ("paid", DealStatus.PAID, FULL),
)


@pytest.mark.parametrize("order", list(itertools.permutations(WORDS_IN_TIME)))
def test_in_any_order_the_order_is_paid_once_and_stays_paid(
    sent: Payment, account: Account, olga: Manager, order: tuple[tuple[str, DealStatus, Decimal], ...]
) -> None:
    Portal.objects.create(title="Портал", webhook_url="https://x.bitrix24.ru/rest/1/s/")
    for _, status, paid in (*order, *order):
        told(account, deal(sent, status, paid))
    sent.refresh_from_db()
    assert (sent.status, sent.paid_amount) == (Status.PAID, FULL)
    assert happened(sent) == ONCE


def test_parts_add_up_and_each_is_told_once(sent: Payment, account: Account) -> None:
    for paid in ("900", "900", "10000"):
        told(account, deal(sent, DealStatus.PARTIAL, Decimal(paid)))
    news = InboxEvent.objects.filter(payload__what="partial").order_by("pk")
    assert [row.payload["left"].replace("\u00a0", " ") for row in news] == ["24 000 ₽", "14 900 ₽"]
    told(account, deal(sent))
    sent.refresh_from_db()
    assert sent.status == Status.PAID


def test_a_refund_is_told_and_nothing_pays_it_again(sent: Payment, account: Account, olga: Manager) -> None:
    told(account, deal(sent))
    told(account, deal(sent, DealStatus.REFUNDED, Decimal(0)))
    told(account, deal(sent))
    sent.refresh_from_db()
    sent.order.refresh_from_db()
    assert (sent.status, sent.order.status) == (Status.REFUNDED, Order.Status.REFUNDED)
    assert [row.payload["what"] for row in InboxEvent.objects.order_by("pk")] == ["paid", "refunded"]
    assert Message.objects.filter(text__startswith="↩️ Возврат").count() == 1


def test_canceled_after_paid_stays_paid_and_people_are_told_once(
    sent: Payment, account: Account, olga: Manager
) -> None:
    told(account, deal(sent))
    for _ in range(2):
        told(account, deal(sent, DealStatus.CANCELED, None))
    sent.refresh_from_db()
    assert sent.status == Status.PAID
    assert Message.objects.filter(text__startswith="⚠️ Оплата требует внимания (отменён после оплаты)").count() == 1


def test_canceled_before_the_money_is_no_end_of_the_money(sent: Payment, account: Account) -> None:
    told(account, deal(sent, DealStatus.CANCELED, None))
    sent.order.refresh_from_db()
    assert sent.order.status == Order.Status.CANCELED
    told(account, deal(sent))
    sent.order.refresh_from_db()
    assert sent.order.status == Order.Status.PAID


def test_two_deals_of_one_order_the_one_with_the_money_counts(sent: Payment, account: Account, olga: Manager) -> None:
    told(account, deal(sent, DealStatus.PENDING, None, external_id="2002"))
    sent.refresh_from_db()
    assert sent.external_id != "2002", "nobody has paid it"
    told(account, deal(sent, external_id="2002"))
    sent.refresh_from_db()
    assert (sent.status, sent.external_id) == (Status.PAID, "2002")
    told(account, deal(sent, external_id="2003"))
    sent.refresh_from_db()
    assert sent.external_id == "2002"
    assert Notice.objects.get(external_id="2003").verdict == "second_deal"
    assert Message.objects.filter(text__contains="оплачен второй сделкой").count() == 1


def test_a_deal_of_ours_that_names_another_order_of_ours_is_shown(
    sent: Payment, account: Account, olga: Manager
) -> None:
    other = place(Buyer(sent.order.customer), [COURSE], WORDS, now=timezone.now())
    told(account, deal(sent, order_number=other.order.number))
    sent.refresh_from_db()
    assert (sent.status, Notice.objects.get().verdict) == (Status.SENT, "other_order")


def test_money_that_does_not_fit_is_told_to_both_sides(sent: Payment, account: Account, olga: Manager) -> None:
    told(account, deal(sent, paid=Decimal("24899.99")))
    assert InboxEvent.objects.get().payload["what"] == "review"
    assert Message.objects.filter(text__startswith="⚠️ Оплата требует внимания (сумма не та, что в заказе)").exists()
    told(account, deal(sent))
    sent.refresh_from_db()
    assert sent.status == Status.PAID, "the rest came"


def test_money_may_come_before_the_link_was_sent(payment: Payment, account: Account, school: SchoolServer) -> None:
    claimed = linking._claim(later())
    link = linking._ask(claimed[0])
    told(account, deal(payment, external_id=link.external_id))
    linking._record(claimed[0], link, timezone.now())
    payment.refresh_from_db()
    assert payment.status == Status.PAID
    assert not Message.objects.filter(dedupe_key=f"payment:{payment.pk}:link").exists()


def test_two_workers_at_once_make_one_link_and_say_it_once(payment: Payment, school: SchoolServer) -> None:
    at_once(*[lambda: linking.create_links(later)] * 4)
    payment.refresh_from_db()
    assert payment.status == Status.SENT
    assert len(school.world.deals) == 1
    assert Message.objects.filter(chat=payment.order.chat).count() == 1


def test_managers_who_send_the_link_at_once_make_one_order(payment: Payment) -> None:
    lead = payment.order.lead
    assert lead is not None
    product = Product.objects.create(code="pro", name="Портфель PRO", price=Decimal("89000.00"))
    at_once(*[lambda: desk.send_link(Lead.objects.get(pk=lead.pk), product, by="Ольга")] * 4)
    assert Order.objects.filter(items__code="pro").count() == 1


def test_a_notice_of_many_orders_at_once_pays_each_of_them_once(sent: Payment, account: Account, olga: Manager) -> None:
    buyer = Buyer(sent.order.customer, sent.order.chat, sent.order.lead)
    others = [place(buyer, [COURSE], WORDS, now=timezone.now()) for _ in range(3)]
    words = [deal(row, external_id=str(9000 + row.pk)) for row in others] * 2
    at_once(*(lambda w=w: told(account, w) for w in words))
    assert Payment.objects.filter(status=Status.PAID).count() == 3
    assert InboxEvent.objects.filter(payload__what="paid").count() == 3


# --- what is claimed, and what is only hinted


def test_a_claim_is_checked_at_the_providers_and_not_believed(sent: Payment, school: SchoolServer) -> None:
    checking.ask_to_check(sent, now=timezone.now(), claimed=True)
    checking.check_due(later)
    sent.refresh_from_db()
    assert (sent.status, sent.check_after) == (Status.SENT, None)
    assert [row.payload["what"] for row in InboxEvent.objects.all()] == ["unpaid"]
    school.world.pay(int(sent.external_id))
    checking.ask_to_check(sent, now=timezone.now(), claimed=True)
    checking.check_due(later)
    assert [row.payload["what"] for row in InboxEvent.objects.order_by("pk")] == ["unpaid", "paid"]


def test_where_nobody_can_look_a_person_is_asked(sent: Payment, account: Account, olga: Manager) -> None:
    Account.objects.filter(pk=account.pk).update(credentials={})
    checking.ask_to_check(sent, now=timezone.now(), claimed=True)
    checking.check_due(later)
    assert [row.payload["what"] for row in InboxEvent.objects.all()] == ["checking"]
    assert Message.objects.filter(text__startswith="❓ @anna пишет, что оплатил(а)").count() == 1


def test_a_provider_that_is_down_is_asked_again_and_then_a_person(
    sent: Payment, account: Account, olga: Manager
) -> None:
    Account.objects.filter(pk=account.pk).update(api_url="http://127.0.0.1:9")
    checking.ask_to_check(sent, now=timezone.now(), claimed=True)
    for number in range(checking.ATTEMPTS):
        assert not InboxEvent.objects.exists()
        assert checking.check_due(lambda n=number: later(days=n + 1)) == 1  # type: ignore[misc]
    assert [row.payload["what"] for row in InboxEvent.objects.all()] == ["checking"]


def test_a_hint_nobody_can_confirm_waits_for_a_person(sent: Payment, account: Account, olga: Manager) -> None:
    Account.objects.filter(pk=account.pk).update(credentials={})
    account.refresh_from_db()
    keep_hint(account, deal(sent), now=timezone.now())
    checking.check_due(later)
    kept = Notice.objects.get()
    assert (kept.verdict, kept.check_after, kept.verified_at) == ("unconfirmed", None, None)
    assert Message.objects.filter(text__contains="не заданы ключи API").count() == 1
    sent.refresh_from_db()
    assert sent.status == Status.SENT


def test_a_hint_survives_a_provider_that_is_down(sent: Payment, account: Account, school: SchoolServer) -> None:
    keep_hint(account, deal(sent), now=timezone.now())
    school.world.pay(int(sent.external_id))
    Account.objects.filter(pk=account.pk).update(api_url="http://127.0.0.1:9")
    checking.check_due(later)
    Account.objects.filter(pk=account.pk).update(api_url=school.url)
    assert checking.check_due(later) == 0, "not yet"
    checking.check_due(lambda: later(minutes=1))
    sent.refresh_from_db()
    assert sent.status == Status.PAID
