"""The simulator: a draft is talked to, time is skipped, and not a row is written."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.models import Place
from crm.models import ScheduleRule
from dialogs.engine.effects import KeepContact, Say
from dialogs.engine.script import load
from dialogs.engine.state import Mode
from dialogs.first_reaction import shipped
from dialogs.preset_loading import load_preset
from dialogs.simulator import Simulation, Simulator
from dialogs.surroundings import forget, look_around
from tests.dialogs.assistant.talk import SCRIPT

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def simulator() -> Simulator:
    script, around = shipped("first-contact", NOW)
    return Simulator(script, around)


def play(simulator: Simulator, *lines: str) -> Simulation:
    sim = Simulation(NOW)
    for line in lines:
        sim, _ = simulator.write(sim, line)
    return sim


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.django_db
def test_a_whole_dialogue_leaves_no_row_behind() -> None:
    scenario = load_preset("first-contact")
    assert scenario.current is not None
    forget()
    script, _ = shipped("first-contact", NOW)
    simulator, before = Simulator(script, look_around(NOW)), counts()
    with CaptureQueriesContext(connection) as queries:
        sim = play(
            simulator, "Здравствуйте", "позже", "+3h", "89161234567", "да", "удалите данные", "да", "/start", "стоп"
        )
    assert sim.state.mode is Mode.ENDED
    assert counts() == before
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


@pytest.mark.django_db
def test_the_scripted_assistant_answers_at_once_and_nothing_is_written() -> None:
    forget()
    simulator, before = Simulator(load(SCRIPT), look_around(NOW)), counts()
    sim = play(simulator, "/start")
    sim, moments = simulator.write(sim, "Боюсь потерять деньги")
    assert "Бояться нормально" in "".join(say.text for moment in moments for say in moment.said)
    assert not sim.state.assistant.waits
    assert counts() == before


def test_a_dialogue_is_a_value_that_survives_the_page(simulator: Simulator) -> None:
    sim = play(simulator, "Здравствуйте", "меня зовут Анна", "89161234567")
    again = Simulation.from_json(json.loads(json.dumps(sim.to_json())))
    assert again == sim and sim.timers
    assert simulator.write(again, "да")[0] == simulator.write(sim, "да")[0]


def test_time_is_skipped_and_timers_come_due_in_their_order(simulator: Simulator) -> None:
    sim, moments = simulator.write(play(simulator, "/start"), "+2h")
    assert [moment.what for moment in moments] == ["⏱ reminder:0", "⏱ reminder:1", "⏱ timeout"]
    assert [(moment.at - NOW).total_seconds() / 60 for moment in moments] == [10, 40, 60]
    assert sim.now - NOW == dt.timedelta(hours=2) and sim.state.outcome == "silent"


def test_a_press_a_contact_and_a_deep_link_are_played(simulator: Simulator) -> None:
    sim, moments = simulator.write(Simulation(NOW), "/start spring")
    assert sim.state.values["payload"] == "spring"
    assert moments[0].keys()[0].asks_contact
    sim, moments = simulator.write(sim, "!phone")
    assert sim.phone and sim.has_consent
    assert any(isinstance(effect, KeepContact) for effect in moments[0].effects)
    sim = play(simulator, "Здравствуйте", "89161234567", ">phone:yes")
    assert sim.phone == "+79161234567" and sim.state.values["phone"] == "+7 916 123-45-67"


def test_a_phone_that_begins_with_a_plus_is_no_skipped_time(simulator: Simulator) -> None:
    _, moments = simulator.write(play(simulator, "/start"), "+79161234567")
    assert "+7 916 123-45-67" in "".join(say.text for say in moments[0].effects if isinstance(say, Say))


def test_a_consultation_is_booked_moved_and_canceled_in_the_simulated_calendar() -> None:
    consult = {"kind": "booking", "text": "Когда?", "next": "over", "timeout": "1d", "on_timeout": "over"}
    script = load({"key": "c", "steps": {"consult": consult, "over": {"kind": "end", "outcome": "booked"}}})
    _, around = shipped("first-contact", NOW)
    simulator = Simulator(script, replace(around, rules=(ScheduleRule(title="Консультации"),)))
    sim, moments = simulator.write(Simulation(NOW), "/start")
    sim, moments = simulator.press(sim, moments[-1].keys()[0].data)
    sim, moments = simulator.press(sim, moments[-1].keys()[0].data)
    assert "вы записаны" in moments[-1].said[0].text and sim.appointment and sim.state.mode is Mode.ENDED
    assert Simulation.from_json(json.loads(json.dumps(sim.to_json()))) == sim
    sim, moments = simulator.press(sim, "consult:miss")
    assert sim.has_declined and "перенесём" in moments[-1].said[0].text
    sim, moments = simulator.press(sim, moments[-1].keys()[0].data)
    sim, moments = simulator.press(sim, moments[-1].keys()[1].data)
    assert "Перенесли" in moments[-1].said[0].text and not sim.has_declined
    sim, moments = simulator.press(sim, "consult:cancel")
    assert "отменена" in moments[-1].said[0].text and sim.appointment == ""


@pytest.mark.django_db
def test_a_whole_order_is_played_without_a_row() -> None:
    scenario = load_preset("coffee")
    assert scenario.current is not None
    Place.objects.update(schedule={}, holidays=[])
    forget()
    script, _ = shipped("coffee", NOW)
    simulator, before = Simulator(script, look_around(NOW, "coffee")), counts()
    said: list[str] = []

    def does(sim: Simulation, *texts: str) -> Simulation:
        for text in texts:
            sim, moments = simulator.write(Simulation.from_json(json.loads(json.dumps(sim.to_json()))), text)
            said.append("\n".join(say.text for moment in moments for say in moment.said))
        return sim

    sim = does(Simulation(NOW), "/start", "два капучино и круассан", "оформить", "Анна", ">checkout:ok")
    assert "Заказ № 1 принят" in said[-1] and sim.till["orders"]
    sim = does(sim, "где мой заказ?", "!making", "!ready")
    assert "Готовим заказ № 1" in said[-2] and "готов! Ждём вас" in said[-1]
    sim = does(sim, "!picked_up", "!ready", "повторить", ">checkout:ok", ">menu:oc:2", ">menu:ocy:2")
    assert "Заказ № 2 отменён" in said[-1] and not sim.till["orders"]
    assert counts() == before
