"""From the offer to the money: a customer in Telegram, a school on loopback, everything through the real doors."""

from collections.abc import Iterator

import httpx
import pytest
from django.core.management import call_command

from bot.models import Channel, Chat, InboxEvent, Message
from content.models import Product
from crm import desk as lead_desk
from crm.models import Customer, Lead
from dialogs.models import AssistantTurn, Conversation, Timer
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from payments import desk, reconciling
from payments.models import Account, Notice, Order, Payment
from payments.providers.wire import close_shared
from tests.emulators.getcourse import SchoolServer
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import TOKEN, House

RECEIPT = "✅ Оплата получена, спасибо! «Курс «Старт без паники»», 24\u00a0900\u00a0₽"
AFTER = "Поздравляю, вы с нами!"


@pytest.fixture
def school(house: House) -> Iterator[SchoolServer]:
    """The school: connected with every key, its process calls our address, its pages sell what we sell."""
    load_preset("sales")
    Channel.objects.filter(pk=house.bot.pk).update(scenario_key="sales")
    house.bot.refresh_from_db()
    with SchoolServer() as server:
        keys = {"api_key": "school-api-key", "developer_key": "developer-key", "school_key": "school-key"}
        call_command("connect", "getcourse", account=server.url, title="Школа", **keys)
        secret = Account.objects.get().renew_url_secret()
        server.calls(f"{house.url}/webhook/getcourse/{secret}")
        for product in Product.objects.all():
            page = server.sells(product.code, product.name, f"{product.price:.2f}")
            Product.objects.filter(pk=product.pk).update(meta={**product.meta, "deal_url": page})
        forget()
        yield server
    close_shared()


@pytest.fixture
def offered(house: House, school: SchoolServer, anna: TelegramCustomer) -> TelegramCustomer:
    """Anna has begun and asked to see the programme."""
    anna.says("/start")
    house.telegram.presses(TOKEN, anna.user_id, 1, "offer:pay:start", forged=True)  # as a button of weeks ago
    house.settle()
    return anna


def link_of(anna: TelegramCustomer) -> str:
    """Return the address on the newest link button Anna sees."""
    seen = anna.house.telegram.said(TOKEN, anna.user_id)
    urls = [button["url"] for message in seen for row in message.buttons for button in row if "url" in button]
    assert urls, anna.heard
    return str(urls[-1])


def pays(anna: TelegramCustomer, school: SchoolServer) -> None:
    """Open the link in a browser, order on the product's page, press *Оплатить*; then the house does its work."""
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(link_of(anna))
        if "/pl/" in str(page.url):
            page = browser.post(str(page.url), data={"email": "anna@example.ru"})
        assert "ждёт оплаты" in page.text
        page = browser.post(f"{page.url}/pay")
        assert "оплачен" in page.text
    school.wait()
    anna.house.settle()


def test_from_the_offer_to_the_receipt(house: House, offered: TelegramCustomer, school: SchoolServer) -> None:
    payment = Payment.objects.get()
    assert "персональная ссылка" in offered.heard[-1]
    assert link_of(offered) == f"{school.url}/pl/start?utm_content={payment.order.number}"
    told = [m.text for m in house.telegram.said(TOKEN, 1001)]
    assert any("отправлена ссылка на оплату" in text for text in told), "the managers know"

    pays(offered, school)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.PAID
    assert payment.external_id == str(school.world.by_order(payment.order.number).id)
    assert [text for text in offered.heard if text.startswith(RECEIPT)] == [
        text for text in offered.heard if AFTER in text
    ]
    assert len([text for text in offered.heard if AFTER in text]) == 1
    assert offered.lead.status == Lead.Status.PAID
    assert Customer.objects.get(links__chat=offered.chat).funnel_stage == "paid"
    assert Conversation.objects.get(chat=offered.chat).step == "after_sale"
    assert any("оплатил(а)" in m.text for m in house.telegram.said(TOKEN, 1001))
    assert any("оплачено" in line for line in offered.timeline), "the portal reads it on the lead"


def test_the_warming_ends(house: House, offered: TelegramCustomer, school: SchoolServer) -> None:
    before = set(Timer.objects.filter(canceled_at=None, fired_at=None).values_list("pk", flat=True))
    assert before
    pays(offered, school)
    left = set(Timer.objects.filter(canceled_at=None, fired_at=None).values_list("pk", flat=True))
    assert not before & left, "no reminder of before is left"
    heard = len(offered.heard)
    house.passes(days=4)
    assert len(offered.heard) == heard, "nobody is warmed up who has paid"
    assert not AssistantTurn.objects.filter(status__in=AssistantTurn.OPEN).exists()


def test_news_repeated_and_out_of_order_is_told_once(
    house: House, offered: TelegramCustomer, school: SchoolServer
) -> None:
    school.notices.repeats, school.notices.is_held = 3, True
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.post(link_of(offered), data={"email": "anna@example.ru"})
        browser.post(f"{page.url}/pay")
    school.release(backwards=True)
    house.settle()
    assert Payment.objects.get().status == Payment.Status.PAID
    assert sum(AFTER in text for text in offered.heard) == 1
    assert set(school.notices.answers) == {200}


