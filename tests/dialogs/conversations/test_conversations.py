"""Confused, busy, angry and ordinary customers, heard by the real reader and answered by the shipped script."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.engine.effects import Act, Effect, KeepContact, SettleLead
from dialogs.engine.state import Mode
from dialogs.first_reaction import shipped
from dialogs.simulator import Moment, Simulation, Simulator

FOLDER = Path(__file__).parent
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)  # a Monday, noon in Moscow
LONGEST = 900  # characters of one answer; nobody reads more


def conversations() -> list[Any]:
    return [
        pytest.param(path.stem, talk, id=f"{path.stem}: {talk['name']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for talk in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def simulator(key: str, channel: dict[str, bool]) -> Simulator:
    script, around = shipped(key, NOW)
    around = replace(around, is_open=channel.get("is_open", True))
    return Simulator(
        script, around, contact_button=channel.get("contact_button", False), buttons=channel.get("buttons", True)
    )


@pytest.mark.django_db  # the seller by rules takes its words from the library
@pytest.mark.parametrize(("key", "talk"), conversations())
def test_the_talk_goes_as_a_decent_person_would_let_it(key: str, talk: dict[str, Any]) -> None:
    simulated, sim = simulator(key, talk.get("channel", {})), Simulation(NOW)
    effects: list[Effect] = []
    before = ""
    for turn in talk["turns"]:
        sim, moments = simulated.write(sim, str(turn["me"]))
        said = "\n".join(say.text for moment in moments for say in moment.said)
        check_words(turn, said, before)
        check_manners(moments)
        before = said or before
        effects += [effect for moment in moments for effect in moment.effects]
    check_outcome(talk, sim, effects)


def check_words(turn: dict[str, Any], said: str, before: str) -> None:
    for words in turn.get("says", ()):
        assert str(words).casefold() in said.casefold(), turn["me"]
    for words in turn.get("never", ()):
        assert str(words).casefold() not in said.casefold(), turn["me"]
    assert not (turn.get("quiet") and said), turn["me"]
    if not str(turn["me"]).startswith(("+", "/")):
        assert said != before or not said, "the bot repeated itself word for word"


def check_manners(moments: list[Moment]) -> None:
    for moment in moments:
        assert len(moment.said) <= 2, "one turn is one answer, or two where buttons part them"
        for say in moment.said:
            assert "{{" not in say.text and len(say.text) <= LONGEST
            assert "  " not in say.text and " ," not in say.text and "!." not in say.text


def check_outcome(talk: dict[str, Any], sim: Simulation, effects: list[Effect]) -> None:
    ends = {Mode.TALKING: "open", Mode.HANDED_OVER: "human", Mode.ENDED: sim.state.outcome}[sim.state.mode]
    assert talk["ends"] in (ends, "any")
    if "keeps" in talk:
        assert {effect.field: effect.value for effect in effects if isinstance(effect, KeepContact)} == talk["keeps"]
    if "lead" in talk:
        assert [effect.outcome.value for effect in effects if isinstance(effect, SettleLead)][-1] == talk["lead"]
    notes = "\n".join(effect.params["text"] for effect in effects if isinstance(effect, Act) and effect.name == "note")
    for words in talk.get("notes", ()):
        assert str(words) in notes


def test_there_are_conversations_enough() -> None:
    assert len(conversations()) >= 60
