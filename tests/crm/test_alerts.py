"""The owner is told once per cause."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bot.messages import Outgoing
from bot.models import Channel, Chat, Message
from bot.outbox import say
from crm import alerts
from crm.models import Alert, Manager, Portal, WriteBack

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner_chat() -> Chat:
    channel = Channel.objects.create(kind="telegram", title="Бот", credentials={"token": "1:x"})
    Manager.objects.create(name="Ольга", telegram_id=5, gets_alerts=True)
    return Chat.objects.create(channel=channel, external_id="5")


def fail_one(chat: Chat) -> None:
    message = say(chat, Outgoing("x"))
    assert message is not None
    Message.objects.filter(pk=message.pk).update(status=Message.Status.FAILED)


def test_many_failures_of_one_cause_are_one_alert(owner_chat: Chat) -> None:
    customer = Chat.objects.create(channel=owner_chat.channel, external_id="7")
    fail_one(customer)
    fail_one(customer)
    assert alerts.look(timezone.now()) == (1, 0)
    fail_one(customer)
    assert alerts.look(timezone.now()) == (0, 0)
    assert owner_chat.messages.count() == 1
    assert Alert.objects.get().count == 3


def test_the_owner_hears_when_it_works_again(owner_chat: Chat) -> None:
    customer = Chat.objects.create(channel=owner_chat.channel, external_id="7")
    fail_one(customer)
    alerts.look(timezone.now())
    customer.messages.update(status=Message.Status.SENT)
    assert alerts.look(timezone.now()) == (0, 1)
    assert owner_chat.messages.count() == 2


def test_a_person_who_blocked_the_bot_alarms_nobody(owner_chat: Chat) -> None:
    customer = Chat.objects.create(channel=owner_chat.channel, external_id="7", blocked_at=timezone.now())
    fail_one(customer)
    assert alerts.look(timezone.now()) == (0, 0)


def test_the_owner_hears_of_a_portal_that_takes_nothing_for_long(owner_chat: Chat) -> None:
    portal = Portal.objects.create(title="Битрикс24")
    error = "Битрикс24 не отвечает (crm.item.add 502)"
    WriteBack.objects.create(
        portal=portal, operation=WriteBack.Operation.CREATE_LEAD, dedupe_key="1", error=error, attempts=3
    )
    assert alerts.look(timezone.now()) == (0, 0)  # a short pause is nobody's concern
    assert alerts.look(timezone.now() + timedelta(minutes=6)) == (1, 0)
    assert owner_chat.messages.get().text == f"⚠️ Записи в Битрикс24 ждут дольше 5 минут: 1. {error}"
