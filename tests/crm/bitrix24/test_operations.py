"""What each write leaves in the portal. Against the emulated portal over HTTP."""

import pytest

from bot.messages import Outgoing
from bot.models import Message
from bot.outbox import say
from crm import leads, reports
from crm.bitrix24.operations import OPERATIONS
from crm.bitrix24.writeback import drain
from crm.models import Lead, RemoteLead, WriteBack
from crm.reports import enqueue
from tests.crm.bitrix24.houses import BOT_STAGE, IVAN, TECHNICAL, House, Later, known_lead, statuses

Status = WriteBack.Status


def test_a_captured_lead_is_told_in_full_and_in_order(house: House, later: Later) -> None:
    lead, remote_id = known_lead(house, phone="+7 495 000-11-22")
    other = house.remote.add_lead(title="Старый", phone="8 (999) 123-45-67")
    reports.report_bot_talks(lead, key="k0")
    leads.capture(lead, phone="+79991234567", key="k1", summary="Нужен ремонт кухни.")
    leads.give_to(lead, house.ivan, key="k2", phone="+79991234567")

    drain(clock=later)

    row = house.remote.lead(remote_id)
    assert row["phones"] == ["+7 495 000-11-22", "+79991234567"], "the number that was there stays"
    assert (row["stageId"], row["assignedById"]) == ("IN_PROCESS", IVAN)
    [comment] = house.remote.timeline(remote_id)
    assert comment.startswith("Нужен ремонт кухни.")
    assert f"Тот же номер есть ещё здесь: лид № {other}" in comment
    [notice] = house.remote.notifications(IVAN)
    assert "Вам назначен новый лид с контактом" in notice["text"]
    assert "+79991234567" in notice["text"]
    written = [seen.method for seen in house.remote.calls if seen.method.endswith((".update", ".add"))]
    assert written[-5:] == [
        "crm.item.update",  # the bot's stage
        "crm.item.update",  # the phone
        "crm.item.update",  # success and Ivan
        "crm.timeline.comment.add",
        "im.notify.system.add",
    ]
    assert set(WriteBack.objects.values_list("status", flat=True)) == {Status.DONE}


def test_a_lead_of_our_own_channel_is_created_with_its_origin(house: House, later: Later) -> None:
    lead = house.lead_in(source="Сайт", utm={"source": "yandex", "campaign": "spring"})
    reports.report_lead(lead, key="k")
    drain(clock=later)

    [row] = house.remote.leads()
    assert (row["originatorId"], row["originId"]) == ("otklik", f"lead-{lead.pk}")
    assert (row["stageId"], row["assignedById"]) == (BOT_STAGE, TECHNICAL)
    assert (row["utmSource"], row["utmCampaign"]) == ("yandex", "spring")
    assert f"/admin/crm/lead/{lead.pk}/" in row["comments"]
    assert RemoteLead.objects.get().lead == lead


