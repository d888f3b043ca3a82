"""After an erasure no table of the database knows the person: every one of them is searched."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from bot.messages import EventKind
from bot.models import Channel, Chat, InboxEvent, Message
from bot.personal import PersonalModel
from bot.secrets import SealedJSONField
from crm import cards, consents
from crm.erasure import erase, people_models
from crm.models import (
    Appointment,
    Assignment,
    Consent,
    Customer,
    CustomerChat,
    Erasure,
    Event,
    Lead,
    Manager,
    Portal,
    RemoteLead,
    WriteBack,
)
from dialogs.models import AssistantTurn, Conversation, SurveyAnswer, Timer
from dialogs.preset_loading import load_preset
from payments.models import Account, Notice, Order, OrderItem, Payment

pytestmark = pytest.mark.django_db

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


def _appointment(customer: Customer, lead: Lead, chat: Chat) -> None:
    starts_at = NOW + dt.timedelta(days=2, minutes=customer.pk)
    Appointment.objects.create(
        customer=customer, lead=lead, chat=chat, starts_at=starts_at, ends_at=starts_at, date=starts_at.date(),
        slot=starts_at.time(), tz="Europe/Moscow", reason=TEXT[:150],
    )  # fmt: skip


def everything() -> dict[str, str]:
    """Every row of every table as text, sealed values opened."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 (names from the database itself)
            found[table] = "\n".join(row[0] for row in cursor.fetchall())
    for model in apps.get_models():
        sealed = [field.name for field in model._meta.fields if isinstance(field, SealedJSONField)]
        for values in model._base_manager.values(*sealed) if sealed else ():
            found[f"{model._meta.label} sealed"] = found.get(f"{model._meta.label} sealed", "") + json.dumps(
                values, ensure_ascii=False
            )
    return found


def known_in(*marks: str) -> dict[str, list[str]]:
    found = {table: [mark for mark in marks if mark in text] for table, text in everything().items()}
    return {table: marks for table, marks in found.items() if marks}


def test_the_person_of_this_test_is_in_every_table_that_knows_people() -> None:
    customer = person()
    empty = [
        model._meta.label
        for model in people_models()
        if not model._base_manager.filter(**{model.whose: customer.pk}).exists()
    ]
    made_later = {"crm.Access", "crm.Erasure", "crm.Offer", "crm.Takeover", "crm.AppointmentReminder"}
    assert set(empty) <= made_later, "give the person of this test a row there"
    for model in people_models():
        for name in model.personal if model._meta.label not in made_later else ():
            rows = model._base_manager.filter(**{model.whose: customer.pk})
            assert any(getattr(row, name) for row in rows), f"{model._meta.label}.{name} is empty: nothing to erase"


def test_after_an_erasure_no_table_knows_the_person() -> None:
    customer = person()
    assert known_in(*MARKS)
    erase(customer, by="customer", now=NOW)
    left = known_in(*MARKS)
    # Alone what the portal is still to be told: sealed, and gone once it was.
    assert left == {"crm.WriteBack sealed": ["Мирослава", "Вишневецк", "9037654321", "miroslava@"]}
    WriteBack.objects.filter(operation="erase").update(params={})
    assert known_in(*MARKS) == {}


def test_nobody_else_loses_a_word() -> None:
    with patch(f"{__name__}.TEXT", "Я Ярополк Задунайский, +7 926 111-22-33, yaropolk@example.ru"):
        other = person("Ярополк Задунайский", "+79261112233", number=2)
    marks = ("Ярополк", "9261112233")
    before = {table: text.count("Ярополк") for table, text in everything().items() if "Ярополк" in text}
    erase(person(), by="customer", now=NOW)
    after = {table: text.count("Ярополк") for table, text in everything().items() if "Ярополк" in text}
    assert after == before and known_in(*marks)
    other.refresh_from_db()
    assert other.phone and consents.holds(other, Consent.Purpose.PERSONAL_DATA)


