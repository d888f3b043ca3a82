"""From a row of the outbox to the person's phone and back to the row, through the real delivery and real HTTP."""

from collections.abc import Iterator

import pytest

from bot.delivery import Drain
from bot.messages import Button, Outgoing
from bot.models import Channel, Chat, Message
from bot.outbox import say
from tests.emulators.telegram import Fault, FaultKind, TelegramServer

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "424242:TEST-token-for-fixtures"
ANNA = 777


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.user_says(TOKEN, ANNA, "/start")
        yield server


@pytest.fixture
def chat(telegram: TelegramServer) -> Chat:
    channel = Channel.objects.create(
        kind="telegram", title="Бот", credentials={"token": TOKEN}, api_url=telegram.url, scenario_key="first-contact"
    )
    return Chat.objects.create(channel=channel, external_id=str(ANNA))


def deliver() -> None:
    """Run one pass of the delivery."""
    Drain(seconds=10, linger=0).run()


def statuses() -> list[str]:
    """Return how the rows of the outbox ended."""
    return list(Message.objects.order_by("id").values_list("status", flat=True))


def test_what_is_queued_is_seen_on_the_phone_in_order(telegram: TelegramServer, chat: Chat) -> None:
    say(chat, Outgoing("Здравствуйте!"))
    say(chat, Outgoing("Звоним?", ((Button("Да", data="y"),),)))
    deliver()
    seen = telegram.said(TOKEN, ANNA)
    assert [(message.text, message.labels) for message in seen] == [("Здравствуйте!", []), ("Звоним?", ["Да"])]
    assert [row.external_id for row in Message.objects.order_by("id")] == [str(message.id) for message in seen]
    assert statuses() == ["sent", "sent"]


def test_a_long_text_arrives_whole_in_several_messages(telegram: TelegramServer, chat: Chat) -> None:
    text = " ".join(f"слово{number}" for number in range(900))
    say(chat, Outgoing(text, ((Button("Дальше", data="n"),),)))
    deliver()
    seen = telegram.said(TOKEN, ANNA)
    assert " ".join(message.text for message in seen) == text
    assert [message.labels for message in seen] == [[], [], ["Дальше"]][-len(seen) :]


def test_a_lost_answer_leaves_the_row_unknown_and_is_never_repeated(telegram: TelegramServer, chat: Chat) -> None:
    telegram.faults.order(Fault(FaultKind.ACT_THEN_DROP, match="sendMessage"))
    say(chat, Outgoing("один раз"))
    deliver()
    deliver()
    assert statuses() == ["unknown"]
    assert [message.text for message in telegram.said(TOKEN, ANNA)] == ["один раз"]


def test_who_blocked_the_bot_is_marked_and_written_to_no_more(telegram: TelegramServer, chat: Chat) -> None:
    telegram.blocks(TOKEN, ANNA)
    say(chat, Outgoing("раз"))
    say(chat, Outgoing("два"))
    deliver()
    chat.refresh_from_db()
    assert chat.blocked_at is not None
    assert statuses() == ["failed", "failed"]
    assert len(telegram.calls_of("sendMessage")) == 1


def test_a_pause_telegram_asks_for_is_kept_and_then_the_message_goes(telegram: TelegramServer, chat: Chat) -> None:
    refusal = {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 1}}
    telegram.faults.order(Fault(FaultKind.STATUS, match="sendMessage", status=429, body=refusal))
    say(chat, Outgoing("раз"))
    Drain(seconds=10, linger=2).run()
    assert statuses() == ["sent"]
    assert len(telegram.said(TOKEN, ANNA)) == 1


def test_a_revoked_token_stops_the_channel_and_keeps_the_words(telegram: TelegramServer, chat: Chat) -> None:
    telegram.revoke(TOKEN)
    say(chat, Outgoing("раз"))
    deliver()
    channel = Channel.objects.get()
    assert (channel.health, statuses()) == (Channel.Health.DOWN, ["queued"])
    assert TOKEN not in channel.health_note
