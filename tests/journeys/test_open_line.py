"""The first product whole, in a portal's open line: from the customer's first word to a manager with a number, or to "junk".

Everything but the clock and the scheduler is real: the portal answers over HTTP, events are fetched, turns taken, messages
delivered, the portal told. `Town.goes_on` does what the beat and the nudges would.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from bot.delivery import Drain
from bot.models import Channel, Chat, Message
from bot.nudges import broker
from bot.recording import cancel_stale_epochs
from crm import rotation
from crm.bitrix24 import polling, review, writeback
from crm.bitrix24.connecting import connect_portal
from crm.bitrix24.fetching import fetch_portals
from crm.bitrix24.transport import close_shared
from crm.models import Lead, Manager, Portal, RemoteLead, WriteBack
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from dialogs.timers import fire_due
from dialogs.turn import take_turns
from tests.emulators.bitrix24 import PortalServer, Said, orders

pytestmark = pytest.mark.django_db(transaction=True)
IVAN, MARIA = 2, 3


class Town:
    """The portal, our house beside it, and time that can be skipped."""

    def __init__(self, portal: PortalServer) -> None:
        self.portal = portal
        self.ahead = dt.timedelta()
        load_preset("first-contact")
        forget()
        self.ours = connect_portal(webhook_url=portal.webhook_url, scenario_key="first-contact").portal
        for name, bitrix_id in (("Иван Петров", IVAN), ("Мария Кузнецова", MARIA)):
            Manager.objects.create(name=name, bitrix_id=bitrix_id)

    def clock(self) -> dt.datetime:
        """Return the house's time: two seconds ahead, so that quick messages have been gathered."""
        return timezone.now() + self.ahead + dt.timedelta(seconds=2)

    def skip(self, **delta: float) -> None:
        """Let time pass for the house; the portal's request bucket empties too."""
        self.ahead += dt.timedelta(**delta)
        self.portal.limits.clear()
        broker().flushdb()

    def goes_on(self, *, rounds: int = 4, poll: bool = False) -> None:
        """Do what the beat and the nudges would do, a few times over."""
        for _ in range(rounds):
            self.skip(seconds=6)
            if poll:
                polling.poll_portals()
            fetch_portals()
            review.review_noticed(clock=self.clock)
            fire_due(self.clock())
            take_turns(clock=self.clock)
            Message.objects.filter(status=Message.Status.QUEUED).update(send_after=timezone.now())
            Drain(seconds=5, linger=0).run()
            rotation.assign_waiting(clock=self.clock)
            writeback.drain(clock=self.clock)
        cancel_stale_epochs()

    def client_says(self, text: str, user_id: str = "77", **more: Any) -> Said:
        """A customer writes in Telegram, which the portal's open line is connected to."""
        said = self.portal.client_says("telegrambot", 1, user_id, text, name="Олег Смирнов", **more)
        self.goes_on()
        return said

    def heard(self, said: Said) -> list[str]:
        """Return what the customer has read from the bot."""
        return [row["text"] for row in self.portal.outbox(said.user_code) if row["by"] == "bot"]

    def lead(self, said: Said) -> dict[str, Any]:
        """Return the customer's lead as it stands in the portal."""
        return self.portal.lead(self.portal.chat(said.chat_id)["leadId"])


@pytest.fixture
def town(settings: Settings) -> Iterator[Town]:
    settings.INBOX_READY_TASK = settings.OUTBOX_READY_TASK = "crm.tasks.review_leads"  # `goes_on` wakes everybody
    with PortalServer() as portal:
        yield Town(portal)
        close_shared()


def untroubled() -> bool:
    """Return whether every write reached the portal."""
    return set(WriteBack.objects.values_list("status", flat=True)) <= {WriteBack.Status.DONE}


