"""Small values of the engine: durations, variables, the state as JSON, messages joined into one."""

import json

import pytest

from dialogs.engine.durations import seconds_of
from dialogs.engine.effects import CancelTimers, Effect, Key, Say
from dialogs.engine.rendering import is_known, render, variables_in
from dialogs.engine.speech import joined, with_keyboard_put_away
from dialogs.engine.state import Mode, Pending, State, Thread
from dialogs.engine.texts import DEFAULT_TEXTS
from dialogs.engine.wordings import wordings_of

KEYS = ((Key("Да", data="a:yes"),),)
CONTACT = ((Key("📱", asks_contact=True),),)


@pytest.mark.parametrize(("text", "seconds"), [(90, 90), ("90s", 90), ("15m", 900), ("1.5h", 5400), (" 2D ", 172800)])
def test_durations_are_written_as_people_write_them(text: object, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5m", "5 weeks", None])
def test_anything_else_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="write seconds or 15m"):
        seconds_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Здравствуйте, {{customer.first_name}}!", "Здравствуйте!"),
        ("Адрес {{business.address}}.", "Адрес."),
        ("{{customer.first_name}}", ""),
        ("Вы из {{ business.name }}?", "Вы из Окон?"),
        ("Без переменных , но с пробелом", "Без переменных , но с пробелом"),
    ],
)
def test_a_missing_variable_leaves_no_hole(text: str, expected: str) -> None:
    assert render(text, {"business.name": "Окон"}) == expected


def test_variables_are_found_and_judged() -> None:
    assert list(variables_in("{{a}} и {{ value.b }}")) == ["a", "value.b"]
    assert is_known("customer.name") and is_known("value.x") and is_known("snippet.y") and not is_known("a")


def test_every_text_said_outside_steps_uses_known_variables_only() -> None:
    names = {name for wordings in DEFAULT_TEXTS.values() for text in wordings for name in variables_in(text)}
    assert all(is_known(name) for name in names)


def test_wordings_are_one_text_or_a_list() -> None:
    assert wordings_of("а") == ("а",) and wordings_of(["а", "", None, " б "]) == ("а", "б") and wordings_of(None) == ()


def test_a_state_survives_the_database_and_keys_of_a_newer_release() -> None:
    pending = Pending("phone", "+7", "+7", ("+8",), "1")
    state = State("a", 3, Mode.ENDED, "won", {"x": "y"}, 1, 2, ("б",), {"t": 1}, pending, pending, {"name": "А"}, True)
    assert State.from_json({**state.to_json(), "moods": 3}) == state
    assert State.from_json({}) == State()


def test_neighbouring_words_are_one_message_and_buttons_close_it() -> None:
    effects: list[Effect] = [Say("а"), CancelTimers(), Say("б", KEYS), Say("в"), Say("г")]
    assert joined(effects) == [Say("а\n\nб", KEYS), CancelTimers(), Say("в\n\nг")]


def test_a_keyboard_is_put_away_by_the_first_plain_words_once_it_is_not_wanted() -> None:
    said: list[Effect] = [Say("а", KEYS), Say("б"), Say("в")]
    away = (Say("а", KEYS), Say("б", hides_keyboard=True), Say("в"))
    assert with_keyboard_put_away(said, is_shown=True, still_wanted=False) == (away, False)
    assert with_keyboard_put_away(said, is_shown=True, still_wanted=True) == (tuple(said), True)
    assert with_keyboard_put_away(said, is_shown=False, still_wanted=False) == (tuple(said), False)
    assert with_keyboard_put_away([Say("а", CONTACT)], is_shown=False, still_wanted=True)[1]


def test_what_the_assistant_said_survives_the_database() -> None:
    state = State(assistant=Thread(3, waits=True, offer="offer_consult", shown=("case-1",), said=("Привет",)))
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state
