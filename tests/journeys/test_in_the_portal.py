"""What happens to leads in the portal itself: who is left alone, what stops the bot, and news that come late or not at all."""

from typing import Any

import pytest

from crm.models import Lead, Manager, RemoteLead
from tests.journeys.customers import LineClient
from tests.journeys.house import MARIA, House


def test_a_lead_with_a_phone_is_left_alone(house: House) -> None:
    number = house.portal.add_lead(title="Звонок", phone="+79991234567", assignedById=MARIA)
    before = house.portal.lead(number)
    house.settle()
    assert house.portal.lead(number) == before
    assert house.portal.timeline(number) == []
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"title": "Перезвоните на 8 (916) 123-45-67"}, {"comments": "<p>тел. +7&nbsp;916 1234567</p>"}]
)
def test_a_number_found_elsewhere_on_the_card_is_used_and_a_manager_told(house: House, fields: dict[str, Any]) -> None:
    other = house.portal.add_contact(name="Анна", phone="89161234567")
    number = house.portal.add_lead(**fields)
    house.settle()
    card = house.portal.lead(number)
    assert (card["phones"], card["stageId"]) == (["+79161234567"], "IN_PROCESS")
    assert f"контакт № {other}" in house.portal.timeline(number)[0]
    manager = Manager.objects.get(bitrix_id=card["assignedById"])
    assert "Вам назначен новый лид с контактом" in house.notices_of(manager)[0]
    assert "Вам назначен новый лид с контактом" in house.cards_of(manager)[0]
    assert Lead.objects.get().customer.phone == "", "we keep no number without consent"


def test_a_lead_nobody_can_reach_goes_to_review_with_the_reason(house: House) -> None:
    number = house.portal.add_lead(title="Заказ № 4915558")
    house.settle()
    assert house.portal.lead(number)["stageId"] == "OTKLIK_REVIEW"
    assert "нет ни чата с клиентом, ни номера" in house.portal.timeline(number)[0]


def test_a_phone_typed_in_by_hand_ends_the_questions(house: House, oleg: LineClient) -> None:
    oleg.says("Здравствуйте")
    house.portal.update_lead(oleg.lead_id, phone="+7 495 123-45-67")
    house.settle()
    assert "Ваш номер уже у менеджера" in oleg.heard[-1]
    assert oleg.card["phones"] == ["+7 495 123-45-67"]
    assert oleg.lead.status == Lead.Status.TAKEN
    assert "лид с контактом" in house.notices_of(oleg.lead.manager)[0]
    heard = len(oleg.heard)
    house.passes(hours=2)
    assert len(oleg.heard) == heard, "nobody is reminded of what is done"


def test_a_deleted_lead_silences_the_bot(house: House, oleg: LineClient) -> None:
    oleg.says("Здравствуйте")
    ours = oleg.lead
    house.portal.delete_lead(oleg.lead_id)
    house.settle()
    heard = len(oleg.heard)
    house.passes(hours=2)
    ours.refresh_from_db()
    assert ours.status == Lead.Status.CANCELED
    assert len(oleg.heard) == heard


def road(house: House, oleg: LineClient) -> None:
    """Walk the whole road and look at its end."""
    oleg.says("Здравствуйте")
    assert oleg.card["stageId"] == "OTKLIK_BOT"
    oleg.says("8 916 123 45 67")
    oleg.says("да")
    assert (oleg.card["stageId"], oleg.card["phones"]) == ("IN_PROCESS", ["+79161234567"])
    assert len(oleg.timeline) == 1
    assert Lead.objects.count() == RemoteLead.objects.count() == 1


def test_the_road_is_walked_when_every_event_of_the_portal_is_lost(house: House, oleg: LineClient) -> None:
    house.portal.events.delivery.lose = -1
    road(house, oleg)
    number = house.portal.add_lead(title="Без номера")
    house.settle()
    assert house.portal.lead(number)["stageId"] == "OTKLIK_REVIEW", "a new lead is noticed"
    deleted = LineClient(house, "Вера", user="78")
    deleted.says("Здравствуйте")
    house.portal.delete_lead(deleted.lead_id)
    house.settle()
    assert deleted.lead.status == Lead.Status.CANCELED


def test_the_road_is_walked_when_nobody_polls(house: House, oleg: LineClient) -> None:
    house.polls = False
    road(house, oleg)
    number = house.portal.add_lead(title="Без номера")
    house.settle()
    assert house.portal.lead(number)["stageId"] == "OTKLIK_REVIEW"


def test_nobody_on_duty_means_the_lead_waits_and_the_first_who_comes_gets_it(house: House, oleg: LineClient) -> None:
    Manager.objects.update(is_on_duty=False)
    oleg.says("8 916 123 45 67")
    oleg.says("да")
    assert oleg.lead.status == Lead.Status.CAPTURED
    assert oleg.card["phones"] == ["+79161234567"], "the number is in the portal at once"
    Manager.objects.filter(name="Мария").update(is_on_duty=True)
    house.settle()
    assert oleg.card["assignedById"] == MARIA
