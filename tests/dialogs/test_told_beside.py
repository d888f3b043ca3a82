"""What a customer tells beside the answer, or after the end, reaches the card and the manager."""

import datetime as dt

import pytest
from django.utils import timezone

from bot.models import Channel
from crm.models import Consent, Customer, Lead
from dialogs.models import Conversation
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from dialogs.turn import take_turns
from tests.dialogs.test_turn import Person

pytestmark = pytest.mark.django_db(transaction=True)


def later() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=2)


@pytest.fixture
def anna() -> Person:
    load_preset("first-contact")
    forget()
    channel = Channel.objects.create(
        kind="telegram", title="Бот", credentials={"token": "1:x"}, scenario_key="first-contact"
    )
    return Person(channel)


def talk(person: Person, *texts: str) -> None:
    for text in texts:
        person.writes(text)
        take_turns(clock=later)


def test_a_name_an_hour_and_a_need_reach_the_manager_once(anna: Person) -> None:
    talk(anna, "Здравствуйте", "у нас дача и старая веранда", "позвоните завтра после 6", "меня зовут Ольга Ким")
    assert Customer.objects.get().name == "Анна"  # nothing told is stored before consent
    talk(anna, "89161234567", "да")
    customer, lead = Customer.objects.get(), Lead.objects.get()
    assert (customer.phone, customer.name) == ("+79161234567", "Ольга Ким")
    assert "Удобное время: завтра в 18:00" in lead.summary
    assert lead.summary.count("у нас дача и старая веранда") == 1
    assert "завтра в 18:00" in anna.heard()[-1]


def test_a_number_after_the_end_corrects_the_card(anna: Person) -> None:
    talk(anna, "Здравствуйте", "89161234567", "да", "ой, ошиблась, правильный 8 903 111-22-33")
    assert Customer.objects.get().phone == "+79031112233"
    assert Consent.objects.count() == 1
    assert "+7 903 111-22-33" in Lead.objects.get().summary and "+7 903 111-22-33" in anna.heard()[-1]


def test_who_stopped_and_comes_back_begins_a_new_dialogue(anna: Person) -> None:
    talk(anna, "Здравствуйте", "отпишите меня", "спасибо")
    assert Conversation.objects.count() == 1
    talk(anna, "хочу заказать")
    assert Conversation.objects.count() == 2
    assert "номер" in anna.heard()[-1]


def test_a_respected_refusal_stays_respected(anna: Person) -> None:
    talk(anna, "Здравствуйте", "не дам номер", "не дам я номер")
    said = len(anna.heard())
    talk(anna, "ок")
    assert len(anna.heard()) == said
    assert Lead.objects.get().status == Lead.Status.LOW_QUALITY
