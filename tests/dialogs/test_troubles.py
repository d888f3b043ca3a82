"""The owner hears that the language model is away or its money is spent: once a cause, and when it is over."""

import datetime as dt
from collections.abc import Sequence

import pytest
from django.utils import timezone
from pytest_django import Settings

from bot.models import Channel, Chat
from config.doctor import examine
from config.health import signs
from crm import alerts
from crm.models import Alert, Customer, Manager, ManagersChat, YclientsAccount
from dialogs.drafts import import_draft
from dialogs.models import AssistantTurn, Conversation
from dialogs.publishing import publish
from dialogs.troubles import IN_A_ROW
from tests.dialogs.engine.play import ask, script

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner_chat(settings: Settings) -> Chat:
    settings.OPENAI_API_KEY = "sk-only-for-tests"
    channel = Channel.objects.create(kind="telegram", title="Бот", credentials={"token": "1:x"})
    Manager.objects.create(name="Ольга", telegram_id=5, gets_alerts=True)
    return Chat.objects.create(channel=channel, external_id="5")


@pytest.fixture
def conversation(owner_chat: Chat) -> Conversation:
    now = timezone.now()
    chat = Chat.objects.create(channel=owner_chat.channel, external_id="7")
    version = publish(import_draft(script({"phone": ask()}, key="talk", title="Разговор")))
    customer = Customer.objects.create(name="Анна")
    return Conversation.objects.create(chat=chat, customer=customer, version=version, started_at=now, updated_at=now)


def answered(conversation: Conversation, fallbacks: Sequence[str]) -> None:
    before = conversation.assistant_turns.count()
    now = timezone.now()
    for number, why in enumerate(fallbacks, start=before + 1):
        at = now + dt.timedelta(milliseconds=number)
        AssistantTurn.objects.create(
            conversation=conversation, request=number, fallback=why, status="decided", asked_at=at, answered_at=at
        )


def told(chat: Chat) -> list[str]:
    return list(chat.messages.order_by("id").values_list("text", flat=True))


def test_a_model_that_stays_away_is_told_once_and_its_return_too(owner_chat: Chat, conversation: Conversation) -> None:
    answered(conversation, ["too_slow", *["breaker"] * (IN_A_ROW - 2)])
    assert alerts.look(timezone.now()) == (0, 0), "so few are an accident"
    answered(conversation, ["breaker", "conversation_limit"])
    later = timezone.now() + dt.timedelta(seconds=1)
    assert alerts.look(later) == (1, 0)
    answered(conversation, ["breaker"])
    assert alerts.look(later) == (0, 0)
    assert told(owner_chat) == [
        "⚠️ Языковая модель недоступна (не отвечает вовремя): клиентам отвечает продавец по правилам"
    ]
    answered(conversation, [""])
    assert alerts.look(later) == (0, 1)


def test_a_spent_day_is_told_once_and_over_at_midnight(owner_chat: Chat, conversation: Conversation) -> None:
    answered(conversation, ["day_limit", "day_limit"])
    assert alerts.look(timezone.now()) == (1, 0)
    assert "лимит расходов" in told(owner_chat)[0] and "5 $" in told(owner_chat)[0]
    alerts.look(timezone.now() + dt.timedelta(days=1))
    assert Alert.objects.get(cause="assistant_day_limit").closed_at is not None


def test_without_a_key_nobody_waits_for_a_model(
    owner_chat: Chat, conversation: Conversation, settings: Settings
) -> None:
    settings.OPENAI_API_KEY = ""
    answered(conversation, ["no_key"] * IN_A_ROW)
    assert alerts.look(timezone.now()) == (0, 0)


def test_the_doctor_and_the_home_page_say_the_same(owner_chat: Chat, conversation: Conversation) -> None:
    answered(conversation, ["misconfigured"] * IN_A_ROW)
    ManagersChat.objects.create(channel=owner_chat.channel, chat=owner_chat)
    YclientsAccount.objects.create(
        title="Клиника",
        company_id=1,
        service_id=2,
        is_well=False,
        health_note="Токен не принят",
        checked_at=timezone.now(),
    )
    later = timezone.now() + dt.timedelta(seconds=1)
    states = {sign.title: (sign.state, sign.note) for sign in signs(later)}
    assert states["Языковая модель"][0] == "bad" and "ключ" in states["Языковая модель"][1]
    assert states["Клиника"] == ("bad", "Токен не принят")
    assert states[str(owner_chat)][0] == "ok"
    Chat.objects.filter(pk=owner_chat.pk).update(blocked_at=timezone.now())
    found = {finding.what: finding for finding in examine(with_network=False)}
    assert not found["language model"].ok
    assert not next(finding.ok for what, finding in found.items() if what.startswith("managers' chat"))
    assert alerts.look(later)[0] == 3


def test_the_doctor_asks_yclients(owner_chat: Chat) -> None:
    account = YclientsAccount.objects.create(title="Клиника", company_id=1, service_id=2, api_url="http://127.0.0.1:9")
    (finding,) = [finding for finding in examine() if finding.what.startswith("YClients")]
    assert not finding.ok and "Клиника" in finding.what
    account.refresh_from_db()
    assert not account.is_well and account.checked_at is not None
