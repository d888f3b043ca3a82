"""News of an order reach whoever ordered on the page of the shop and has never written in the chat."""

import datetime as dt

import pytest

from bot import inbox
from bot.messages import EventKind
from bot.models import Channel, Chat, InboxEvent, Message
from dialogs.models import Conversation
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from dialogs.turn import take_turns

READY = {
    "what": "ready",
    "order": 5,
    "ticket": 12,
    "status": "ready",
    "way": "counter",
    "place_name": "Лесная",
    "zone": "Europe/Moscow",
}


@pytest.mark.django_db(transaction=True)
def test_the_first_words_of_a_chat_may_be_that_the_order_is_ready() -> None:
    load_preset("coffee")
    forget()
    channel = Channel.objects.create(kind="telegram", title="Кофе", scenario_key="coffee", credentials={"token": "1:a"})
    chat = Chat.objects.create(channel=channel, external_id="7", name="Лена")
    inbox.put(chat, EventKind.ORDER, external_id="order:5:ready", payload=READY)
    assert take_turns(clock=lambda: dt.datetime.now(tz=dt.UTC) + dt.timedelta(minutes=1)).failed == 0
    assert not InboxEvent.objects.filter(handled_at=None).exists()
    [told] = Message.objects.filter(chat=chat)
    assert "Заказ № 12 готов" in told.text and Conversation.objects.filter(chat=chat).count() == 1