def test_a_signed_relay_is_believed_but_not_a_wrong_sum(
    house: House, offered: TelegramCustomer, school: SchoolServer
) -> None:
    Account.objects.update(credentials={})  # nothing could be read back: only the signature speaks
    school.world.hooks.clear()
    account = Account.objects.get()
    school.calls(f"{house.url}/webhook/getcourse", secret=account.signing_secrets[0])
    order = Order.objects.get().number
    deal = school.world.add(title="Курс", cost="24900.00", email="anna@example.ru", utm_content=order)
    school.world.pay(deal.id)
    school.tell(deal, paid="24899.99")
    house.settle()
    assert Payment.objects.get().status == Payment.Status.NEEDS_REVIEW
    assert "не сходится с заказом" in offered.heard[-1]
    school.tell(deal)
    house.settle()
    assert Payment.objects.get().status == Payment.Status.PAID
    assert AFTER in offered.heard[-1]
    assert set(school.notices.answers) == {200}


def test_a_lost_notice_is_found_by_the_reconciliation(
    house: House, offered: TelegramCustomer, school: SchoolServer
) -> None:
    school.world.hooks.clear()
    school.world.exports.clear()  # what `connect` tried the key with is over
    pays(offered, school)
    assert Payment.objects.get().status == Payment.Status.SENT
    for _ in range(3):
        reconciling.reconcile(house.clock)
    house.settle()
    assert sum(AFTER in text for text in offered.heard) == 1


def test_a_claim_is_answered_by_what_the_school_says(
    house: House, offered: TelegramCustomer, school: SchoolServer
) -> None:
    with httpx.Client(follow_redirects=True) as browser:
        browser.post(link_of(offered), data={"email": "anna@example.ru"})  # ordered, not paid
    school.wait()
    house.settle()
    offered.says("я уже оплатил!")
    assert "оплата по заказу" in offered.heard[-1] and "пока не пришла" in offered.heard[-1]
    assert Payment.objects.get().status == Payment.Status.SENT
    school.world.hooks.clear()
    school.pays(school.world.by_order(Order.objects.get().number))
    offered.says("теперь точно оплатил")
    assert AFTER in offered.heard[-1]


def test_who_has_left_an_address_gets_a_deal_of_their_own(
    house: House, school: SchoolServer, anna: TelegramCustomer
) -> None:
    anna.says("/start")
    Customer.objects.filter(links__chat=anna.chat).update(email="anna@example.ru")
    house.telegram.presses(TOKEN, anna.user_id, 1, "offer:pay:start", forged=True)
    house.settle()
    payment = Payment.objects.get()
    assert link_of(anna) == payment.link == f"{school.url}/pay/{payment.external_id}"
    pays(anna, school)
    assert AFTER in anna.heard[-1]


def test_pressed_twice_and_weeks_later_it_is_one_order(house: House, offered: TelegramCustomer) -> None:
    for _ in range(2):
        house.telegram.presses(TOKEN, offered.user_id, 1, "offer:pay:start", forged=True)
    house.settle()
    assert Order.objects.count() == 1
    heard = len(offered.heard)
    house.telegram.presses(TOKEN, offered.user_id, 1, "offer:pay:nothing", forged=True)
    house.settle()
    assert Order.objects.count() == 1
    assert "не действует" in " ".join(offered.heard[heard:])


def test_who_has_paid_is_not_sold_it_again(house: House, offered: TelegramCustomer, school: SchoolServer) -> None:
    pays(offered, school)
    house.telegram.presses(TOKEN, offered.user_id, 1, "offer:pay:start", forged=True)
    house.settle()
    assert "уже оплачена" in offered.heard[-1]
    assert Order.objects.count() == 1


def test_while_a_manager_has_the_chat_only_the_receipt_is_said(
    house: House, offered: TelegramCustomer, school: SchoolServer
) -> None:
    lead_desk.take_over(offered.lead, by="Иван")
    pays(offered, school)
    assert offered.heard[-1].startswith(RECEIPT) and AFTER not in offered.heard[-1]
    row = Message.objects.filter(chat=offered.chat, text__startswith="✅").get()
    assert row.role == Message.Role.MANAGER, "the bot says nothing after a takeover; the house owes a receipt"
    assert Message.objects.filter(chat=offered.chat, role="system", text__startswith="Оплата получена").exists()
    assert Chat.objects.get(pk=offered.chat.pk).speaker == Chat.Speaker.MANAGER
    lead_desk.give_back(offered.lead, by="Иван")
    house.settle()
    assert AFTER in offered.heard[-1]


def test_a_manager_sends_the_link_and_it_is_paid(house: House, school: SchoolServer, anna: TelegramCustomer) -> None:
    anna.says("/start")
    anna.says("Здравствуйте")
    product = Product.objects.get(code="start")
    desk.send_link(anna.lead, product, by="Иван")
    desk.send_link(anna.lead, product, by="Иван")
    house.settle()
    assert Order.objects.count() == 1
    pays(anna, school)
    assert AFTER in anna.heard[-1]


def test_a_part_a_refund_and_the_rest_are_told(house: House, offered: TelegramCustomer, school: SchoolServer) -> None:
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.post(link_of(offered), data={"email": "anna@example.ru"})
        browser.post(f"{page.url}/part", data={"amount": "900"})
        school.wait()
        house.settle()
        assert "Осталось внести 24\u00a0000\u00a0₽" in offered.heard[-1]
        browser.post(f"{page.url}/pay")
        school.wait()
        house.settle()
        assert AFTER in offered.heard[-1]
        browser.post(f"{page.url}/refund")
        school.wait()
        house.settle()
    assert "Вернули оплату" in offered.heard[-1]
    assert Order.objects.get().status == Order.Status.REFUNDED
    assert Notice.objects.filter(applied_at__isnull=False).count() == 3
    assert InboxEvent.objects.filter(parked_at__isnull=False).count() == 0
