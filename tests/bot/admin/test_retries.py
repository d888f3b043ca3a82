"""What an operator may do with a row that failed, from the error page and from the ledgers."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bot import retries
from bot.errors import Refused
from bot.models import Channel, Chat, InboxEvent, Message
from bot.outbox import take_over
from crm.models import Portal, RemoteLead, WriteBack
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.owner)


def message(people: People, status: str, role: str = "bot") -> Message:
    return Message.objects.create(
        chat=people.chat,
        channel=people.chat.channel,
        role=role,
        text="Вы здесь?",
        status=status,
        error="boom",
        attempts=3,
    )


def event(people: People) -> InboxEvent:
    return InboxEvent.objects.create(
        channel=people.chat.channel,
        chat=people.chat,
        external_id="1",
        kind="text",
        parked_at=timezone.now(),
        error="boom",
    )


def press(client: Client, page: str, pk: int, verb: str) -> str:
    answer = client.post(reverse(f"admin:{page}_do", args=[pk, verb]), {"next": reverse("office_errors")}, follow=True)
    assert answer.request["PATH_INFO"] == reverse("office_errors")
    return str(answer.content.decode())


@pytest.mark.parametrize("status", Message.RETRYABLE)
def test_a_failed_message_is_sent_again(people: People, client: Client, status: str) -> None:
    row = message(people, status)
    press(client, "bot_message", row.pk, "retry")
    row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == (Message.Status.QUEUED, 0, "")


@pytest.mark.parametrize("status", [s for s in Message.Status.values if s not in Message.RETRYABLE])
def test_only_what_waits_for_a_decision_can_be_retried(people: People, client: Client, status: str) -> None:
    row = message(people, status)
    assert client.post(reverse("admin:bot_message_do", args=[row.pk, "retry"])).status_code == 403
    with pytest.raises(Refused):
        retries.retry_message(row.pk)
    row.refresh_from_db()
    assert row.status == status


def test_the_bot_s_words_are_not_sent_again_after_a_takeover(people: People, client: Client) -> None:
    row = message(people, "failed")
    take_over(people.chat.pk)
    assert "взял менеджер" in press(client, "bot_message", row.pk, "retry")
    row.refresh_from_db()
    assert row.status == "failed"


def test_a_manager_s_words_are(people: People, client: Client) -> None:
    row = message(people, "failed", role="manager")
    take_over(people.chat.pk)
    press(client, "bot_message", row.pk, "retry")
    row.refresh_from_db()
    assert (row.status, row.epoch) == ("queued", 1)


def test_nothing_is_retried_into_a_blocked_chat_or_a_dead_channel(people: People) -> None:
    row = message(people, "failed")
    Chat.objects.update(blocked_at=timezone.now())
    with pytest.raises(Refused):
        retries.retry_message(row.pk)
    Chat.objects.update(blocked_at=None)
    Channel.objects.update(health="down")
    with pytest.raises(Refused):
        retries.retry_message(row.pk)


def test_an_unknown_message_is_settled_either_way(people: People, client: Client) -> None:
    arrived, lost = message(people, "unknown"), message(people, "unknown")
    press(client, "bot_message", arrived.pk, "delivered")
    press(client, "bot_message", lost.pk, "dismiss")
    assert [Message.objects.get(pk=row.pk).status for row in (arrived, lost)] == ["sent", "canceled"]


def test_a_failed_message_cannot_be_called_delivered(people: People, client: Client) -> None:
    row = message(people, "failed")
    assert client.post(reverse("admin:bot_message_do", args=[row.pk, "delivered"])).status_code == 403


def test_a_parked_event_is_taken_again_or_closed(people: People, client: Client) -> None:
    row = event(people)
    press(client, "bot_inboxevent", row.pk, "retry")
    row.refresh_from_db()
    assert (row.parked_at, row.attempts, row.error) == (None, 0, "")
    assert client.post(reverse("admin:bot_inboxevent_do", args=[row.pk, "dismiss"])).status_code == 403
    InboxEvent.objects.update(parked_at=timezone.now())
    press(client, "bot_inboxevent", row.pk, "dismiss")
    row.refresh_from_db()
    assert row.handled_at is not None
    with pytest.raises(Refused):
        retries.retry_event(row.pk)


def test_what_bitrix24_refused_is_tried_again(people: People, client: Client) -> None:
    portal = Portal.objects.create(title="p")
    write = WriteBack.objects.create(
        portal=portal, operation="move", dedupe_key="1", status="failed", error="x", attempts=9
    )
    other = WriteBack.objects.create(portal=portal, operation="move", dedupe_key="2", status="failed", error="x")
    remote = RemoteLead.objects.create(portal=portal, remote_id=5, error="x", attempts=4)
    press(client, "crm_writeback", write.pk, "retry")
    press(client, "crm_writeback", other.pk, "dismiss")
    page = press(client, "crm_remotelead", remote.pk, "retry")
    for row in (write, other, remote):
        row.refresh_from_db()
    assert (write.status, write.attempts, other.status) == ("queued", 0, "canceled")
    assert (remote.error, remote.attempts) == ("", 0)
    assert remote.noticed_at is not None
    assert 'data-kind="remote" data-count="0"' in " ".join(page.split())


def test_a_press_never_leads_to_another_site(people: People, client: Client) -> None:
    row = message(people, "failed")
    answer = client.post(reverse("admin:bot_message_do", args=[row.pk, "retry"]), {"next": "https://evil.example/"})
    assert answer.headers["Location"] == reverse("admin:bot_message_change", args=[row.pk])
