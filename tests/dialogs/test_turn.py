"""Turns on real tables: from stored events to what is to be said."""

import datetime as dt
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils import timezone

from bot.channels.base import Adapter
from bot.channels.registry import adapter_for
from bot.inbox import Arrival, store
from bot.messages import Button, Envelope, EventKind, Incoming, Outgoing
from bot.models import Channel, Chat, InboxEvent, Message
from bot.outbox import say
from crm.models import Consent, Customer, Lead, Manager
from dialogs.gathering import NEAR
from dialogs.models import Conversation, Timer
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from dialogs.timers import fire_due
from dialogs.turn import take_turns

pytestmark = pytest.mark.django_db(transaction=True)


class Person:
    """A customer in Telegram, without the network: updates go straight into the inbox."""

    def __init__(self, channel: Channel, user_id: int = 777) -> None:
        self.channel, self.user_id, self.updates = channel, user_id, 0

    def arrive(self, body: dict[str, object]) -> None:
        envelopes = adapter_for("telegram").open(body)
        store([Arrival(self.channel.pk, envelope) for envelope in envelopes])

    def writes(self, text: str) -> None:
        self.updates += 1
        person = {"id": self.user_id, "is_bot": False, "first_name": "Анна"}
        message = {
            "message_id": self.updates,
            "date": 1767225600,
            "chat": {"id": self.user_id, "type": "private", "first_name": "Анна"},
            "from": person,
            "text": text,
        }
        self.arrive({"update_id": self.user_id * 1000 + self.updates, "message": message})

    def presses(self, data: str) -> None:
        self.updates += 1
        person = {"id": self.user_id, "is_bot": False, "first_name": "Анна"}
        message = {"message_id": 1, "date": 1767225600, "chat": {"id": self.user_id, "type": "private"}}
        query = {"id": str(self.updates), "from": person, "chat_instance": "1", "data": data, "message": message}
        self.arrive({"update_id": self.user_id * 1000 + self.updates, "callback_query": query})

    @property
    def chat(self) -> Chat:
        return Chat.objects.get(external_id=str(self.user_id))

    def heard(self) -> list[str]:
        return list(self.chat.messages.filter(role=Message.Role.BOT).order_by("id").values_list("text", flat=True))


@pytest.fixture
def channel() -> Channel:
    load_preset("first-contact")
    forget()
    return Channel.objects.create(
        kind="telegram", title="Бот", credentials={"token": "1:x"}, scenario_key="first-contact"
    )


def later(seconds: float = 2) -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=seconds)


def test_a_customer_gives_a_phone_and_the_lead_waits_for_a_manager(channel: Channel) -> None:
    anna = Person(channel)
    anna.writes("Здравствуйте, сколько стоят окна?")
    take_turns(clock=later)
    assert "номер телефона" in anna.heard()[-1]
    anna.writes("пишите на 8 (916) 123-45-67, после шести")
    take_turns(clock=later)
    assert "+7 916 123-45-67" in anna.heard()[-1]
    assert Customer.objects.get().phone == ""  # nothing is stored before consent
    anna.writes("да")
    take_turns(clock=later)
    lead = Lead.objects.get()
    assert lead.status == Lead.Status.CAPTURED
    assert lead.customer.phone == "+79161234567"
    assert Consent.objects.get().text_version == "1"
    assert Conversation.objects.get().ended_at is not None
    assert not InboxEvent.objects.filter(handled_at=None).exists()


def test_the_transcript_shows_the_words_of_a_button_of_some_messages_ago(channel: Channel) -> None:
    anna = Person(channel)
    anna.writes("Здравствуйте, сколько стоят окна?")
    take_turns(clock=later)
    say(anna.chat, Outgoing("Выбирайте", ((Button("Окна", data="old:windows"),), (Button("Двери", data="old:doors"),))))
    say(anna.chat, Outgoing("Это не срочно."))
    anna.presses("old:doors")
    take_turns(clock=later)
    assert anna.chat.messages.filter(role=Message.Role.USER).latest("id").text == "Двери"


def test_two_quick_messages_get_one_answer(channel: Channel) -> None:
    anna = Person(channel)
    anna.writes("Здравствуйте")
    anna.writes("нужны окна")
    take_turns()
    assert anna.heard() == []  # the sentence may go on
    take_turns(clock=later)
    assert len(anna.heard()) == 1


