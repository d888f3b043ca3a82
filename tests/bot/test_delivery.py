"""The outbox: order per chat, epochs under the lock, outcomes that say what to do next."""

import pytest

from bot import delivery
from bot.channels.base import Receipt
from bot.delivery import claim
from bot.messages import Outgoing
from bot.models import Channel, Chat, Message
from bot.outbox import say, take_over
from bot.recording import Outcome

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chat() -> Chat:
    channel = Channel.objects.create(kind="telegram", title="t", credentials={"token": "1:x"})
    return Chat.objects.create(channel=channel, external_id="7")


def test_only_the_head_of_a_chat_is_claimed(chat: Chat) -> None:
    first = say(chat, Outgoing("one"))
    say(chat, Outgoing("two"))
    assert first is not None
    assert [item.message_id for item in claim(chat.channel, 10)] == [first.pk]
    assert claim(chat.channel, 10) == []


def test_after_a_takeover_nothing_of_the_bot_is_claimed(chat: Chat) -> None:
    say(chat, Outgoing("too late"))
    take_over(chat.pk)
    assert claim(chat.channel, 10) == []
    assert Message.objects.get().status == Message.Status.CANCELED


def test_what_is_too_long_for_one_message_is_several_rows_said_once(chat: Chat) -> None:
    assert say(chat, Outgoing("а" * 5000), dedupe_key="k") is not None
    assert say(chat, Outgoing("а" * 5000), dedupe_key="k") is None
    rows = Message.objects.order_by("id")
    assert [(len(row.text), row.dedupe_key) for row in rows] == [(4096, "k"), (904, "k#2")]


def test_the_same_dedupe_key_is_said_once(chat: Chat) -> None:
    assert say(chat, Outgoing("one"), dedupe_key="k") is not None
    assert say(chat, Outgoing("one"), dedupe_key="k") is None
    assert Message.objects.count() == 1


def test_after_a_send_the_drain_stays_awake_for_the_next_message(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def send(claimed: delivery.Claimed) -> Outcome:
        return delivery._outcome(claimed, receipt=Receipt("1"))

    def nap(_seconds: float) -> None:
        if Message.objects.count() == 1:
            say(chat, Outgoing("two"))  # nobody nudges

    monkeypatch.setattr("bot.delivery.send", send)
    monkeypatch.setattr("bot.delivery.time.sleep", nap)
    say(chat, Outgoing("one"))
    assert not delivery.Drain(seconds=20).run()
    assert Message.objects.filter(status=Message.Status.SENT).count() == 2