def test_a_customer_gives_a_number_and_a_manager_is_told(town: Town) -> None:
    said = town.client_says("Здравствуйте, сколько стоят окна?")
    assert town.lead(said)["stageId"] == town.ours.bot_stage
    assert town.lead(said)["assignedById"] == town.ours.technical_user_id
    assert "номер телефона" in town.heard(said)[-1]
    town.client_says("пишите на 8 (916) 123-45-67, после шести")
    assert "+7 916 123-45-67" in town.heard(said)[-1]
    town.client_says("да")

    lead = town.lead(said)
    assert lead["phones"] == ["+79161234567"]
    assert lead["stageId"] == town.ours.success_stage
    assert lead["assignedById"] == IVAN
    assert town.portal.chat(said.chat_id)["owner"] == IVAN
    [notice] = town.portal.notifications(IVAN)
    assert "Вам назначен новый лид с контактом" in notice["text"]
    assert "сколько стоят окна" in town.portal.timeline(lead["id"])[0]
    assert Lead.objects.get().status == Lead.Status.TAKEN
    assert untroubled()


def test_two_leads_at_once_go_to_two_managers(town: Town) -> None:
    first, second = town.client_says("Добрый день"), town.client_says("Привет", user_id="88")
    for number, user_id in (("89161234567", "77"), ("89167654321", "88")):
        town.client_says(number, user_id=user_id)
        town.client_says("да", user_id=user_id)

    assert {town.lead(first)["assignedById"], town.lead(second)["assignedById"]} == {IVAN, MARIA}
    assert town.lead(first)["phones"] == ["+79161234567"]
    assert town.lead(second)["phones"] == ["+79167654321"]
    assert untroubled()


