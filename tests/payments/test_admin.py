"""The till in the back office: who may see and press what, and what each press does."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bot.models import Message
from content.models import Product
from crm.models import Lead
from payments import checking, desk
from payments.facts import Deal, DealStatus
from payments.models import Account, Notice, Order, Payment
from payments.ordering import Buyer, place
from payments.settling import keep_hint, settle
from tests.payments.conftest import COURSE, WORDS
from tests.people import People, lead_of, logged_in, make_people

PAGE = "https://school.example/pl/start"
LISTS = ("order", "payment", "notice", "account")
# Who may open which list.
RIGHTS = {
    "owner": {"order", "payment", "notice", "account"},
    "admin": {"order", "payment", "notice", "account"},
    "editor": set(),
    "manager": {"order", "payment"},
    "analyst": {"order", "payment", "notice"},
}


@pytest.fixture
def people(db: None) -> People:
    return make_people()


@pytest.fixture
def account(db: None) -> Account:
    """An account without any key: nothing here asks the outside."""
    return Account.objects.create(title="Школа", api_url="https://school.example", signing_secrets=["s"])


@pytest.fixture
def lead(people: People) -> Lead:
    """Anna's lead, which is Olga's."""
    return lead_of(people.customer, chat=people.chat, manager=people.olga, status=Lead.Status.TAKEN)


@pytest.fixture
def payment(account: Account, people: People, lead: Lead) -> Payment:
    """Anna's order; its link is the product's page."""
    return place(Buyer(people.customer, people.chat, lead), [COURSE], WORDS, page=PAGE, now=timezone.now())


@pytest.fixture
def product(db: None) -> Product:
    return Product.objects.create(code="pro", name="Портфель PRO", price=Decimal("89000.00"), meta={"deal_url": PAGE})


def told(account: Account, **said: object) -> Notice:
    """A signed notice about an order nobody knows."""
    deal = Deal("7777", "NOBODYS", DealStatus.PAID, COURSE.price, "RUB")
    return settle(account, deal, source=Notice.Source.SIGNED, now=timezone.now())


def press(client: Client, model: str, pk: int, verb: str) -> str:
    """Press a button of a row's page; return the words that followed, or the status."""
    response = client.post(reverse(f"admin:payments_{model}_do", args=[pk, verb]), follow=True)
    if response.status_code != 200:
        return str(response.status_code)
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize("name", RIGHTS)
def test_each_role_opens_its_lists_and_no_other(people: People, payment: Payment, name: str) -> None:
    client = logged_in(people.user(name))
    opened = {model for model in LISTS if client.get(reverse(f"admin:payments_{model}_changelist")).status_code == 200}
    assert opened == RIGHTS[name]


def test_every_page_shows_its_row_and_no_secret(people: People, account: Account, payment: Payment) -> None:
    account.credentials = {"api_key": "very-secret-key"}
    account.save()
    notice, client = told(account), logged_in(people.owner)
    for model, pk in (
        ("order", payment.order_id),
        ("payment", payment.pk),
        ("notice", notice.pk),
        ("account", account.pk),
    ):
        page = client.get(reverse(f"admin:payments_{model}_change", args=[pk])).content.decode()
        assert "very-secret-key" not in page
    page = client.get(reverse("admin:payments_payment_change", args=[payment.pk])).content.decode()
    assert payment.order.number in page and "24" in page


def test_a_manager_sees_only_the_money_of_their_own_leads(people: People, payment: Payment) -> None:
    address = reverse("admin:payments_payment_change", args=[payment.pk])
    assert logged_in(people.manager).get(address).status_code == 200
    assert logged_in(people.manager2).get(address).status_code in (302, 404)
    listed = logged_in(people.manager2).get(reverse("admin:payments_order_changelist")).content.decode()
    assert payment.order.number not in listed


def test_a_link_is_sent_from_the_leads_page(people: People, account: Account, lead: Lead, product: Product) -> None:
    client = logged_in(people.manager)
    page = client.get(reverse("admin:crm_lead_change", args=[lead.pk])).content.decode()
    assert "Отправить ссылку на оплату" in page and "Портфель PRO" in page
    address = reverse("admin:payments_payment_send", args=[lead.pk])
    for _ in range(2):
        client.post(address, {"product": product.pk})
    made = Payment.objects.get()
    assert (made.status, made.amount, made.order.lead) == (Payment.Status.SENT, product.price, lead)
    said = Message.objects.filter(chat=people.chat, role="bot")
    assert said.count() == 2, "the second press sends the same link again"
    assert made.link in str(said[0].extras)
    assert logged_in(people.manager2).post(address, {"product": product.pk}).status_code == 404
    assert logged_in(people.editor).post(address, {"product": product.pk}).status_code in (302, 403)
    assert client.get(address).status_code == 405


def test_what_cannot_be_sold_is_refused_in_words(
    people: People, account: Account, lead: Lead, product: Product
) -> None:
    client, address = logged_in(people.manager), reverse("admin:payments_payment_send", args=[lead.pk])
    assert "Выберите продукт" in client.post(address, {"product": "x"}, follow=True).content.decode()
    made = desk.send_link(lead, product, by="Ольга")
    desk.declare_paid(made, by="Ольга")
    lead.refresh_from_db()
    assert lead.status == Lead.Status.PAID
    assert "уже оплатил" in client.post(address, {"product": product.pk}, follow=True).content.decode()
    assert Order.objects.count() == 1


