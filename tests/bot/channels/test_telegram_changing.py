"""Changing and taking away what was said: rows of the outbox like any other, in order, once, repeatable without harm."""

from collections.abc import Iterator

import pytest

from bot.delivery import Drain
from bot.messages import Button, Outgoing
from bot.models import Channel, Chat, Message
from bot.outbox import change, say, withdraw
from bot.recording import STALE_AFTER, settle_stale
from tests.emulators.telegram import Clock, Fault, FaultKind, TelegramServer

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "424242:TEST-token-for-fixtures"
GROUP = -500
TAKE = ((Button("Взять", data="lead:take:1"),),)
DAYS = 86_400


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(clock=Clock(start=1_800_000_000, frozen=True)) as server:
        server.add_group(TOKEN, GROUP)
        yield server


@pytest.fixture
def room(telegram: TelegramServer) -> Chat:
    channel = Channel.objects.create(kind="telegram", title="Бот", credentials={"token": TOKEN}, api_url=telegram.url)
    return Chat.objects.create(channel=channel, external_id=str(GROUP))


def deliver() -> None:
    """Run one pass of the delivery."""
    Drain(seconds=10, linger=0).run()


def card(room: Chat) -> Message:
    """Post a card with a button."""
    row = say(room, Outgoing("Новая заявка", TAKE), dedupe_key="card")
    assert row is not None
    return row


def statuses() -> list[str]:
    """Return how the rows of the outbox ended."""
    return list(Message.objects.order_by("id").values_list("status", flat=True))


def test_what_is_queued_in_one_breath_is_done_in_order(telegram: TelegramServer, room: Chat) -> None:
    row = card(room)
    change(row, Outgoing("Новая заявка, с телефоном", TAKE), dedupe_key="card:2")
    say(room, Outgoing("Ждёт 10 минут"))
    withdraw(row, instead="Заявку взяли", dedupe_key="card:gone")
    deliver()
    assert [call.method for call in telegram.calls if call.ok] == [
        *("sendMessage", "editMessageText", "sendMessage", "deleteMessage"),
    ]
    assert [message.text for message in telegram.said(TOKEN, GROUP)] == ["Ждёт 10 минут"]
    assert statuses() == ["sent"] * 4


def test_the_same_change_is_queued_once(room: Chat) -> None:
    row = card(room)
    assert withdraw(row, instead="", dedupe_key="gone") is not None
    assert withdraw(row, instead="", dedupe_key="gone") is None
    assert Message.objects.count() == 2


def test_a_card_older_than_two_days_loses_its_words_and_its_button_instead(
    telegram: TelegramServer, room: Chat
) -> None:
    row = card(room)
    deliver()
    telegram.clock.advance(2 * DAYS + 1)
    withdraw(row, instead="Заявку взял Иван", dedupe_key="gone")
    deliver()
    [seen] = telegram.said(TOKEN, GROUP)
    assert (seen.text, seen.labels) == ("Заявку взял Иван", [])
    assert statuses() == ["sent", "sent"]


def test_what_is_gone_or_the_same_already_is_no_failure(telegram: TelegramServer, room: Chat) -> None:
    row = card(room)
    change(row, Outgoing("Новая заявка", TAKE), dedupe_key="same")
    withdraw(row, instead="", dedupe_key="gone")
    withdraw(row, instead="", dedupe_key="gone twice")
    deliver()
    assert telegram.said(TOKEN, GROUP) == []
    assert statuses() == ["sent"] * 4


def test_a_card_that_never_arrived_is_said_instead_of_changed_and_not_taken_away(
    telegram: TelegramServer, room: Chat
) -> None:
    row = card(room)
    Message.objects.update(status=Message.Status.FAILED)
    change(row, Outgoing("Заявка, исправленная"), dedupe_key="change")
    withdraw(row, instead="", dedupe_key="gone")
    deliver()
    assert [message.text for message in telegram.said(TOKEN, GROUP)] == ["Заявка, исправленная"]
    assert statuses() == ["failed", "sent", "sent"]


def test_a_change_whose_answer_was_lost_is_repeated_and_a_word_is_not(telegram: TelegramServer, room: Chat) -> None:
    row = card(room)
    deliver()
    telegram.faults.order(Fault(FaultKind.ACT_THEN_DROP, match="deleteMessage"))
    withdraw(row, instead="", dedupe_key="gone")
    deliver()
    Message.objects.filter(status=Message.Status.QUEUED).update(send_after="2020-01-01T00:00Z")
    deliver()
    assert statuses() == ["sent", "sent"]
    assert len(telegram.calls_of("deleteMessage")) == 2


def test_a_change_claimed_by_a_dead_worker_is_taken_up_again(room: Chat) -> None:
    row = card(room)
    withdraw(row, instead="", dedupe_key="gone")
    Message.objects.update(status=Message.Status.SENDING, claimed_at="2020-01-01T00:00Z")
    settle_stale(row.created_at + STALE_AFTER * 2)
    assert statuses() == ["unknown", "queued"], "a word may have been heard, a change may be done twice"


def test_a_group_is_let_rest_longer_than_a_person(telegram: TelegramServer, room: Chat) -> None:
    for number in range(6):
        say(room, Outgoing(f"заявка {number}"))
    Drain(seconds=2, linger=0).run()
    assert len(telegram.said(TOKEN, GROUP)) == 5, "five at once, then one in three seconds"
    assert statuses()[-1] == "queued"


def test_a_group_that_became_a_supergroup_keeps_its_row_though_news_of_it_came_first(
    telegram: TelegramServer, room: Chat
) -> None:
    new_id = telegram.migrates(TOKEN, GROUP)
    early = Chat.objects.create(channel=room.channel, external_id=str(new_id))
    say(room, Outgoing("заявка"))
    deliver()
    room.refresh_from_db()
    early.refresh_from_db()
    assert (room.external_id, early.external_id) == (str(new_id), f"{new_id}/before-{early.pk}")
    assert [message.text for message in telegram.said(TOKEN, new_id)] == ["заявка"]


def test_a_picture_comes_and_goes_with_the_words_it_belongs_to(telegram: TelegramServer, room: Chat) -> None:
    row = card(room)
    deliver()
    change(row, Outgoing("Латте", TAKE, picture="https://shop.example/latte.jpg"), dedupe_key="latte")
    deliver()
    [seen] = telegram.said(TOKEN, GROUP)
    assert (seen.text, seen.picture, seen.is_edited) == ("Латте", "https://shop.example/latte.jpg", True)
    change(row, Outgoing("Корзина", TAKE), dedupe_key="cart")
    deliver()
    [seen] = telegram.said(TOKEN, GROUP)
    assert (seen.text, seen.picture) == ("Корзина", "")


def test_a_picture_goes_with_new_words_too(telegram: TelegramServer, room: Chat) -> None:
    say(room, Outgoing("Латте", picture="https://shop.example/latte.jpg"))
    deliver()
    [seen] = telegram.said(TOKEN, GROUP)
    assert (seen.text, seen.picture, seen.kind) == ("Латте", "https://shop.example/latte.jpg", "text")