def test_counts_codes_and_sums_stay() -> None:
    customer = person()
    counted: dict[type[PersonalModel], int] = {
        model: model._base_manager.count()
        for model in (Message, InboxEvent, Event, Lead, SurveyAnswer, Payment, AssistantTurn)
    }
    erase(customer, by="customer", now=NOW)
    now_there = {model: model._base_manager.count() for model in counted}
    grown = {Message: now_there[Message], Event: now_there[Event]}  # notices to managers, the news of the appointment
    assert now_there == {**counted, **grown} and all(grown[model] >= counted[model] for model in grown)
    customer.refresh_from_db()
    assert (customer.segment, customer.lead_score) == ("hot", 9)
    assert (Payment.objects.get().paid_amount, Order.objects.get().amount) == (Decimal("24900.00"), Decimal("24900.00"))
    assert Event.objects.get(type="note").payload == {"points": 3, "answer": "a2"}
    assert SurveyAnswer.objects.filter(answer="a2", points=3).count() == 2
    assert AssistantTurn.objects.filter(tokens_in=900, facts={}).count() == 2


def test_everything_under_way_ends_in_all_their_chats() -> None:
    customer = person()
    erase(customer, by="customer", now=NOW)
    assert not Timer.objects.filter(canceled_at=None).exists()
    assert not Conversation.objects.filter(ended_at=None).exists()
    assert {row.state["mode"] for row in Conversation.objects.all()} == {"ended"}
    own = Message.objects.filter(chat__customer_link__customer=customer)
    assert set(own.values_list("status", flat=True)) == {"received", "sent", "canceled"}
    assert not InboxEvent.objects.filter(kind=EventKind.PROPOSED).exclude(payload={}).exists()
    assert Appointment.objects.get().status == Appointment.Status.CANCELED
    assert {lead.status for lead in customer.leads.all()} == {Lead.Status.CANCELED}
    assert not Consent.objects.filter(withdrawn_at=None).exists() and Consent.objects.count() == 2
    assert not AssistantTurn.objects.filter(status__in=AssistantTurn.OPEN).exists()


def test_the_proof_says_when_at_whose_wish_and_how_much_and_not_who() -> None:
    customer = person()
    proof = erase(customer, by="Ольга", now=NOW)
    assert (proof.asked_by, proof.erased_at, proof.customer_id) == ("Ольга", NOW, customer.pk)
    assert proof.rows["bot.Message"] == 10 and proof.rows["copies"] > 9 and proof.rows["crm.Customer"] == 1
    assert not any(mark in json.dumps(proof.rows) for mark in MARKS)


def test_who_comes_back_may_be_forgotten_again() -> None:
    customer = person()
    erase(customer, by="customer", now=NOW)
    Customer.objects.filter(pk=customer.pk).update(name="Мирослава", erased_at=None)
    erase(customer, by="customer", now=timezone.now())
    assert Erasure.objects.count() == 2 and "crm_customer" not in known_in(*MARKS)


def test_words_that_came_meanwhile_are_heard_and_our_last_words_are_said() -> None:
    customer = person()
    chat = Chat.objects.filter(customer_link__customer=customer).earliest("pk")
    new = InboxEvent.objects.create(
        channel=chat.channel, chat=chat, external_id="new", kind="text", payload={"message": 1}
    )
    last = Message.objects.create(chat=chat, channel=chat.channel, role="bot", text="Готово", dedupe_key="e1:2")
    erase(customer, by="customer", now=NOW, spared=["e1:2"])
    new.refresh_from_db()
    last.refresh_from_db()
    assert new.payload == {"message": 1} and (last.text, last.status) == ("Готово", "queued")


def test_what_managers_were_sent_is_rewritten_on_their_screens() -> None:
    customer = person()
    erase(customer, by="customer", now=NOW)
    changes = Message.objects.filter(extras__act="change")
    assert changes.count() == 6 and {row.text for row in changes} == {"[удалено по просьбе клиента]"}
    assert Message.objects.filter(text__startswith="Клиент заявки №", status="queued").count() == 2


def test_every_table_that_knows_people_says_what_an_erasure_leaves() -> None:
    assert all(issubclass(model, PersonalModel) and model.whose for model in people_models())
