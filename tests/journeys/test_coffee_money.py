"""Paying for coffee, through the real doors: a link of YooKassa and an invoice of Telegram, with what may go wrong."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.core.management import call_command

from bot.channels.registry import adapter_for
from bot.channels.telegram.adapter import TelegramAdapter
from bot.models import Message
from content import menus
from content.models import Place, Product, Stop
from crm.models import Manager
from payments import desk
from payments.models import Account, Notice, Order, Payment, Refund, Ticket
from payments.providers.wire import close_shared
from payments.shop import tickets
from tests.emulators.yookassa import KassaServer
from tests.journeys.coffee import COFFEE, Guest, cafe, lena
from tests.journeys.house import House

__all__ = ["cafe", "lena"]  # the fixtures
pytestmark = pytest.mark.django_db(transaction=True)
Status = Ticket.Status
PROVIDER_TOKEN = "381764678:TEST:91234"


@pytest.fixture
def kassa(cafe: House) -> Iterator[KassaServer]:
    """YooKassa, connected by the command, notifying our door."""
    with KassaServer() as server:
        keys = {"shop_id": server.world.shop_id, "secret_key": server.world.secret_key}
        taxes = {"vat_code": 11, "tax_system": 2, "receipt_email": "kassa@example.ru"}
        call_command("connect", "yookassa", api_url=server.api_url, serves="shop", title="ЮKassa", **keys, **taxes)
        server.calls(f"{cafe.url}/webhook/yookassa")
        yield server
    close_shared()


@pytest.fixture
def bills(cafe: House) -> Account:
    """The coffee bot may send invoices."""
    bot = str(cafe.bots[COFFEE].pk)
    call_command("connect", "telegram-pay", bot=bot, provider_token=PROVIDER_TOKEN, serves="shop", vat_code=11)
    return Account.objects.get(provider="telegram")


def orders_with(guest: Guest, way: str) -> None:
    """Order a latte and choose how to pay."""
    guest.says("/start")
    guest.taps("☕ Кофе", "Латте", "В корзину", "✅ Оформить", "💳", way, "✅ Заказать")
    guest.house.settle()


def link_of(guest: Guest) -> str:
    said = guest.house.telegram.said(guest.token, guest.user_id)
    return [str(button["url"]) for message in said for row in message.buttons for button in row if "url" in button][-1]


def bill_of(guest: Guest) -> int:
    """Return the number of the newest invoice the guest sees."""
    said = guest.house.telegram.said(guest.token, guest.user_id)
    return [message.id for message in said if message.kind == "invoice"][-1]


def presses_pay(guest: Guest) -> dict[str, object]:
    """Press Pay and wait for the bot's answer, which comes with the webhook's own reply."""
    telegram = guest.house.telegram
    asked = telegram.pays(guest.token, guest.user_id, bill_of(guest))["pre_checkout_query"]["id"]
    query = telegram.bot(guest.token).queries[asked]
    telegram.wait_until(lambda: query.answer is not None)
    return {"id": asked, **(query.answer or {})}


def pays_bill(guest: Guest) -> None:
    answer = presses_pay(guest)
    assert answer["ok"], answer
    guest.house.telegram.finishes_payment(guest.token, str(answer["id"]))
    guest.house.settle()


# --- YooKassa


def test_a_link_is_paid_with_3d_secure_and_the_counter_gets_the_order(lena: Guest, kassa: KassaServer) -> None:
    orders_with(lena, "картой онлайн")
    assert lena.ticket.status == Status.HELD
    page = link_of(lena)
    with httpx.Client(follow_redirects=False) as browser:
        secured = browser.post(page, data={"card": "5555 5555 5555 4477"})
        done = browser.post(f"{kassa.url}{secured.headers['Location']}", data={"code": "1234"})
        back = done.headers["Location"]
        assert "Оплата проверяется" in browser.get(back).text
        lena.house.settle()
        assert "оплачен" in browser.get(back).text
    assert lena.ticket.status == Status.RECEIVED
    assert "Оплата получена" in lena.heard[-1]


def test_a_declined_card_is_told_and_the_second_try_is_paid(lena: Guest, kassa: KassaServer) -> None:
    orders_with(lena, "картой онлайн")
    first = link_of(lena)
    httpx.post(first, data={"card": "5555 5555 5555 4600"})
    kassa.wait()
    lena.house.settle()
    assert any("на карте не хватило денег" in text for text in lena.heard)
    assert link_of(lena) != first
    httpx.post(link_of(lena), data={"card": "5555 5555 5555 4444"})
    kassa.wait()
    lena.house.settle()
    assert lena.ticket.status == Status.RECEIVED


def test_who_does_not_pay_in_time_loses_the_slot_and_late_money_is_looked_at(lena: Guest, kassa: KassaServer) -> None:
    Manager.objects.filter(name="Иван").update(is_on_duty=True)
    orders_with(lena, "картой онлайн")
    lena.house.passes(minutes=40)
    assert lena.ticket.status == Status.EXPIRED
    Place.objects.update(is_paused=True)  # and nobody makes coffee any more
    httpx.post(link_of(lena), data={"card": "5555 5555 5555 4444"})
    kassa.wait()
    lena.house.settle()
    assert "Деньги не пропали" in lena.heard[-1]
    payment = Payment.objects.get()
    assert (payment.status, payment.reason) == (Payment.Status.NEEDS_REVIEW, "paid_late")
    assert Message.objects.filter(text__startswith="⚠️ Оплата требует внимания").exists()
    desk.refund(payment, None, by="Оля")
    lena.house.settle()
    assert Refund.objects.get().status == Refund.Status.DONE
    assert "вернул" in lena.heard[-1].casefold()


def test_a_paid_order_that_is_canceled_gives_the_money_back(lena: Guest, kassa: KassaServer) -> None:
    orders_with(lena, "картой онлайн")
    httpx.post(link_of(lena), data={"card": "5555 5555 5555 4444"})
    kassa.wait()
    lena.house.settle()
    assert tickets.cancel(lena.ticket, by=Ticket.By.GUEST, now=lena.house.clock())
    lena.house.settle()
    assert lena.orders[-1].status == Order.Status.REFUNDED
    assert [item["status"] for item in kassa.world.refunds.values()] == ["succeeded"]


# --- Telegram


def test_an_invoice_is_paid_inside_telegram(lena: Guest, bills: Account) -> None:
    orders_with(lena, "картой в Telegram")
    assert lena.ticket.status == Status.HELD
    pays_bill(lena)
    assert lena.ticket.status == Status.RECEIVED
    assert "Оплата получена" in lena.heard[-1]
    payment = Payment.objects.get()
    assert payment.external_id.startswith("tg-charge-")
    assert (payment.status, payment.paid_amount) == (Payment.Status.PAID, lena.orders[-1].amount)


def test_the_question_is_answered_while_every_queue_stands_still(lena: Guest, bills: Account) -> None:
    orders_with(lena, "картой в Telegram")
    lena.house.telegram.user_says(lena.token, lena.user_id, "эй")  # waits in the inbox: no worker runs from here on
    answer = presses_pay(lena)
    assert answer["ok"] is True
    lena.house.telegram.finishes_payment(lena.token, str(answer["id"]))
    lena.house.take_mail_in()
    assert lena.ticket.status == Status.RECEIVED, "the door itself has written the money down"


@pytest.mark.parametrize("gone", ["expired", "canceled", "stopped", "paused", "sum"])
def test_what_moved_since_is_told_before_any_money_moves(lena: Guest, bills: Account, gone: str) -> None:
    orders_with(lena, "картой в Telegram")
    order = lena.orders[-1]
    match gone:
        case "expired":
            Ticket.objects.update(held_until=lena.house.clock() - timedelta(minutes=1))
        case "canceled":
            assert tickets.cancel(lena.ticket, by=Ticket.By.GUEST, now=lena.house.clock())
        case "stopped":
            Stop.objects.create(place=lena.ticket.place, product=Product.objects.get(code="latte"), left=None)
            menus.forget()
        case "paused":
            Place.objects.update(is_paused=True)
        case "sum":
            Order.objects.filter(pk=order.pk).update(amount=order.amount + 1)
    words = {
        "expired": "Время оплаты вышло",
        "canceled": "Время оплаты вышло",
        "stopped": "Закончилось: Латте",
        "paused": "перестала принимать",
        "sum": "Сумма заказа изменилась",
    }
    answer = presses_pay(lena)
    assert answer["ok"] is False
    assert words[gone] in str(answer["error_message"])
    assert not Notice.objects.exists()


def test_an_order_that_is_paid_cannot_be_paid_again(lena: Guest, bills: Account) -> None:
    orders_with(lena, "картой в Telegram")
    pays_bill(lena)
    answer = presses_pay(lena)
    assert (answer["ok"], "уже оплачен" in str(answer["error_message"])) == (False, True)


def test_money_told_ten_times_is_one_payment(lena: Guest, bills: Account) -> None:
    orders_with(lena, "картой в Telegram")
    lena.house.telegram.deliveries.copies = 10
    pays_bill(lena)
    assert Payment.objects.filter(status=Payment.Status.PAID).count() == 1
    assert Notice.objects.get().times > 1


def test_two_yeses_paid_both_are_one_order_and_one_refund_by_hand(lena: Guest, bills: Account) -> None:
    orders_with(lena, "картой в Telegram")
    first, second = presses_pay(lena), presses_pay(lena)  # two phones, one bill: both may, before either has
    for answer in (first, second):
        lena.house.telegram.finishes_payment(lena.token, str(answer["id"]))
    lena.house.settle()
    aside = Payment.objects.get(status=Payment.Status.NEEDS_REVIEW)
    assert (aside.reason, Payment.objects.filter(status=Payment.Status.PAID).count()) == ("paid_twice", 1)
    refund = desk.refund(aside, None, by="Оля")
    assert refund.status == Refund.Status.BY_HAND
    desk.declare_refunded(refund, by="Оля")
    aside.refresh_from_db()
    assert aside.status == Payment.Status.REFUNDED
    assert (lena.ticket.status, lena.orders[-1].status) == (Status.RECEIVED, Order.Status.PAID)


def test_the_mini_app_opens_the_same_invoice_by_its_link(lena: Guest, bills: Account) -> None:
    orders_with(lena, "картой в Telegram")
    link = Payment.objects.get().link
    telegram = lena.house.telegram
    asked = telegram.pays_link(lena.token, lena.user_id, link.rpartition("/")[2])["pre_checkout_query"]["id"]
    telegram.wait_until(lambda: telegram.bot(lena.token).queries[asked].answer is not None)
    telegram.finishes_payment(lena.token, asked)
    lena.house.settle()
    assert lena.ticket.status == Status.RECEIVED


def test_a_till_that_does_not_answer_says_no_in_time(
    lena: Guest, bills: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders_with(lena, "картой в Telegram")

    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("payments.telegram_till.check", broken)
    answer = presses_pay(lena)
    assert (answer["ok"], "Не успели проверить" in str(answer["error_message"])) == (False, True)
    assert isinstance(adapter_for("telegram"), TelegramAdapter)
