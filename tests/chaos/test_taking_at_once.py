"""Promise 4 in the managers' chat: truly concurrent presses, on connections of their own and through the door."""

from collections import Counter
from functools import partial

import httpx
import pytest

from bot.errors import Refused
from bot.models import Chat, InboxEvent, Message
from crm import desk, offers, rotation
from crm.models import Assignment, Event, Lead, Manager, Takeover
from crm.offers import Result
from dialogs.turn import take_turns
from tests.chaos.test_races import at_once
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import IVAN_TELEGRAM, MARIA_TELEGRAM, TOKEN, House
from tests.journeys.managers import Managers, choose_leads_themselves, leaves_number


@pytest.fixture
def managers(house: House) -> Managers:
    """Ivan and Maria choose their leads in their group."""
    return choose_leads_themselves(house)


def leads_of_guests(house: House, count: int) -> list[Lead]:
    """Several customers leave their numbers."""
    people = [TelegramCustomer(house, f"Гость {number}", user_id=900 + number) for number in range(count)]
    return [leaves_number(person, f"8 916 123 45 6{number}") for number, person in enumerate(people)]


def test_of_eight_presses_on_eight_connections_one_wins_and_seven_are_kept(house: House, managers: Managers) -> None:
    team = [Manager.objects.create(name=f"М{number}", telegram_id=2_000 + number) for number in range(8)]
    for lead in leads_of_guests(house, 3):
        results = at_once(*[partial(offers.take, lead.pk, one, key=f"press{one.pk}") for one in team])
        assert Counter(press.result for press in results) == {Result.WON: 1, Result.LOST: 7}
        [winner] = [one for one, press in zip(team, results, strict=True) if press.result is Result.WON]
        assert Assignment.objects.get(lead=lead, ended_at=None).manager == winner
        assert {press.holder for press in results} == {winner}, "everybody learns who"
        assert Event.objects.filter(type="lead.take_lost", payload__lead=lead.pk).count() == 7
    house.settle()
    assert not any("Взять" in label for message in managers.room for label in message.labels), "every card is gone"


def test_two_presses_through_the_door_at_the_same_instant_and_four_workers(house: House, managers: Managers) -> None:
    for number, lead in enumerate(leads_of_guests(house, 3)):
        at_once(*[partial(post_press, house, lead, who, 900_000 + number * 10 + who) for who in (1, 2)])
        assert InboxEvent.objects.filter(handled_at=None, kind="press").count() == 2
        at_once(*[lambda: take_turns(clock=house.clock)] * 4)
        house.settle()
        assert Assignment.objects.filter(lead=lead).count() == 1
        lead.refresh_from_db()
        lost = Event.objects.get(type="lead.take_lost", payload__lead=lead.pk)
        assert {lead.manager.name if lead.manager else "", lost.payload["by"]} == {"Иван", "Мария"}
        line = Message.objects.filter(text=f"✅ Заявку № {lead.pk} ведёт {lead.manager}")
        assert line.exclude(extras__has_key="act").count() == 1, "said once"
    assert len(managers.private(IVAN_TELEGRAM)) + len(managers.private(MARIA_TELEGRAM)) == 3, "one card a lead"


def post_press(house: House, lead: Lead, who: int, update_id: int) -> None:
    """Post a press as Telegram would, on a connection of its own."""
    manager = (IVAN_TELEGRAM, MARIA_TELEGRAM)[who - 1]
    query = {
        "id": str(update_id),
        "from": {"id": manager, "is_bot": False, "first_name": "М"},
        "chat_instance": "-1",
        "data": f"lead:take:{lead.pk}",
        "message": {"message_id": 1, "date": 0, "chat": {"id": -100_500, "type": "supergroup", "title": "Отдел"}},
    }
    secret = {"X-Telegram-Bot-Api-Secret-Token": str(house.bot.webhook_secret)}
    url = f"{house.url}/telegram/webhook"
    answer = httpx.post(url, json={"update_id": update_id, "callback_query": query}, headers=secret, trust_env=False)
    assert answer.status_code == 200, TOKEN


def test_a_press_and_the_rotation_at_the_same_instant_give_the_lead_once(house: House, managers: Managers) -> None:
    house.rotates = False
    maria = Manager.objects.get(name="Мария")
    for lead in leads_of_guests(house, 4):
        at_once(
            partial(offers.take, lead.pk, maria, key="press"),
            partial(rotation.assign, lead.pk, now=house.clock()),
        )
        assert Assignment.objects.filter(lead=lead, ended_at=None).count() == 1
    house.settle()
    assert not any("Взять" in label for message in managers.room for label in message.labels)


def test_two_who_open_one_dialogue_at_the_same_instant_are_one_takeover(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)

    def open_it(name: str) -> str:
        manager = Manager.objects.get(name=name)
        try:
            desk.take_over(Lead.objects.get(pk=lead.pk), by=name, manager=manager, is_mirrored=True)
        except Refused:
            return "refused"
        return "opened"

    for _ in range(4):
        results = at_once(partial(open_it, "Иван"), partial(open_it, "Мария"))
        assert sorted(results) == ["opened", "refused"]
        assert Takeover.objects.filter(chat=anna.chat, ended_at=None).count() == 1
        desk.give_back(lead, by="Иван")


def test_a_customers_word_and_a_managers_opening_do_not_wait_for_each_other(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)
    managers.take(IVAN_TELEGRAM)
    for number in range(4):
        anna.writes(f"вопрос {number}")
        house.telegram.presses(TOKEN, IVAN_TELEGRAM, None, f"lead:open:{lead.pk}", forged=True)
        house.take_mail_in()
        house.clock.advance_seconds(4)
        at_once(*[lambda: take_turns(clock=house.clock)] * 4)
        house.settle()
        assert anna.chat.speaker == Chat.Speaker.MANAGER
        desk.give_back(lead, by="Иван")
        house.settle()
    assert not InboxEvent.objects.exclude(error="").exists(), "no deadlock, nothing tried twice"
