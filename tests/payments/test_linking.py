"""Links: made by the provider, once, whatever is answered."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from bot.models import InboxEvent, Message
from crm.models import Manager
from payments import inviting, linking
from payments.models import Account, Order, Payment
from payments.ordering import Buyer, place
from tests.emulators.getcourse import Fault, FaultKind, SchoolServer
from tests.payments.conftest import COURSE, WORDS, later

pytestmark = pytest.mark.django_db(transaction=True)
Status = Payment.Status


def test_a_link_is_made_through_the_api_and_sent_with_a_button(payment: Payment, school: SchoolServer) -> None:
    Manager.objects.create(name="Ольга", telegram_id=1001)
    assert (payment.status, payment.link) == (Status.CREATED, "")
    assert linking.create_links(later) == 1
    payment.refresh_from_db()
    deal = school.world.by_order(payment.order.number)
    assert payment.status == Status.SENT
    assert (payment.external_id, payment.link) == (str(deal.id), f"{school.url}/pay/{deal.id}")
    assert (deal.cost, deal.email, deal.number) == ("24900.00", "anna@example.ru", payment.order.number)
    said = Message.objects.get(chat=payment.order.chat)
    assert (said.text, said.extras["buttons"]) == ("Вот ваша ссылка.", [[{"text": "Оплатить", "url": payment.link}]])
    told = Message.objects.exclude(chat=payment.order.chat).get()
    assert told.text.startswith("💳 Пользователю @anna отправлена ссылка на оплату: «Курс «Старт без паники»»")


def test_the_prices_are_our_own_and_the_number_is_nobodys_guess(payment: Payment) -> None:
    assert (payment.amount, payment.order.amount, payment.currency) == (Decimal("24900.00"), Decimal("24900.00"), "RUB")
    assert len({Order().number for _ in range(100)}) == 100


def test_a_deal_made_by_a_request_whose_answer_was_lost_is_made_once(payment: Payment, school: SchoolServer) -> None:
    school.faults.order(Fault(FaultKind.ACT_THEN_DROP, match="/pl/api/deals"))
    linking.create_links(later)
    payment.refresh_from_db()
    assert (payment.status, payment.attempts) == (Status.CREATED, 1)
    assert "does not answer" in payment.error
    linking.create_links(lambda: later(seconds=30))
    payment.refresh_from_db()
    assert payment.status == Status.SENT
    assert len(school.world.deals) == 1
    assert Message.objects.filter(chat=payment.order.chat).count() == 1


def test_a_worker_killed_after_asking_leaves_it_to_the_next_one(payment: Payment, school: SchoolServer) -> None:
    claimed = linking._claim(later())
    linking._ask(claimed[0])  # and then the process died
    assert linking.create_links(lambda: later(seconds=60)) == 0, "claimed: nobody else touches it yet"
    assert linking.create_links(lambda: later(seconds=120)) == 1
    assert Payment.objects.get().status == Status.SENT
    assert len(school.world.deals) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"success": "false", "result": {"success": "false", "error": "true", "error_message": "сбой"}},
        {"success": False, "error_message": "internal"},
        ["no object"],
    ],
)
def test_an_error_told_with_http_200_is_an_error(payment: Payment, school: SchoolServer, answer: object) -> None:
    school.faults.order(Fault(FaultKind.STATUS, match="/pl/api/deals", status=200, body=answer))
    linking.create_links(later)
    payment.refresh_from_db()
    assert (payment.status, payment.link) == (Status.CREATED, "")


def test_a_deal_the_school_refuses_is_paid_on_the_products_page(
    account: Account, buyer: Buyer, school: SchoolServer
) -> None:
    payment = place(buyer, [COURSE], WORDS, page="https://school.example/pl/start?a=1", now=timezone.now())
    refusal = {"success": "true", "result": {"success": "true", "error": "true", "error_message": "предложение скрыто"}}
    school.faults.order(Fault(FaultKind.STATUS, match="/pl/api/deals", status=200, body=refusal))
    linking.create_links(later)
    payment.refresh_from_db()
    number = payment.order.number
    assert payment.link == f"https://school.example/pl/start?a=1&utm_content={number}"
    assert (payment.status, payment.external_id) == (Status.SENT, "")


def test_a_refused_key_is_told_to_people_and_the_customer_is_not_left_waiting(
    payment: Payment, account: Account
) -> None:
    Manager.objects.create(name="Ольга", telegram_id=1001)
    Account.objects.filter(pk=account.pk).update(credentials={**account.credentials, "api_key": "old"})
    linking.create_links(later)
    payment.refresh_from_db()
    account.refresh_from_db()
    assert (payment.status, payment.reason, account.health) == (Status.FAILED, "no_link", Account.Health.DOWN)
    assert InboxEvent.objects.get(kind="payment").payload["what"] == "failed"
    assert "Не удалось создать ссылку" in Message.objects.get().text
    assert "old" not in payment.error


def test_a_school_that_never_answers_is_given_up(payment: Payment, school: SchoolServer) -> None:
    school.faults.order(Fault(FaultKind.HTML, match="/pl/api/deals", status=502, times=-1))
    now = timezone.now()
    for _ in range(linking.ATTEMPTS):
        now += dt.timedelta(hours=2)
        assert linking.create_links(lambda at=now: at) == 1  # type: ignore[misc]
    assert Payment.objects.get().status == Status.FAILED


def test_without_keys_or_an_address_of_the_customer_the_products_page_is_the_link_at_once(buyer: Buyer) -> None:
    page = "https://school.example/pl/start?order={order}"
    payment = place(buyer, [COURSE], WORDS, page=page, now=timezone.now())
    assert payment.status == Status.SENT
    assert payment.link == f"https://school.example/pl/start?order={payment.order.number}"


def test_without_any_way_to_pay_people_are_told(buyer: Buyer) -> None:
    payment = place(buyer, [COURSE], WORDS, now=timezone.now())
    linking.create_links(later)
    payment.refresh_from_db()
    assert (payment.status, payment.reason) == (Status.FAILED, "no_link")


def test_while_a_manager_has_the_chat_the_link_goes_out_as_theirs(payment: Payment, buyer: Buyer) -> None:
    assert buyer.chat is not None
    buyer.chat.speaker, buyer.chat.epoch = "manager", 3
    buyer.chat.save()
    linking.create_links(later)
    assert Message.objects.get().role == Message.Role.MANAGER


def test_a_link_asked_for_twice_in_a_row_is_not_the_very_same_message(payment: Payment, school: SchoolServer) -> None:
    linking.create_links(later)
    payment.refresh_from_db()
    inviting.say_link(payment, key="asked again")
    said = Message.objects.filter(chat=payment.order.chat).order_by("pk").values_list("text", flat=True)
    assert list(said) == ["Вот ваша ссылка.", f"{inviting.AGAIN}\n\nВот ваша ссылка."]
