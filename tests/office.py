"""A working week in rows: leads of every status, dialogues, failures. For tests that look at the back office."""

import datetime as dt
from decimal import Decimal
from itertools import cycle

from django.utils import timezone

from bot.models import Channel, Chat, InboxEvent, Message
from content.models import BusinessProfile, Faq, Snippet
from crm.models import Assignment, Customer, CustomerChat, Lead, Portal, RemoteLead, RotationRule, WriteBack
from dialogs.models import Conversation, Scenario, Timer
from dialogs.preset_loading import load_preset
from payments.models import Account, Notice, Order, Payment, Refund
from tests.people import People, lead_of

NAMES = ("Анна Ким", "Борис Ельцов", "Вера Нова", "Глеб Орлов", "Дина Цой", "Егор Лис", "Жанна Ким", "Зоя Рей")
WORDS = (
    ("user", "Здравствуйте! Сколько стоит доставка в Тверь?"),
    (
        "bot",
        "Здравствуйте! Доставка по России — от 300 ₽. Оставьте, пожалуйста, номер телефона — менеджер посчитает точно.",
    ),
    ("user", "8 916 123-45-67, лучше после шести"),
    ("bot", "Записал: +7 916 123-45-67. Всё верно?"),
    ("user", "да"),
    ("manager", "Добрый день! Это Ольга, доставка в Тверь — 420 ₽, привезём в четверг."),
)


def open_office(people: People, *, now: dt.datetime | None = None) -> Scenario:
    """Fill every page of the back office with what a week of work leaves behind; returns the published scenario."""
    now = now or timezone.now()
    channel = people.chat.channel
    Channel.objects.filter(pk=channel.pk).update(health="ok", health_note="@shop_bot: вебхук работает", checked_at=now)
    Channel.objects.create(kind="webchat", title="Чат на сайте", scenario_key="first-contact", health="down")
    scenario = load_preset("first-contact")
    for number, (name, status) in enumerate(zip(cycle(NAMES), [*Lead.Status.values] * 4, strict=False)):
        _lead(people, number, name, status, now - dt.timedelta(hours=number * 5), scenario)
    _failures(people, now)
    RotationRule.objects.create(title="Все по очереди", method="in_turn")
    Snippet.objects.create(key="hello", title="Приветствие", text="Здравствуйте!")
    profile = BusinessProfile.current()
    profile.name, profile.schedule = (
        "Лавка",
        {"mon": [["09:00", "18:00"]], "sat": [["10:00", "14:00"], ["15:00", "16:00"]]},
    )
    profile.save()
    if not Faq.objects.exists():
        Faq.objects.create(key="delivery", question="Сколько стоит доставка?", answer="От 300 ₽.")
    return scenario


def _lead(people: People, number: int, name: str, status: str, at: dt.datetime, scenario: Scenario) -> None:
    chat = Chat.objects.create(
        channel=people.chat.channel, external_id=f"c{number}", name=name, username=f"user{number}"
    )
    customer = Customer.objects.create(name=name, source="site")
    CustomerChat.objects.create(customer=customer, chat=chat)
    has_phone = status in ("captured", "taken", "done", "paid")
    if has_phone:
        Customer.objects.filter(pk=customer.pk).update(phone=f"+7916123{number:04}")
    manager = (people.olga if number % 2 else people.pavel) if status in ("taken", "done", "paid") else None
    lead = lead_of(
        customer, chat=chat, status=status, manager=manager, source="Чат на сайте", title=f"{name}: доставка"
    )
    captured_at = at + dt.timedelta(minutes=7 + number) if has_phone else None
    Lead.objects.filter(pk=lead.pk).update(
        created_at=at, captured_at=captured_at, summary="Доставка в Тверь, после шести"
    )
    if manager:
        Assignment.objects.create(lead=lead, manager=manager, rule_title="Все по очереди")
    _talk(chat, at)
    assert scenario.current is not None
    conversation = Conversation.objects.create(
        chat=chat,
        version=scenario.current,
        customer=customer,
        lead=lead,
        step="phone",
        state={"step": "phone", "visit": 2},
        started_at=at,
        updated_at=at,
    )
    Timer.objects.create(conversation=conversation, name="timeout", due_at=at + dt.timedelta(hours=1))


def _talk(chat: Chat, at: dt.datetime) -> None:
    for number, (role, text) in enumerate(WORDS):
        Message.objects.create(
            chat=chat,
            channel=chat.channel,
            role=role,
            text=text,
            status="received" if role == "user" else "sent",
            extras={"buttons": [[{"text": "Да", "data": "y"}, {"text": "Нет", "data": "n"}]]} if number == 3 else {},
            created_at=at + dt.timedelta(minutes=number),
        )


def _failures(people: People, now: dt.datetime) -> None:
    chat, channel = people.chat, people.chat.channel
    for number, status in enumerate(("failed", "unknown")):
        Message.objects.create(
            chat=chat,
            channel=channel,
            role="bot",
            text="Вы ещё здесь?",
            status=status,
            error="Forbidden: bot was blocked",
        )
        InboxEvent.objects.create(
            channel=channel, chat=chat, external_id=f"e{number}", kind="text", parked_at=now, error="KeyError: 'text'"
        )
    portal = Portal.objects.create(title="Портал компании", webhook_url="https://b24.test/rest/1/sekret0/")
    lead = Lead.objects.order_by("-pk").first()
    RemoteLead.objects.create(
        portal=portal, remote_id=71, error="crm.item.get 400: нет доступа", noticed_at=now, attempts=3
    )
    WriteBack.objects.create(
        portal=portal,
        lead=lead,
        operation="add_phone",
        dedupe_key="w1",
        status="failed",
        error="403 insufficient_scope",
    )
    _payment_troubles(people, lead, now)


def _payment_troubles(people: People, lead: Lead | None, now: dt.datetime) -> None:
    account = Account.objects.create(title="Школа", api_url="https://school.example.ru")
    order = Order.objects.create(customer=people.customer, lead=lead, amount=Decimal("24900.00"))
    payment = Payment.objects.create(
        order=order,
        account=account,
        provider="getcourse",
        amount=order.amount,
        status="needs_review",
        error="сумма не та",
    )
    for status in ("failed", "by_hand"):
        Refund.objects.create(payment=payment, amount=Decimal("100.00"), status=status)
    Notice.objects.create(
        account=account, provider="getcourse", external_id="d1", status="payed", source="signed", last_at=now
    )
