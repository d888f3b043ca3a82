"""The pages of refunds and of the accounts: who may, what each press does, what a form keeps."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bot.models import Channel
from payments.facts import Deal, DealStatus
from payments.models import Account, Notice, Payment, Refund
from payments.ordering import Buyer, place
from payments.settling import settle
from tests.payments.conftest import COURSE, WORDS
from tests.people import People, logged_in, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> People:
    return make_people()


@pytest.fixture
def shop(db: None) -> Account:
    keys = {"shop_id": "506751", "secret_key": "live_very-secret"}
    return Account.objects.create(
        title="ЮKassa",
        provider="yookassa",
        api_url="http://127.0.0.1:9/v3",
        credentials=keys,
        options={"shop_id": "506751"},
    )


@pytest.fixture
def paid(shop: Account, people: People) -> Payment:
    payment = place(Buyer(people.customer, people.chat), [COURSE], WORDS, now=timezone.now())
    deal = Deal("2f-1", payment.order.number, DealStatus.PAID, payment.amount, "RUB")
    settle(shop, deal, source=Notice.Source.READ, now=timezone.now())
    payment.refresh_from_db()
    return payment


def page_of(row: Payment | Account | Refund) -> str:
    return reverse(f"admin:payments_{row._meta.model_name}_change", args=[row.pk])


def give_back(client: Client, payment: Payment, amount: str, key: str = "form-1") -> None:
    where = reverse("admin:payments_payment_refund", args=[payment.pk])
    client.post(where, {"amount": amount, "key": key, "why": "остыл"})


def test_a_part_is_given_back_once_however_often_the_form_is_sent(paid: Payment, people: People) -> None:
    owner = logged_in(people.owner)
    page = owner.get(page_of(paid)).content.decode()
    assert 'name="amount"' in page and 'value="24900.00"' in page
    for _ in range(3):
        give_back(owner, paid, "900,50")
    refund = Refund.objects.get()
    assert (refund.amount, refund.status) == (Decimal("900.50"), Refund.Status.WANTED)
    assert refund.by.endswith(": остыл")
    assert "900,50" in owner.get(page_of(paid)).content.decode(), "it stands on the payment's page"


@pytest.mark.parametrize("amount", ["", "много", "0", "-5", "24900.01"])
def test_what_is_no_sum_or_too_much_changes_nothing(paid: Payment, people: People, amount: str) -> None:
    give_back(logged_in(people.owner), paid, amount)
    assert not Refund.objects.exists()


def test_only_who_may_give_money_back_sees_the_form(paid: Payment, people: People) -> None:
    for user in (people.editor, people.analyst, people.manager):
        client = logged_in(user)
        give_back(client, paid, "10.00")
        assert 'name="amount"' not in client.get(page_of(paid)).content.decode()
    assert not Refund.objects.exists()


def test_a_refund_by_hand_is_marked_by_a_person(people: People) -> None:
    channel = Channel.objects.create(kind="telegram", title="Кофе", credentials={"token": "1:c"})
    account = Account.objects.create(
        title="Telegram", provider="telegram", channel=channel, api_url="https://t.example"
    )
    payment = place(Buyer(people.customer, people.chat), [COURSE], WORDS, now=timezone.now())
    Payment.objects.filter(pk=payment.pk).update(account=account, provider="telegram")
    deal = Deal("charge-1", payment.order.number, DealStatus.PAID, payment.amount, "RUB")
    settle(account, deal, source=Notice.Source.SIGNED, now=timezone.now())
    owner = logged_in(people.owner)
    give_back(owner, payment, "24900")
    refund = Refund.objects.get()
    assert refund.status == Refund.Status.BY_HAND
    owner.post(reverse("admin:payments_refund_do", args=[refund.pk, "done"]))
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.status, payment.status) == (Refund.Status.DONE, Payment.Status.REFUNDED)
    assert owner.get(reverse("admin:payments_refund_changelist")).status_code == 200


def test_a_failed_refund_stands_in_the_error_page_until_it_is_asked_for_again(paid: Payment, people: People) -> None:
    failed = Refund.objects.create(
        payment=paid, amount=Decimal("10.00"), status=Refund.Status.FAILED, error="нет денег"
    )
    owner = logged_in(people.owner)
    assert "Возвраты, которые не прошли" in owner.get(reverse("office_errors")).content.decode()
    for _ in range(2):
        owner.post(reverse("admin:payments_refund_do", args=[failed.pk, "again"]))
    assert Refund.objects.filter(status=Refund.Status.WANTED).count() == 1
    failed.refresh_from_db()
    assert failed.asked_again


def test_the_accounts_page_keeps_taxes_and_rules_and_never_shows_a_key(shop: Account, people: People) -> None:
    owner = logged_in(people.owner)
    page = owner.get(page_of(shop)).content.decode()
    assert "live_very-secret" not in page
    assert "Новый секрет подписи" not in page, "YooKassa signs nothing"
    form = {"title": "Кофейня", "serves": "shop", "currency": "RUB", "is_active": "on", "api_url": shop.api_url}
    form |= {"options": "{}", "receipts": "on", "vat_code": "11", "tax_system": "2", "mode": "full_prepayment"}
    form |= {"subject": "commodity", "receipt_email": "kassa@example.ru", "refund_unwanted": "on"}
    response = owner.post(page_of(shop), form)
    assert response.status_code == 302, response.content.decode()[-3000:]
    shop.refresh_from_db()
    assert (shop.terms.vat_code, shop.terms.tax_system, shop.terms.mode) == (11, 2, "full_prepayment")
    assert (shop.options["refund_unwanted"], shop.options["known_sources"]) == (True, False)
    assert shop.credentials["secret_key"] == "live_very-secret", "an empty field leaves what is stored"
    assert shop.options["shop_id"] == "506751", "by which `connect` finds it"


def test_checking_a_shop_that_does_not_answer_says_so(shop: Account, people: People) -> None:
    response = logged_in(people.owner).post(reverse("admin:payments_account_do", args=[shop.pk, "check"]), follow=True)
    assert "YooKassa does not answer" in response.content.decode()
