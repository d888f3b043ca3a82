"""After an erasure no table of the database knows the person: every one of them is searched."""

import json
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from bot.messages import EventKind
from bot.models import Chat, InboxEvent, Message
from bot.personal import PersonalModel
from bot.secrets import SealedJSONField
from crm import consents
from crm.erasure import erase, people_models
from crm.models import (
    Appointment,
    Consent,
    Customer,
    Erasure,
    Event,
    Lead,
    WriteBack,
)
from dialogs.models import AssistantTurn, Conversation, SurveyAnswer, Timer
from payments.models import Order, Payment
from tests.crm.somebody import MARKS, NOW, person

pytestmark = pytest.mark.django_db


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
    made_later = {
        "crm.Access",
        "crm.Erasure",
        "crm.Offer",
        "crm.Takeover",
        "crm.AppointmentReminder",
        "crm.CalendarTask",
    }
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
    with patch("tests.crm.somebody.TEXT", "Я Ярополк Задунайский, +7 926 111-22-33, yaropolk@example.ru"):
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
    counted: dict[Any, int] = {
        model: model._base_manager.count()
        for model in (Message, InboxEvent, Event, Lead, SurveyAnswer, Payment, AssistantTurn)
    }
    erase(customer, by="customer", now=NOW)
    now_there = {model: model._base_manager.count() for model in counted}
    grown = {Message: now_there[Message], Event: now_there[Event]}  # notices to managers, the news of the appointment
    assert now_there == {**counted, **grown} and all(grown[model] >= counted[model] for model in grown)
    customer.refresh_from_db()
    assert (customer.segment, customer.lead_score) == ("hot", 9)
    assert (Payment.objects.get().paid_amount, Order.objects.get(ticket=None).amount) == (
        Decimal("24900.00"),
        Decimal("24900.00"),
    )
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