def test_a_silent_customer_ends_in_junk_and_comes_back(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    before = len(town.heard(said))
    town.skip(minutes=11)
    town.goes_on()
    assert len(town.heard(said)) == before + 1, "one reminder"
    town.skip(minutes=30)
    town.goes_on()
    town.skip(minutes=30)
    town.goes_on()
    assert town.lead(said)["stageId"] == town.ours.low_quality_stage
    assert Lead.objects.get().status == Lead.Status.LOW_QUALITY

    town.skip(hours=3)
    late = town.client_says("Извините, был занят. 8 916 123-45-67")
    town.client_says("да")
    assert town.lead(late)["phones"] == ["+79161234567"]
    assert town.lead(late)["stageId"] == town.ours.success_stage


def test_a_customer_who_refuses_is_let_go(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    for _ in range(2):
        town.client_says("не хочу давать номер")
    assert town.lead(said)["phones"] == []
    assert Lead.objects.get().status in Lead.REOPENABLE
    assert town.lead(said)["stageId"] in (town.ours.low_quality_stage, town.ours.review_stage)


def test_an_operator_who_steps_in_silences_the_bot_at_once(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    before = town.heard(said)
    town.portal.operator_takes(said.chat_id, MARIA)
    town.client_says("Ау, вы тут? Мой номер 8 916 123-45-67")
    town.skip(hours=2)
    town.goes_on(poll=True)

    assert town.heard(said) == before
    assert Chat.objects.get().speaker == Chat.Speaker.MANAGER
    assert town.lead(said)["assignedById"] == MARIA


def test_a_number_typed_in_by_an_employee_ends_the_dialogue_politely(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    town.portal.update_lead(said.lead_id, phone="+7 916 123-45-67")
    town.goes_on(poll=True)

    assert town.heard(said)[-1] == "Спасибо! Ваш номер уже у менеджера — он скоро с вами свяжется."
    assert town.lead(said)["assignedById"] == IVAN
    assert town.lead(said)["phones"] == ["+7 916 123-45-67"]
    town.skip(hours=2)
    town.goes_on()
    assert town.heard(said)[-1].startswith("Спасибо!"), "no reminder after the goodbye"


def test_a_deleted_lead_ends_the_dialogue_without_a_word(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    before = town.heard(said)
    town.portal.delete_lead(said.lead_id)
    town.goes_on(poll=True)
    town.skip(hours=2)
    town.goes_on()

    assert town.heard(said) == before
    assert Lead.objects.get().status == Lead.Status.CANCELED


@pytest.mark.parametrize(
    "trouble",
    [
        orders.query_limit(times=3),
        orders.operation_time_limit(times=1, match="crm.item.update"),
        orders.act_then_drop(times=1, match="crm.item.update"),
        orders.act_then_drop(times=1, match="crm.timeline.comment.add"),
        orders.bad_gateway(times=2, match="crm.item.update"),
        orders.moved("https://new.bitrix24.ru/rest/1/x/", times=1, match="crm.item"),
        orders.drop(times=2, match="crm.item.get"),
    ],
)
def test_a_troubled_portal_gets_everything_once_in_the_end(town: Town, trouble: Any) -> None:
    said = town.client_says("Здравствуйте")
    town.client_says("8 916 123-45-67")
    town.portal.faults.order(trouble)
    town.client_says("да")
    for _ in range(4):
        town.skip(minutes=6)
        town.goes_on()

    lead = town.lead(said)
    assert lead["phones"] == ["+79161234567"]
    assert (lead["stageId"], lead["assignedById"]) == (town.ours.success_stage, IVAN)
    assert len(town.portal.timeline(lead["id"])) == 1
    assert len(town.portal.notifications(IVAN)) == 1
    assert untroubled()


def test_a_lead_whose_dialogue_had_ended_is_written_to_in_its_old_chat(town: Town) -> None:
    line = town.portal.store["lines"][1]
    line["WELCOME_BOT_ENABLE"] = "N"
    said = town.portal.client_says("vkgroup", 1, "99", "Есть кто?", name="Олег")
    town.portal.finish_chat(said.chat_id)
    town.goes_on(poll=True)

    assert "номер телефона" in town.heard(said)[-1]
    town.portal.client_says("vkgroup", 1, "99", "8 916 123-45-67")
    town.goes_on()
    town.portal.client_says("vkgroup", 1, "99", "да")
    town.goes_on()
    assert town.lead(said)["phones"] == ["+79161234567"]
    assert town.portal.chat(said.chat_id)["owner"] == IVAN


def test_everything_is_found_once_however_often_it_is_noticed(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    Channel.objects.update(cursor="")
    for _ in range(3):
        town.goes_on(poll=True)
    assert (Lead.objects.count(), RemoteLead.objects.count(), Portal.objects.count()) == (1, 1, 1)
    assert len(town.portal.leads()) == 1
    assert len(town.heard(said)) == len(set(town.heard(said)))


def test_the_bots_last_words_are_said_before_the_chat_is_given_away(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    town.client_says("8 916 123-45-67")
    town.client_says("да")

    assert "менеджер" in town.heard(said)[-1]
    assert not Message.objects.filter(status=Message.Status.CANCELED).exists()
    assert town.portal.chat(said.chat_id)["owner"] == IVAN


def test_a_managers_customer_who_comes_back_goes_straight_to_the_manager(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    town.client_says("8 916 123-45-67")
    town.client_says("да")
    town.portal.finish_chat(said.chat_id)  # Ivan is done
    town.skip(days=30)
    words = len(town.heard(said))
    town.client_says("Здравствуйте, это снова я")

    assert len(town.heard(said)) == words, "the bot has nothing more to ask"
    assert town.portal.chat(said.chat_id)["owner"] == IVAN
    assert Lead.objects.get().status == Lead.Status.TAKEN


def test_a_customer_whose_manager_has_no_account_in_the_portal_is_met_by_the_bot(town: Town) -> None:
    said = town.client_says("Здравствуйте")
    town.portal.operator_takes(said.chat_id, MARIA)
    town.client_says("Мария?")
    Manager.objects.all().delete()
    town.portal.finish_chat(said.chat_id)
    town.client_says("Сколько стоит окно?")
    assert Chat.objects.get().speaker == Chat.Speaker.BOT
