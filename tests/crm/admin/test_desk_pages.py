"""The managers' chat in the back office, the link that finds out a manager's Telegram, and the word taken from a conversation."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bot.models import Chat, Message
from crm.models import Lead, Manager, ManagersChat, Takeover
from dialogs.models import Conversation, Scenario, ScenarioVersion
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db
MINUTES = {"remind_minutes": 5, "rotate_minutes": 15, "return_hours": 8, "warn_minutes": 20, "is_active": "on"}


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.owner)


def post(client: Client, url: str, **data: object) -> str:
    """Post a form and return the page that follows."""
    return str(client.post(url, data, follow=True).content.decode())


def test_a_group_typed_by_its_id_is_the_managers_chat_and_is_told_so(people: People, client: Client) -> None:
    add, channel = reverse("admin:crm_managerschat_add"), people.chat.channel
    assert "начинается с минуса" in post(client, add, channel=channel.pk, group="1001", **MINUTES)
    post(client, add, channel=channel.pk, group=" -100500 ", **MINUTES)
    room = ManagersChat.objects.get()
    assert (room.chat.external_id, room.remind_minutes, room.connected_by) == ("-100500", 5, "owner")
    assert Message.objects.get(chat=room.chat).text.startswith("Готово: сюда будут приходить заявки")


def test_another_id_moves_it_and_other_changes_are_not_announced(people: People, client: Client) -> None:
    channel = people.chat.channel
    post(client, reverse("admin:crm_managerschat_add"), channel=channel.pk, group="-100500", **MINUTES)
    page = reverse("admin:crm_managerschat_change", args=[ManagersChat.objects.get().pk])
    post(client, page, channel=channel.pk, group="-100500", **{**MINUTES, "rotate_minutes": 0})
    assert (ManagersChat.objects.get().rotate_minutes, Message.objects.count()) == (0, 1)
    post(client, page, channel=channel.pk, group="-100600", **MINUTES)
    assert ManagersChat.objects.get().chat.external_id == "-100600"
    assert Message.objects.count() == 2, "the new group is told"


def test_the_link_for_a_manager_is_shown_once_and_only_its_fingerprint_is_kept(people: People, client: Client) -> None:
    url = reverse("admin:crm_manager_do", args=[people.olga.pk, "invite"])
    assert "Сначала подключите бота" in post(client, url)
    people.chat.channel.options = {"username": "okna_bot"}
    people.chat.channel.save()
    found = re.search(r"https://t\.me/okna_bot\?start=staff-([\w-]{32})", post(client, url))
    assert found is not None
    people.olga.refresh_from_db()
    assert people.olga.invitation and found[1] not in people.olga.invitation
    assert found[1] not in client.get(reverse("admin:crm_manager_change", args=[people.olga.pk])).content.decode()
    assert len(found[0].rpartition("=")[2]) <= 64, "Telegram's limit"


def test_the_word_is_taken_and_given_back_from_the_conversations_page(people: People, client: Client) -> None:
    lead = lead_of(people.customer, chat=people.chat, status=Lead.Status.TAKEN, manager=people.olga)
    row = conversation(people, lead)
    page = reverse("admin:dialogs_conversation_change", args=[row.pk])
    assert "Перехватить" in client.get(page).content.decode() or "take-over" in client.get(page).content.decode()
    post(logged_in(people.manager), reverse("admin:dialogs_conversation_do", args=[row.pk, "take-over"]))
    people.chat.refresh_from_db()
    assert people.chat.speaker == Chat.Speaker.MANAGER
    assert Takeover.objects.get().manager == people.olga, "whoever has a card of a manager has it by name"
    assert "give-back" in client.get(page).content.decode()
    post(client, reverse("admin:dialogs_conversation_do", args=[row.pk, "give-back"]))
    people.chat.refresh_from_db()
    assert people.chat.speaker == Chat.Speaker.BOT
    fragment = client.get(reverse("admin:dialogs_conversation_dialogue", args=[row.pk])).content.decode()
    assert "o-message--system" in fragment and "Диалог вернулся боту: Owner." in fragment


def conversation(people: People, lead: Lead) -> Conversation:
    scenario = Scenario.objects.create(key="x", title="Икс")
    version = ScenarioVersion.objects.create(scenario=scenario, number=1, compiled={}, content_hash="0")
    return Conversation.objects.create(
        chat=people.chat,
        version=version,
        customer=people.customer,
        lead=lead,
        started_at=timezone.now(),
        updated_at=timezone.now(),
    )


def test_the_ledgers_of_offers_and_takeovers_are_shown(people: People, client: Client) -> None:
    for name in ("crm_offer_changelist", "crm_takeover_changelist", "crm_managerschat_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 200
    assert Manager.objects.count() == 2