def test_a_person_may_declare_what_they_have_seen(people: People, payment: Payment) -> None:
    client = logged_in(people.admin)
    assert press(client, "payment", payment.pk, "paid") == "Заказ оплачен."
    payment.refresh_from_db()
    kept = Notice.objects.get()
    assert (payment.status, kept.source, kept.payload) == (Payment.Status.PAID, "hand", {"by": "Admin"})
    assert press(client, "payment", payment.pk, "paid") == "403", "the button is gone"
    assert press(logged_in(people.manager), "payment", payment.pk, "paid") == "403"


def test_a_link_is_sent_again_and_a_check_without_keys_is_refused_in_words(people: People, payment: Payment) -> None:
    client = logged_in(people.admin)
    assert press(client, "payment", payment.pk, "resend") == "Ссылка отправляется."
    assert "Не заданы ключи" in press(client, "payment", payment.pk, "check")
    assert press(client, "payment", payment.pk, "refund") == "403", "GetCourse refunds in its own cabinet"
    Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.FAILED, link="", error="сбой")
    assert press(client, "payment", payment.pk, "check").startswith("Спрашиваем")
    payment.refresh_from_db()
    assert (payment.status, payment.error) == (Payment.Status.CREATED, ""), "the link is asked for anew"


def test_an_unknown_order_is_shown_and_attached(people: People, account: Account, payment: Payment) -> None:
    notice, client = told(account), logged_in(people.admin)
    errors = client.get(reverse("office_errors")).content.decode()
    assert "7777" in errors
    listed = client.get(reverse("admin:payments_notice_changelist") + "?owner=none").content.decode()
    assert "NOBODYS" in listed
    address = reverse("admin:payments_notice_attach", args=[notice.pk])
    assert "Нет нашего заказа" in client.post(address, {"number": "WRONG"}, follow=True).content.decode()
    assert (
        payment.order.number
        in client.post(address, {"number": payment.order.number.lower()}, follow=True).content.decode()
    )
    payment.refresh_from_db()
    assert (payment.status, payment.external_id) == (Payment.Status.PAID, "7777"), "it was signed: it counts at once"
    assert "7777" not in client.get(reverse("office_errors")).content.decode()
    assert logged_in(people.analyst).post(address, {"number": "X"}).status_code == 403


def test_an_attached_hint_waits_for_proof(people: People, account: Account, payment: Payment) -> None:
    hint = keep_hint(account, Deal("8888", "", DealStatus.PAID, COURSE.price), now=timezone.now())
    desk.attach(hint, payment.order.number)
    payment.refresh_from_db()
    assert (payment.status, payment.external_id) == (Payment.Status.SENT, "8888")


def test_a_notice_is_closed(people: People, account: Account) -> None:
    notice, client = told(account), logged_in(people.admin)
    assert press(client, "notice", notice.pk, "close") == "Уведомление закрыто."
    assert press(client, "notice", notice.pk, "close") == "403"


def test_money_that_does_not_fit_stands_in_the_error_page(people: People, account: Account, payment: Payment) -> None:
    deal = Deal("1", payment.order.number, DealStatus.PAID, COURSE.price - 1, "RUB")
    settle(account, deal, source=Notice.Source.SIGNED, now=timezone.now())
    page = logged_in(people.admin).get(reverse("office_errors")).content.decode()
    assert "сумма не та, что в заказе" in page


def test_orders_are_exported_without_formulas(people: People, payment: Payment) -> None:
    people.customer.name = "=1+1"
    people.customer.save()
    body = logged_in(people.owner).get(reverse("admin:payments_order_export")).content.decode("utf-8-sig")
    assert payment.order.number in body and "24900.00" in body and "'=1+1" in body
    assert logged_in(people.manager).get(reverse("admin:payments_order_export")).status_code == 403


def test_an_account_keeps_the_keys_that_are_not_typed_anew(people: People, account: Account) -> None:
    account.credentials = {"api_key": "stays"}
    account.save()
    client, address = logged_in(people.owner), reverse("admin:payments_account_change", args=[account.pk])
    form = {
        "title": "Школа 2",
        "serves": "all",
        "api_url": "https://school.example/",
        "currency": "RUB",
        "is_active": "on",
        "options": "{}",
    }
    assert client.post(address, {**form, "api_key": "", "developer_key": "new"}).status_code == 302
    account.refresh_from_db()
    assert (account.title, account.api_url) == ("Школа 2", "https://school.example")
    assert account.credentials == {"api_key": "stays", "developer_key": "new"}
    shown = press(client, "account", account.pk, "address")
    assert "/webhook/getcourse/" in shown
    assert "показан только сейчас" in press(client, "account", account.pk, "signing")
    account.refresh_from_db()
    assert len(account.signing_secrets) == 2
    added = {**form, "api_url": "https://two.example", "options": "{}"}
    assert client.post(reverse("admin:payments_account_add"), added).status_code == 302
    assert Account.objects.filter(api_url="https://two.example", provider="getcourse").exists()


def test_sales_of_others_do_not_fill_the_error_page(people: People, account: Account, payment: Payment) -> None:
    for deal_id, number in (("501", "77"), ("502", payment.order.number)):
        keep_hint(account, Deal(deal_id, number, DealStatus.PAID, COURSE.price), now=timezone.now())
    checking.check_due()
    page = logged_in(people.admin).get(reverse("office_errors")).content.decode()
    assert "502" in page and "501" not in page
    assert Notice.objects.filter(verdict="unconfirmed").count() == 2, "both are kept"
