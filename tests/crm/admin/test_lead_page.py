"""The page of one lead: the card beside the dialogue, and what our people do from it."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bot.errors import Refused
from bot.messages import EventKind, Outgoing
from bot.models import Chat, InboxEvent, Message
from bot.outbox import say
from crm import desk
from crm.models import Assignment, Lead, Portal, RemoteLead, WriteBack
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.owner)


@pytest.fixture
def lead(people: People) -> Lead:
    return lead_of(people.customer, chat=people.chat, status="in_bot", title="Доставка")


def press(client: Client, lead: Lead, verb: str, **data: object) -> str:
    """Press a button of the page and return the page that follows."""
    answer = client.post(reverse("admin:crm_lead_do", args=[lead.pk, verb]), data, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_card_stands_beside_the_dialogue(people: People, client: Client, lead: Lead) -> None:
    say(people.chat, Outgoing("Здравствуйте!"))
    portal = Portal.objects.create(title="p", webhook_url="https://b24.test/rest/1/sekret/")
    RemoteLead.objects.create(portal=portal, remote_id=77, lead=lead, stage="NEW")
    page = client.get(reverse("admin:crm_lead_change", args=[lead.pk])).content.decode()
    dialogue = reverse("admin:crm_lead_dialogue", args=[lead.pk])
    assert f'data-live-chat="{dialogue}"' in page
    assert "№ 77" in page
    assert "Здравствуйте!" in client.get(dialogue).content.decode()
    assert "sekret" not in page


def test_a_long_dialogue_is_read_page_by_page(people: People, client: Client, lead: Lead) -> None:
    rows = [
        Message(chat=people.chat, channel=people.chat.channel, role="user", text=f"m{n}", status="received")
        for n in range(150)
    ]
    Message.objects.bulk_create(rows)
    address = reverse("admin:crm_lead_dialogue", args=[lead.pk])
    seen: list[str] = []
    before: int | None = 0
    while before is not None:
        page = client.get(address, {"before": before} if before else {})
        text = page.content.decode()
        seen += [f"m{n}" for n in range(149, -1, -1) if f"<p>m{n}</p>" in text]
        before = int(text.split('data-before="')[1].split('"')[0]) if "data-before" in text else None
    assert seen == [f"m{n}" for n in range(149, -1, -1)]


def test_a_takeover_silences_the_bot_and_is_written_down(people: People, client: Client, lead: Lead) -> None:
    queued = say(people.chat, Outgoing("ещё от бота"))
    assert queued is not None
    page = press(client, lead, "take-over")
    people.chat.refresh_from_db()
    queued.refresh_from_db()
    assert (people.chat.speaker, queued.status) == (Chat.Speaker.MANAGER, Message.Status.CANCELED)
    assert "Owner: диалог взят" in page
    assert "уже взят" in press(client, lead, "take-over")


def test_giving_back_tells_the_dialogue_once(people: People, client: Client, lead: Lead) -> None:
    desk.take_over(lead, by="x")
    press(client, lead, "give-back")
    press(client, lead, "give-back")
    people.chat.refresh_from_db()
    assert people.chat.speaker == Chat.Speaker.BOT
    assert InboxEvent.objects.filter(kind=EventKind.RETURNED).count() == 1


def test_the_first_word_of_a_manager_takes_the_dialogue_over(people: People, client: Client, lead: Lead) -> None:
    press(client, lead, "write", text="  Добрый день!  ")
    message = Message.objects.get(role=Message.Role.MANAGER)
    people.chat.refresh_from_db()
    assert (message.role, message.text, message.status) == ("manager", "Добрый день!", "queued")
    assert message.epoch == people.chat.epoch == 1
    assert people.chat.speaker == Chat.Speaker.MANAGER


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001])
def test_what_cannot_be_sent_is_refused_and_changes_nothing(
    people: People, client: Client, lead: Lead, text: str
) -> None:
    press(client, lead, "write", text=text)
    people.chat.refresh_from_db()
    assert not Message.objects.exists()
    assert people.chat.speaker == Chat.Speaker.BOT


def test_a_blocked_customer_is_not_written_to(people: People, lead: Lead) -> None:
    Chat.objects.update(blocked_at=timezone.now())
    with pytest.raises(Refused):
        desk.write(lead, "Добрый день!", by="x")


def test_reassigning_ends_the_old_assignment_and_tells_the_portal(people: People, client: Client, lead: Lead) -> None:
    portal = Portal.objects.create(title="p", success_stage="OK")
    RemoteLead.objects.create(portal=portal, remote_id=7, lead=lead)
    press(client, lead, "assign", manager=people.olga.pk)
    page = press(client, lead, "assign", manager=people.pavel.pk)
    rows = Assignment.objects.order_by("pk")
    assert [(row.manager, row.ended_at is None) for row in rows] == [(people.olga, False), (people.pavel, True)]
    lead.refresh_from_db()
    assert (lead.manager, lead.status) == (people.pavel, Lead.Status.TAKEN)
    moves = WriteBack.objects.filter(operation="move").order_by("pk")
    assert [move.params["fields"]["assignedById"] for move in moves] == [11, 12]
    assert "Ольга больше не ведёт лид" in page
    assert "уже у менеджера" in press(client, lead, "assign", manager=people.pavel.pk)


def test_assigning_by_hand_stops_the_bot_s_questions(people: People, client: Client, lead: Lead) -> None:
    press(client, lead, "assign", manager=people.olga.pk)
    event = InboxEvent.objects.get(kind=EventKind.LEAD_CLOSED)
    assert event.payload["lead_id"] == lead.pk


@pytest.mark.parametrize("manager", ["", "x", "999999"])
def test_nobody_is_assigned_by_a_forged_form(people: People, client: Client, lead: Lead, manager: str) -> None:
    assert "Выберите менеджера" in press(client, lead, "assign", manager=manager)
    assert not Assignment.objects.exists()


def test_closing_a_lead_ends_its_assignment(people: People, client: Client, lead: Lead) -> None:
    desk.assign(lead, people.olga, by="x")
    page = press(client, lead, "mark", status="done", reason="куплено")
    lead.refresh_from_db()
    assert (lead.status, lead.reason) == ("done", "куплено")
    assert lead.closed_at is not None
    assert not Assignment.objects.filter(ended_at=None).exists()
    assert "из «у менеджера» в «закрыт» (куплено)" in page


@pytest.mark.parametrize("status", ["captured", "in_bot", "new", "nonsense", ""])
def test_facts_are_not_declared_by_hand(people: People, client: Client, lead: Lead, status: str) -> None:
    press(client, lead, "mark", status=status)
    lead.refresh_from_db()
    assert lead.status == "in_bot"


@pytest.mark.django_db(transaction=True)
def test_two_press_assign_at_once_and_one_assignment_is_open(people: People, lead: Lead) -> None:
    start = threading.Barrier(2)

    def work(manager: object) -> None:
        start.wait()
        try:
            desk.assign(lead, manager, by="x")  # type: ignore[arg-type]
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[manager]) for manager in (people.olga, people.pavel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lead.refresh_from_db()
    assert Assignment.objects.get(ended_at=None).manager == lead.manager


def test_a_page_of_a_lead_without_a_chat_opens(people: People, client: Client) -> None:
    bare = lead_of(people.customer)
    page = client.get(reverse("admin:crm_lead_change", args=[bare.pk]))
    assert "нет нашего чата" in page.content.decode()
    assert "нет чата, куда писать" in press(client, bare, "write", text="a")
    assert client.get(reverse("admin:crm_lead_dialogue", args=[bare.pk])).status_code == 404


def test_what_a_customer_typed_is_never_markup(people: People, client: Client, lead: Lead) -> None:
    Message.objects.create(chat=people.chat, channel=people.chat.channel, role="user", text="<script>x</script>")
    Lead.objects.update(summary="<img src=x onerror=1>")
    text = client.get(reverse("admin:crm_lead_dialogue", args=[lead.pk])).content.decode()
    text += client.get(reverse("admin:crm_lead_change", args=[lead.pk])).content.decode()
    assert "<script>x" not in text
    assert "<img src=x" not in text