def test_an_open_line_lead_waits_for_the_one_the_line_makes(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте", lead_late=True)
    lead = house.lead_in("openline", external_id=str(said.chat_id))
    reports.report_lead(lead, key="k")

    drain(clock=later)
    assert house.remote.leads() == []
    remote_id = house.remote.link_lead(said.chat_id)
    later.pass_(minutes=1)
    drain(clock=later)

    assert [row["id"] for row in house.remote.leads()] == [remote_id]
    assert RemoteLead.objects.get().lead == lead
    assert house.remote.lead(remote_id)["stageId"] == BOT_STAGE


def test_a_line_that_makes_no_leads_gets_ours(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте", lead_late=True)
    lead = house.lead_in("openline", external_id=str(said.chat_id))
    reports.report_lead(lead, key="k")

    for _ in range(8):
        drain(clock=later)
        later.pass_(minutes=3)

    [row] = house.remote.leads()
    assert row["originId"] == f"lead-{lead.pk}"


def test_the_chat_goes_to_the_manager_with_the_lead(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    lead = house.lead_in("openline", external_id=str(said.chat_id), status=Lead.Status.CAPTURED)
    RemoteLead.objects.create(portal=house.portal, remote_id=said.lead_id, lead=lead)

    leads.give_to(lead, house.ivan, key="k", phone="+79991234567")
    drain(clock=later)

    assert house.remote.chat(said.chat_id)["owner"] == IVAN
    assert house.remote.lead(said.lead_id)["assignedById"] == IVAN


def test_the_chat_is_given_away_only_when_the_bot_has_finished_speaking(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    lead = house.lead_in("openline", external_id=str(said.chat_id), status=Lead.Status.CAPTURED)
    RemoteLead.objects.create(portal=house.portal, remote_id=said.lead_id, lead=lead)
    assert lead.chat is not None
    farewell = say(lead.chat, Outgoing("Спасибо!"))
    leads.give_to(lead, house.ivan, key="k", phone="+79991234567")
    drain(clock=later)
    assert house.remote.chat(said.chat_id)["owner"] == house.bot_id

    assert farewell is not None
    Message.objects.filter(pk=farewell.pk).update(status=Message.Status.SENT)
    later.pass_(minutes=1)
    drain(clock=later)
    assert house.remote.chat(said.chat_id)["owner"] == IVAN


def test_a_silent_customers_chat_is_finished_and_the_lead_is_junk(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    lead = house.lead_in("openline", external_id=str(said.chat_id))
    RemoteLead.objects.create(portal=house.portal, remote_id=said.lead_id, lead=lead)

    leads.lose(lead, status=Lead.Status.LOW_QUALITY, reason="не ответил за час", key="k")
    drain(clock=later)

    assert house.remote.lead(said.lead_id)["stageId"] == "JUNK"
    assert house.remote.chat(said.chat_id)["owner"] == 0
    assert house.remote.timeline(said.lead_id)[0].startswith("Контакт не получен: не ответил за час.")


@pytest.mark.parametrize("operation", ["transfer_chat", "finish_chat"])
def test_a_chat_that_a_human_has_is_left_alone(house: House, later: Later, operation: str) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    house.remote.operator_answers(said.chat_id, 3, "Добрый день, я Мария")
    lead = house.lead_in("openline", external_id=str(said.chat_id))
    params = {"chat_id": said.chat_id, "user_id": IVAN}
    enqueue(house.portal, operation, params, key="k", lead=lead)

    drain(clock=later)

    assert house.remote.chat(said.chat_id)["owner"] == 3
    assert statuses() == {operation: Status.DONE}


def test_a_deals_phone_goes_to_its_contact(house: House, later: Later) -> None:
    deal_id = house.remote.add_deal(title="Сделка")
    lead = house.lead_in()
    RemoteLead.objects.create(portal=house.portal, entity="deal", remote_id=deal_id, lead=lead)
    enqueue(house.portal, "add_phone", {"phone": "+79991234567"}, key="a", lead=lead)
    enqueue(house.portal, "add_phone", {"phone": "8 999 123 45 67"}, key="b", lead=lead)

    drain(clock=later)

    contact = house.remote.store["contacts"][house.remote.deal(deal_id)["contactId"]]
    assert [entry["value"] for entry in contact["fm"]] == ["+79991234567"]


def test_every_operation_has_its_functions(house: House) -> None:
    assert set(OPERATIONS) == set(WriteBack.Operation)
    with pytest.raises(ValueError, match="dance"):
        enqueue(house.portal, "dance", {}, key="k")


@pytest.mark.parametrize("operation", ["transfer_chat", "finish_chat"])
@pytest.mark.parametrize("is_reopened", [True, False])
def test_a_chat_we_reopened_is_passed_on_or_finished_as_its_operator(
    house: House, later: Later, operation: str, is_reopened: bool
) -> None:
    house.remote.store["lines"][1]["QUEUE"] = []
    house.call("imopenlines.config.update", CONFIG_ID=1, PARAMS={"WELCOME_BOT_ENABLE": "N"})
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    if is_reopened:
        house.remote.finish_chat(said.chat_id)
        house.call("imopenlines.session.start", CHAT_ID=said.chat_id)
    lead = house.lead_in("openline", external_id=str(said.chat_id))
    enqueue(house.portal, operation, {"chat_id": said.chat_id, "user_id": IVAN}, key="k", lead=lead)

    drain(clock=later)

    assert statuses() == {operation: Status.DONE}
    assert house.remote.chat(said.chat_id)["owner"] == (IVAN if operation == "transfer_chat" else 0)


def test_a_transfer_without_a_name_goes_to_the_queue(house: House, later: Later) -> None:
    said = house.remote.client_says("telegrambot", 1, "77", "Здравствуйте")
    lead = house.lead_in("openline", external_id=str(said.chat_id))
    enqueue(house.portal, "transfer_chat", {"chat_id": said.chat_id}, key="k", lead=lead)
    drain(clock=later)
    assert house.remote.chat(said.chat_id)["owner"] in (2, 3, 4)
    assert lead.chat is not None
    lead.chat.refresh_from_db()
    assert lead.chat.speaker == "manager"
