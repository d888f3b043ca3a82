"""A lead of the portal is noticed: who is talked to, who is left alone, and what stops the bot."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bot.models import Chat, InboxEvent, Message
from crm.bitrix24 import noticing
from crm.bitrix24.noticing import notice
from crm.bitrix24.polling import poll_portals
from crm.bitrix24.review import review_noticed
from crm.bitrix24.writeback import drain
from crm.models import Lead, RemoteLead
from crm.reports import enqueue
from tests.crm.bitrix24.houses import BOT_STAGE, IVAN, TECHNICAL, House, Later
from tests.emulators.bitrix24 import orders


def look(house: House, later: Later, *remote_ids: int, entity: str = "lead") -> None:
    """Have the leads noticed and looked at, and the portal told what came of it."""
    for remote_id in remote_ids:
        notice(house.portal, entity, remote_id)
    later.pass_(seconds=10)
    review_noticed(clock=later)
    drain(clock=later)


def inbox() -> list[tuple[str, Any]]:
    """Return what the dialogue was told about its lead (the customer's own words are the fetch loop's matter)."""
    rows = InboxEvent.objects.filter(kind__in=["lead_opened", "lead_closed"]).order_by("pk")
    return [(event.kind, event.payload) for event in rows]


def test_a_lead_with_a_phone_is_left_alone(house: House, later: Later) -> None:
    remote_id = house.remote.add_lead(title="Звонок", phone="+79991234567")
    look(house, later, remote_id)

    assert house.remote.lead(remote_id)["stageId"] == "NEW"
    assert not Lead.objects.exists()
    remote = RemoteLead.objects.get()
    assert (remote.has_phone, remote.stage) == (True, "NEW")
    assert remote.reviewed_at is not None


def test_a_lead_of_an_open_line_is_taken_by_the_bot_in_its_chat(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте", name="Олег Смирнов")
    look(house, later, said.lead_id)

    row = house.remote.lead(said.lead_id)
    assert (row["stageId"], row["assignedById"]) == (BOT_STAGE, TECHNICAL)
    lead = Lead.objects.get()
    assert lead.status == Lead.Status.IN_BOT
    assert lead.chat is not None
    assert lead.chat.external_id == str(said.chat_id)
    assert inbox() == [("lead_opened", {"lead_id": lead.pk, "scenario_key": "first-contact"})]


def test_the_words_that_made_the_lead_are_there_before_its_dialogue_begins(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте, нужны окна")
    look(house, later, said.lead_id)
    assert [event.kind for event in InboxEvent.objects.order_by("pk")] == ["joined", "text", "lead_opened"]


def test_two_looks_at_the_same_lead_begin_it_once(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    look(house, later, said.lead_id)
    look(house, later, said.lead_id)

    assert Lead.objects.count() == 1
    assert len(inbox()) == 1


def test_a_lead_whose_customer_wrote_first_is_bound_to_the_dialogue_under_way(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    lead = house.lead_in("openline", external_id=str(said.chat_id))
    look(house, later, said.lead_id)

    assert Lead.objects.count() == 1
    assert RemoteLead.objects.get().lead == lead
    assert inbox() == []
    assert house.remote.lead(said.lead_id)["stageId"] == BOT_STAGE


def test_a_dialogue_that_had_ended_is_opened_again(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    house.remote.finish_chat(said.chat_id)
    look(house, later, said.lead_id)

    chat = house.remote.chat(said.chat_id)
    assert house.bot_id in chat["members"]
    assert Lead.objects.get().status == Lead.Status.IN_BOT


def test_a_dialogue_with_a_human_is_left_alone(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    house.remote.operator_answers(said.chat_id, 3, "Добрый день!")
    look(house, later, said.lead_id)

    assert not Lead.objects.exists()
    assert house.remote.lead(said.lead_id)["stageId"] == "NEW"


def test_our_own_lead_is_recognised_by_its_origin(house: House, later: Later) -> None:
    lead = house.lead_in()
    remote_id = house.remote.add_lead(title="Наш", originatorId="otklik", originId=f"lead-{lead.pk}")
    look(house, later, remote_id)

    assert RemoteLead.objects.get().lead == lead
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Заявка: перезвоните на 8 (916) 123-45-67"},
        {"comments": "<p>тел.&nbsp;+7&nbsp;916&nbsp;1234567</p>"},
        {"ufCrmExtra": "мой номер 89161234567"},
        {"contact": "+7 916 123-45-67"},
    ],
)
def test_a_number_found_elsewhere_is_validated_and_used(house: House, later: Later, fields: dict[str, Any]) -> None:
    house.remote.add_user_field(1, "UF_CRM_EXTRA")
    if number := fields.pop("contact", ""):
        fields["contactIds"] = [house.remote.add_contact(name="Олег", phone=number)]
    remote_id = house.remote.add_lead(**fields)
    look(house, later, remote_id)

    assert house.remote.lead(remote_id)["phones"] == ["+79161234567"]
    lead = Lead.objects.get()
    assert lead.status == Lead.Status.CAPTURED
    assert lead.customer.phone == "", "a number is kept by us only with the customer's consent"


def test_a_lead_with_no_road_to_its_customer_goes_to_review_with_the_reason(house: House, later: Later) -> None:
    remote_id = house.remote.add_lead(title="Заказ № 4915558", comments="ИНН 7707083893")
    look(house, later, remote_id)

    assert house.remote.lead(remote_id)["stageId"] == "OTKLIK_REVIEW"
    [comment] = house.remote.timeline(remote_id)
    assert comment.startswith("Нужна проверка человеком: нет ни чата с клиентом, ни номера в карточке.")
    assert Lead.objects.get().status == Lead.Status.REVIEW


def test_a_lead_that_somebody_works_on_is_left_alone(house: House, later: Later) -> None:
    remote_id = house.remote.add_lead(title="В работе", stageId="IN_PROCESS")
    look(house, later, remote_id)
    assert not Lead.objects.exists()


def test_leads_older_than_the_connection_are_left_alone(house: House, later: Later) -> None:
    old = house.remote.add_lead(title="Прошлогодний")
    house.portal.poll_cursor = {"since": (timezone.now() + timedelta(hours=1)).isoformat()}
    house.portal.save()
    look(house, later, old)
    assert not Lead.objects.exists()


class TestWhileTheBotTalks:
    """Somebody touches the lead in the portal."""

    @pytest.fixture
    def lead(self, house: House, later: Later) -> Lead:
        said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
        look(house, later, said.lead_id)
        InboxEvent.objects.all().delete()
        return Lead.objects.select_related("remote", "chat").get()

    def test_our_own_writes_stop_nothing(self, house: House, later: Later, lead: Lead) -> None:
        look(house, later, lead.remote.remote_id)
        lead.refresh_from_db()
        assert lead.status == Lead.Status.IN_BOT
        assert inbox() == []

    def test_a_phone_typed_in_by_hand_ends_the_dialogue(self, house: House, later: Later, lead: Lead) -> None:
        house.remote.update_lead(lead.remote.remote_id, phone="+79991234567")
        look(house, later, lead.remote.remote_id)

        lead.refresh_from_db()
        assert lead.status == Lead.Status.CAPTURED
        assert inbox() == [("lead_closed", {"lead_id": lead.pk, "reason": "phone_added"})]
        assert [message.text for message in Message.objects.all()] == [
            "Спасибо! Ваш номер уже у менеджера — он скоро с вами свяжется."
        ]

    @pytest.mark.parametrize("change", [{"assignedById": IVAN}, {"stageId": "IN_PROCESS"}])
    def test_a_manager_who_takes_it_silences_the_bot(
        self, house: House, later: Later, lead: Lead, change: dict[str, Any]
    ) -> None:
        house.remote.update_lead(lead.remote.remote_id, **change)
        look(house, later, lead.remote.remote_id)

        lead.refresh_from_db()
        assert lead.status == Lead.Status.TAKEN
        assert lead.manager == (house.ivan if "assignedById" in change else None)
        assert Chat.objects.get().speaker == Chat.Speaker.MANAGER
        assert inbox() == [("lead_closed", {"lead_id": lead.pk, "reason": "taken"})]

    def test_a_deleted_lead_ends_its_dialogue(self, house: House, later: Later, lead: Lead) -> None:
        house.remote.delete_lead(lead.remote.remote_id)
        look(house, later, lead.remote.remote_id)

        lead.refresh_from_db()
        assert lead.status == Lead.Status.CANCELED
        assert inbox() == [("lead_closed", {"lead_id": lead.pk, "reason": "deleted"})]
        assert RemoteLead.objects.get().deleted_at is not None

    def test_a_look_waits_for_our_own_writes(self, house: House, later: Later, lead: Lead) -> None:
        house.remote.update_lead(lead.remote.remote_id, assignedById=IVAN)
        notice(house.portal, "lead", lead.remote.remote_id)
        enqueue(house.portal, "comment", {"text": "ещё пишем"}, key="x", lead=lead)
        later.pass_(seconds=1)
        review_noticed(clock=later)
        lead.refresh_from_db()
        assert lead.status == Lead.Status.IN_BOT, "too early to judge"
        drain(clock=later)
        later.pass_(seconds=10)
        review_noticed(clock=later)
        lead.refresh_from_db()
        assert lead.status == Lead.Status.TAKEN


class TestPoll:
    """No event came at all."""

    @pytest.fixture(autouse=True)
    def _connected_an_hour_ago(self, house: House) -> None:
        house.portal.poll_cursor = {"since": (timezone.now() - timedelta(hours=1)).isoformat()}
        house.portal.save()

    def test_new_leads_are_noticed_by_the_poll_alone(self, house: House, later: Later) -> None:
        said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
        house.remote.add_lead(title="С номером", phone="+79991234567")
        assert poll_portals() == 1
        later.pass_(seconds=5)
        review_noticed(clock=later)
        drain(clock=later)
        assert house.remote.lead(said.lead_id)["stageId"] == BOT_STAGE

    def test_what_was_seen_is_not_noticed_again(self, house: House, later: Later) -> None:
        said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
        assert poll_portals() == 1
        later.pass_(seconds=5)
        review_noticed(clock=later)
        drain(clock=later)
        house.portal.refresh_from_db()
        assert poll_portals() == 0, "our own change is no news"
        assert RemoteLead.objects.get().remote_id == said.lead_id

    def test_a_hundred_and_thirty_new_leads_are_all_noticed(self, house: House) -> None:
        for number in range(130):
            house.remote.add_lead(title=f"Лид {number}")
        assert poll_portals() == 130

    def test_a_deleted_lead_is_noticed_by_the_poll_alone(self, house: House, later: Later) -> None:
        said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
        look(house, later, said.lead_id)
        house.remote.delete_lead(said.lead_id)
        assert poll_portals() == 1
        later.pass_(seconds=5)
        review_noticed(clock=later)
        assert Lead.objects.get().status == Lead.Status.CANCELED

    def test_a_portal_that_is_down_keeps_its_cursor_and_its_note(self, house: House) -> None:
        house.remote.add_lead(title="Новый")
        house.remote.faults.order(orders.moved("https://new.bitrix24.ru/rest/1/x/", times=-1))
        assert poll_portals() == 0
        house.portal.refresh_from_db()
        assert "moved" in house.portal.health_note
        assert "lead" not in house.portal.poll_cursor
        house.remote.faults.clear()
        assert poll_portals() == 1
        house.portal.refresh_from_db()
        assert house.portal.health_note == ""


@pytest.mark.parametrize(
    "fault",
    [
        orders.query_limit(times=-1),
        orders.operation_time_limit(times=-1, match="crm.item.get"),
        orders.server_error(times=-1, match="crm.item.get"),
        orders.moved("https://new.bitrix24.ru/rest/1/x/", times=-1),
        orders.bad_gateway(times=-1),
    ],
)
def test_a_look_that_fails_is_taken_up_again(
    house: House, later: Later, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.bitrix24.review.PATIENCE", 0.0)
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    house.remote.faults.order(fault)
    look(house, later, said.lead_id)
    assert not Lead.objects.exists()
    assert RemoteLead.objects.get().error != ""

    house.remote.faults.clear()
    house.forget_pauses()
    later.pass_(minutes=15)
    review_noticed(clock=later)
    assert Lead.objects.get().status == Lead.Status.IN_BOT
    drain(clock=later)
    later.pass_(minutes=1)
    review_noticed(clock=later)
    assert RemoteLead.objects.get().error == ""


def test_a_worker_that_dies_while_looking_gives_the_lead_back(house: House, later: Later) -> None:
    notice(house.portal, "lead", 7)
    later.pass_(seconds=1)
    assert noticing.claim_noticed(later()) is not None
    assert noticing.claim_noticed(later()) is None
    later.pass_(minutes=3)
    assert noticing.claim_noticed(later()) is not None


def test_a_deal_without_a_phone_is_talked_to_where_deals_are_watched(house: House, later: Later) -> None:
    house.portal.entities = ["deal"]
    house.portal.options = {"deal_stages": {"review": "PREPARATION"}}
    house.portal.save()
    with_phone = house.remote.add_deal(
        title="Есть номер", contactIds=[house.remote.add_contact(name="Олег", phone="+79991234567")]
    )
    without = house.remote.add_deal(title="Нет номера")
    look(house, later, with_phone, without, entity="deal")

    assert house.remote.deal(with_phone)["stageId"] == "NEW"
    assert house.remote.deal(without)["stageId"] == "PREPARATION"
