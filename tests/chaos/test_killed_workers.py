"""Promises 1, 2 and 5: a worker dies between any two steps of the road, another takes over, and the end is exact."""

import pytest

from bot.models import InboxEvent, Message
from crm.models import Assignment, Consent, Lead, WriteBack
from tests.chaos.processes import KILLED, run_worker
from tests.journeys.customers import LineClient, TelegramCustomer
from tests.journeys.house import House

FAREWELL = "Передал ваш номер менеджеру"
IN_FLIGHT = ("message claimed, not sent", "message sent, not recorded")


def others_take_over(house: House) -> None:
    """Let the sweeps find what the dead worker held; leases of claims last minutes."""
    house.settle()
    for _ in range(2):
        house.passes(minutes=4)


def check_end(house: House, customer: LineClient | TelegramCustomer) -> None:
    """Nobody doubled, nothing lost."""
    lead = customer.lead
    assert (customer.card["phones"], customer.card["stageId"]) == (["+79161234567"], "IN_PROCESS")
    assert lead.status == Lead.Status.TAKEN
    assert Assignment.objects.count() == Consent.objects.count() == Lead.objects.count() == 1
    assert len(house.portal.leads()) == 1
    assert len(customer.timeline) == 1
    assert len(house.notices_of(lead.manager)) == 1
    assert len(house.cards_of(lead.manager)) + unknown_of(lead.manager.telegram_id if lead.manager else 0) >= 1
    assert not InboxEvent.objects.filter(handled_at=None).exists()
    assert not WriteBack.objects.exclude(status=WriteBack.Status.DONE).exists()


def unknown_of(external_id: object) -> int:
    """Return how many messages of a chat wait for an operator's decision."""
    return Message.objects.filter(chat__external_id=str(external_id), status=Message.Status.UNKNOWN).count()


@pytest.mark.parametrize(
    "step",
    [
        ("chat locked, not thought",),
        ("turn half written",),
        ("turn written, not committed",),
        ("turn committed, nobody nudged",),
        ("manager chosen, not committed",),
        ("write claimed, not written",),
        ("written, not recorded", "1"),
        ("written, not recorded", "2"),
        ("written, not recorded", "3"),
        ("written, not recorded", "4"),
        ("message recorded",),
    ],
    ids=" ".join,
)
def test_a_worker_killed_after_the_yes_leaves_an_exact_end(
    house: House, anna: TelegramCustomer, step: tuple[str, ...]
) -> None:
    anna.says("Здравствуйте")
    anna.says("8 916 123 45 67")
    anna.writes("да")
    house.clock.advance_seconds(3)
    assert run_worker(house, *step) == KILLED
    others_take_over(house)
    check_end(house, anna)
    assert sum(FAREWELL in text for text in anna.heard) == 1


@pytest.mark.parametrize("step", IN_FLIGHT)
def test_a_message_in_flight_is_unknown_and_never_sent_again(house: House, anna: TelegramCustomer, step: str) -> None:
    anna.says("Здравствуйте")
    anna.says("8 916 123 45 67")
    anna.writes("да")
    house.clock.advance_seconds(3)
    assert run_worker(house, step) == KILLED
    others_take_over(house)
    check_end(house, anna)
    unknown = Message.objects.filter(status=Message.Status.UNKNOWN)
    assert 1 <= unknown.count() <= 2, "what was in flight, to the customer or to the manager, waits for a human"
    assert not Message.objects.filter(status__in=Message.PENDING).exists()
    farewells = sum(FAREWELL in text for text in anna.heard)
    assert farewells == (1 if step == "message sent, not recorded" else 0)


@pytest.mark.parametrize(
    "step",
    [
        ("fetched, not stored",),
        ("stored, not yet heard",),
        ("noticed lead claimed, not looked at",),
        ("dialogue begun, look not settled",),
        ("turn written, not committed",),
        ("written, not recorded",),
    ],
    ids=" ".join,
)
def test_a_worker_killed_at_the_first_word_of_an_open_line_begins_one_dialogue(
    house: House, oleg: LineClient, step: tuple[str, ...]
) -> None:
    oleg.writes("Здравствуйте")
    house.clock.advance_seconds(3)
    assert run_worker(house, *step) == KILLED
    others_take_over(house)
    assert sum("Это помощник" in text for text in oleg.heard) == 1
    assert oleg.card["stageId"] == "OTKLIK_BOT"
    assert Lead.objects.count() == 1
    oleg.says("8 916 123 45 67")
    oleg.says("да")
    house.passes(minutes=4)
    check_end(house, oleg)


def test_a_lead_is_created_once_though_the_worker_died_after_creating_it(house: House, anna: TelegramCustomer) -> None:
    anna.writes("Здравствуйте")
    house.clock.advance_seconds(3)
    assert run_worker(house, "written, not recorded") == KILLED
    assert len(house.portal.leads()) == 1
    others_take_over(house)
    assert len(house.portal.leads()) == 1
    assert anna.card["stageId"] == "OTKLIK_BOT"


@pytest.mark.parametrize("step", [("timer stored, not marked",), ()], ids=["killed while firing", "restarted"])
def test_a_timer_set_before_a_restart_fires_once_after_it(
    house: House, anna: TelegramCustomer, step: tuple[str, ...]
) -> None:
    anna.says("Здравствуйте")
    house.clock.advance_seconds(11 * 60)
    assert run_worker(house, *step) == (KILLED if step else 0)
    house.settle()
    assert sum("Вы ещё здесь?" in text for text in anna.heard) == 1
