"""Somebody with a row in every table that knows people; what is erased and handed out is tested on them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from bot.models import Channel, Chat, InboxEvent, Message
from content.models import Place
from crm import cards, consents
from crm.models import (
    Appointment,
    Assignment,
    Consent,
    Customer,
    CustomerChat,
    Event,
    Lead,
    Manager,
    Portal,
    RemoteLead,
    WriteBack,
)
from dialogs.models import AssistantTurn, Briefing, Conversation, SurveyAnswer, Timer
from dialogs.preset_loading import load_preset
from payments.models import (
    Account,
    CartRow,
    Checkout,
    Favourite,
    LoyaltyEntry,
    Notice,
    Order,
    OrderItem,
    Payment,
    Promo,
    PromoUse,
    Refund,
    Review,
    Ticket,
)

MARKS = (
    "Мирослава",
    "Вишневецк",
    "9037654321",
    "903 765-43-21",
    "miroslava@",
    "slava_v",
    "сестре на юбилей",
    "AgACphoto77",
)
TEXT = "Я Мирослава Вишневецкая, +7 903 765-43-21, miroslava@example.ru, @slava_v: беру сестре на юбилей"
NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def person(name: str = "Мирослава Вишневецкая", phone: str = "+79037654321", number: int = 1) -> Customer:
    """Somebody with a row in every table, in two chats of two channels."""
    facts = {"text": TEXT, "name": name, "points": 3, "answer": "a2"}
    customer = Customer.objects.create(
        name=name, phone=phone, phone_extension="12", email=f"miroslava@example{number}.ru", tags=[name],
        utm={"term": name}, segment="hot", lead_score=9,
    )  # fmt: skip
    manager = Manager.objects.create(name=f"Ольга {number}", telegram_id=1000 + number)
    portal = Portal.objects.create(title="Портал", webhook_url="https://b24.test/rest/1/sekret/")
    version = load_preset("first-contact").current
    assert version is not None
    for place in range(2):
        channel = Channel.objects.create(
            kind="telegram", title=f"Бот {number}{place}", credentials={"token": f"{number}{place}:x"}
        )
        chat = Chat.objects.create(
            channel=channel,
            external_id=f"5{number}{place}",
            name=name,
            username=f"slava_v{number}",
            extras={"who": name},
        )
        CustomerChat.objects.create(customer=customer, chat=chat)
        lead = Lead.objects.create(
            customer=customer, chat=chat, status="taken", manager=manager, title=TEXT[:200], summary=TEXT, reason=name,
            standing=TEXT[:100], profile={"goal": TEXT}, utm={"term": name},
        )  # fmt: skip
        Assignment.objects.create(lead=lead, manager=manager)
        for role, status in (
            ("user", "received"),
            ("bot", "sent"),
            ("manager", "sent"),
            ("bot", "queued"),
            ("bot", "unknown"),
        ):
            Message.objects.create(
                chat=chat, channel=channel, role=role, text=TEXT, status=status, error=TEXT,
                extras={"media": [{"kind": "photo", "ref": "AgACphoto77", "name": name}]},
            )  # fmt: skip
        for kind, moment in (("text", NOW), ("proposed", None)):
            InboxEvent.objects.create(
                channel=channel,
                chat=chat,
                external_id=f"{kind}{number}{place}",
                kind=kind,
                payload=facts,
                handled_at=moment,
                error=TEXT,
            )
        InboxEvent.objects.create(
            channel=channel, chat=chat, external_id=f"p{number}{place}", kind="text", payload=facts, parked_at=NOW
        )
        conversation = Conversation.objects.create(
            chat=chat, version=version, customer=customer, lead=lead, step="phone", started_at=NOW, updated_at=NOW,
            state={"step": "phone", "visit": 4, "values": {"name": name}, "recent": [TEXT], "pending": {"value": phone}},
        )  # fmt: skip
        Timer.objects.create(conversation=conversation, name="reminder:0", due_at=NOW)
        AssistantTurn.objects.create(
            conversation=conversation, request=1, facts=facts, raw=TEXT, verdicts=[{"rule": "length", "reason": TEXT}],
            decision={"text": TEXT}, final_text=TEXT, error=TEXT, asked_at=NOW, tokens_in=900,
        )  # fmt: skip
        Briefing.objects.create(conversation=conversation, lead=lead, kind="summary", text=TEXT, asked_at=NOW)
        SurveyAnswer.objects.create(
            customer=customer,
            conversation=conversation,
            survey="survey",
            question="q1",
            answer="a2",
            points=3,
            answered_at=NOW,
        )
        remote = RemoteLead.objects.create(portal=portal, remote_id=number * 10 + place, lead=lead, error=TEXT)
        for status in ("done", "failed", "queued", "unknown"):
            WriteBack.objects.create(
                portal=portal, lead=lead, operation="comment", params={"text": TEXT}, result={"id": 5, "said": TEXT}, error=TEXT,
                dedupe_key=f"{remote.pk}{status}", status=status,
            )  # fmt: skip
        _copies(manager, lead, channel)
    _money(customer, facts)
    _coffee(customer, facts, number)
    _appointment(customer, lead, chat)
    Event.objects.create(customer=customer, type="note", payload=facts)
    for purpose in Consent.Purpose:
        consents.give(customer, purpose, text="согласие", version="1", given_by=TEXT, now=NOW)
    return customer


def _copies(manager: Manager, lead: Lead, channel: Channel) -> None:
    """What a manager was sent about them, and what the manager answered."""
    room, _made = Chat.objects.get_or_create(
        channel=channel, external_id=str(manager.telegram_id), defaults={"name": manager.name}
    )
    common: dict[str, Any] = {"chat": room, "channel": channel, "status": "sent", "external_id": "9"}
    Message.objects.create(**common, role="bot", text=cards.card_of(lead), extras={"about": cards.about(lead)})
    Message.objects.create(**common, role="bot", text=TEXT, dedupe_key=f"lead:{lead.pk}:x")
    Message.objects.create(**common, role="bot", text=f"Новый номер: {TEXT}")
    Message.objects.create(**common, role="user", text=TEXT)
    payload = {"message": {"text": TEXT}}
    InboxEvent.objects.create(
        channel=channel, chat=room, external_id=f"s{lead.pk}", kind="text", payload=payload, handled_at=NOW
    )


def _money(customer: Customer, facts: dict[str, Any]) -> None:
    order = Order.objects.create(customer=customer, amount=Decimal("24900.00"), status="paid")
    OrderItem.objects.create(order=order, code="start", title="Курс", price=order.amount)
    account = Account.objects.create(title="Школа", api_url="https://school.example.ru")
    payment = Payment.objects.create(
        order=order, account=account, provider="getcourse", amount=order.amount, paid_amount=order.amount, status="paid",
        link="https://school.example.ru/?email=miroslava@example.ru", payload=facts, error=TEXT,
    )  # fmt: skip
    Notice.objects.create(
        account=account, provider="getcourse", external_id=f"d{order.pk}", status="payed", source="signed", payment=payment,
        payload=facts, error=TEXT, last_at=NOW,
    )  # fmt: skip
    Refund.objects.create(payment=payment, amount=order.amount, error=TEXT)


def _coffee(customer: Customer, facts: dict[str, Any], number: int) -> None:
    place, _made = Place.objects.get_or_create(code="cafe", defaults={"name": "Кофе рядом"})
    promo, _made = Promo.objects.get_or_create(code="SPRING", defaults={"value": 10})
    CartRow.objects.create(customer=customer, place=place, body=facts)
    order = Order.objects.create(customer=customer, amount=Decimal(250))
    Checkout.objects.create(
        key=f"k{number}", customer=customer, place=place, cart=facts, name=customer.name, comment=TEXT, error=TEXT,
        order=order, run_after=NOW,
    )  # fmt: skip
    Ticket.objects.create(
        order=order, place=place, business_day=NOW.date(), number=number, pickup_at=NOW, slot_at=NOW, changed_at=NOW,
        name=customer.name, comment=TEXT, cancel_reason=TEXT, status="canceled",
    )  # fmt: skip
    PromoUse.objects.create(promo=promo, customer=customer, order=order, amount=Decimal(25))
    LoyaltyEntry.objects.create(customer=customer, order=order, kind="earned", unit="stamp", amount=1)
    Favourite.objects.create(customer=customer, product_code="latte", options=["size:l"])
    Review.objects.create(order=order, stars=5, text=TEXT)


def _appointment(customer: Customer, lead: Lead, chat: Chat) -> None:
    starts_at = NOW + dt.timedelta(days=2, minutes=customer.pk)
    Appointment.objects.create(
        customer=customer, lead=lead, chat=chat, starts_at=starts_at, ends_at=starts_at, date=starts_at.date(),
        slot=starts_at.time(), tz="Europe/Moscow", reason=TEXT[:150],
    )  # fmt: skip
