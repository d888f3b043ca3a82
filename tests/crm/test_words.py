"""Codes are for machines: people read words."""

import pytest
from django.utils import translation

from crm.models import Customer, Portal, RemoteLead, WriteBack
from crm.words import event_words, facts_in_words, outcome_words


@pytest.fixture(autouse=True)
def _russian() -> object:
    with translation.override("ru"):
        yield


def test_an_event_is_told_in_words_and_its_ids_are_left_out() -> None:
    assert event_words("handover") == "передан человеку"
    assert facts_in_words({"reason": "has_phone", "conversation": 10, "payload": ""}) == "причина: номер уже известен"
    assert outcome_words("captured") == "контакт получен"


def test_a_scenarios_own_codes_come_back_as_they_are() -> None:
    assert event_words("booked_a_visit") == "booked_a_visit"
    assert outcome_words("sold") == "sold"


def test_a_write_is_called_by_what_it_does() -> None:
    assert WriteBack(operation="transfer_chat").operation_label == "передать чат человеку"


def test_a_stage_has_the_name_people_see_in_the_portal_and_a_link_there() -> None:
    portal = Portal(
        bot_stage="OTKLIK_BOT", success_stage="IN_PROCESS", webhook_url="https://okna.example/rest/1/secret/"
    )
    lead = RemoteLead(portal=portal, remote_id=7, stage="OTKLIK_BOT")
    assert lead.stage_name == "Обрабатывается ботом"
    assert RemoteLead(portal=portal, stage="IN_PROCESS").stage_name == "В работе"
    assert RemoteLead(portal=portal, stage="UC_MINE").stage_name == "UC_MINE"
    assert RemoteLead(portal=portal).stage_name == ""
    assert lead.url == "https://okna.example/crm/lead/details/7/"  # and nothing of the secret


def test_a_phone_is_shown_as_people_write_it() -> None:
    customer = Customer(phone="+79161234567", phone_extension="12")
    assert customer.readable_phone == "+7 916 123-45-67 доб. 12"
    assert str(customer) == customer.readable_phone
    assert Customer().readable_phone == ""