def test_a_silent_customer_is_reminded_and_given_up(channel: Channel) -> None:
    anna = Person(channel)
    anna.writes("Здравствуйте")
    take_turns(clock=later)
    for minutes in (11, 41, 61):
        moment = timezone.now() + dt.timedelta(minutes=minutes)
        fire_due(moment)
        take_turns(clock=later)
    assert Lead.objects.get().status == Lead.Status.LOW_QUALITY
    assert Lead.objects.get().reason == "silent"
    assert len(anna.heard()) == 3
    anna.writes("простите, отвлеклась. 89161234567")
    take_turns(clock=later)
    assert Lead.objects.get().status == Lead.Status.IN_BOT
    assert "+7 916 123-45-67" in anna.heard()[-1]


def test_a_timer_fires_once_however_often_it_is_swept(channel: Channel) -> None:
    Person(channel).writes("Здравствуйте")
    take_turns(clock=later)
    moment = timezone.now() + dt.timedelta(minutes=11)
    assert fire_due(moment) == 1
    assert fire_due(moment) == 0
    Timer.objects.update(fired_at=None)  # as if the mark were lost: the event's id is still the timer's
    fire_due(moment)
    assert InboxEvent.objects.filter(kind=EventKind.TIMER).count() == 1


def test_a_poison_event_is_parked_and_its_neighbours_go_on(channel: Channel, settings: object) -> None:
    settings.EVENT_ATTEMPTS = 2  # type: ignore[attr-defined]
    sick, well = Person(channel, 1), Person(channel, 2)
    sick.writes("Здравствуйте")
    InboxEvent.objects.filter(chat__external_id="1").update(payload={"broken": True})
    well.writes("Здравствуйте")
    take_turns(clock=later)
    assert len(well.heard()) == 1
    take_turns(clock=lambda: later(60))
    parked = InboxEvent.objects.get(chat__external_id="1")
    assert parked.parked_at is not None and parked.attempts == 2
    sick.writes("ещё раз")
    take_turns(clock=lambda: later(120))
    assert len(sick.heard()) == 1


def test_an_opened_chat_and_its_first_words_get_one_answer(channel: Channel) -> None:
    anna = Person(channel)
    store([Arrival(channel.pk, Envelope("joined-1", "777", EventKind.LEAD_OPENED, {"lead_id": 0}))])
    anna.writes("Где вы находитесь?")
    take_turns(clock=later)
    assert len(anna.heard()) == 1
    assert anna.heard()[0].count("Здравствуйте") == 1


def test_a_manager_who_opens_the_bot_is_greeted_as_one_of_ours(channel: Channel) -> None:
    Manager.objects.create(name="Иван", telegram_id=777)
    ivan = Person(channel)
    ivan.writes("/start")
    take_turns(clock=later)
    assert len(ivan.heard()) == 1 and "лиды" in ivan.heard()[0]
    assert not Lead.objects.exists() and not Customer.objects.exists()


def test_skipped_time_brings_the_reminders_and_then_the_end(channel: Channel) -> None:
    anna = Person(channel)
    anna.writes("Здравствуйте")
    take_turns(clock=later)
    call_command("skip_time", "61m", stdout=StringIO())
    take_turns(clock=later)
    assert len(anna.heard()) == 3
    assert Lead.objects.get().status == Lead.Status.LOW_QUALITY


def test_who_only_opens_the_chat_is_no_lead_until_they_say_something(channel: Channel) -> None:
    store([Arrival(channel.pk, Envelope("joined-1", "777", EventKind.JOINED, {"update_id": 1}))])
    adapter = adapter_for("telegram")
    with patch.object(type(adapter), "parse", autospec=True, side_effect=_parse_joined(type(adapter).parse)):
        take_turns(clock=later)
        assert not Lead.objects.exists() and Conversation.objects.get().lead is None
        Person(channel).writes("Здравствуйте, нужны окна")
        take_turns(clock=later)
    lead = Lead.objects.get()
    assert Conversation.objects.get().lead == lead
    assert lead.utm == {"source": "ya"}


def _parse_joined(original: Callable[..., Incoming]) -> Callable[..., Incoming]:
    """Telegram itself never opens a chat without a word; here it does, as the site chat would."""

    def parse(self: Adapter, kind: str, payload: Mapping[str, Any]) -> Incoming:
        if kind == EventKind.JOINED:
            return Incoming(EventKind.JOINED, extra={"page": {"utm": {"source": "ya"}}})
        return original(self, kind, payload)

    return parse


def test_an_old_button_is_in_the_transcript_in_its_own_words(channel: Channel) -> None:
    anna = Person(channel)
    anna.writes("/start")
    take_turns(clock=later)
    say(anna.chat, Outgoing("Что подсказать?", ((Button("Цены", data="menu:prices"),),)))
    for number in range(NEAR + 1):
        say(anna.chat, Outgoing(f"Новость {number}"))
    anna.presses("menu:prices")
    take_turns(clock=later)
    assert anna.chat.messages.filter(role=Message.Role.USER).order_by("-id")[0].text == "Цены"
