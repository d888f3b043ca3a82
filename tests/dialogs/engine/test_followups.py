"""What is said to who fell silent: when, how often, to whom not."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from dialogs.engine.effects import CancelTimers, StartTimer, Track, Unsubscribe
from dialogs.engine.events import PaymentTold, TakenOver
from dialogs.engine.followups import Followups
from dialogs.engine.problems import ScriptError
from dialogs.engine.script import load
from dialogs.engine.slots import Booked
from dialogs.engine.state import Mode
from dialogs.engine.validation import check
from tests.dialogs.engine.play import HOURS, NOW, Play, ask, gives, script

DAY = dt.timedelta(days=1)
GIVEN = (("Вчера вы спрашивали.", "Остались вопросы?"), ("Последнее напоминание.",))
PLAN: dict[str, Any] = {"messages": [{"after": "24h"}, {"after": "72h"}]}
NOVOSIBIRSK = dt.timezone(dt.timedelta(hours=7))


def silent(plan: dict[str, Any] | None = None, **facts: Any) -> Play:
    """Somebody who was asked for a phone and says nothing; `NOW` is noon in Moscow."""
    raw = script({"phone": ask(timeout="9d")}, followups=plan or PLAN, stop="stay")
    return Play(raw, **{"followups": GIVEN, **facts}).start()


def later(play: Play, number: int, hours: float) -> Play:
    play.now = NOW + dt.timedelta(hours=hours)
    return play.alarm(f"followup:{number}")


def test_a_silence_is_broken_after_a_day_and_after_three_each_time_with_something_else() -> None:
    play = silent()
    assert {name: after / DAY for name, after in play.timers.items()} == {
        "followup:0": 1,
        "followup:1": 3,
        "timeout": 9,
    }
    assert later(play, 0, 24).text == GIVEN[0][0] and play.counted == ["followed_up"]
    assert [key.data for key in play.keys] == ["stop"] and not play.timers, "the second is on its way already"
    assert later(play, 1, 72).text == GIVEN[1][0] and play.state.followups == 2
    assert play.all_of(Track)[0].payload == {"step": "phone", "number": "2"}


def test_a_word_of_the_person_begins_the_silence_anew() -> None:
    for words in (("часы?", "faq"), ("/help",), ("пока", "farewell"), ("ладно", "statement")):
        play = silent()
        visit = play.state.visit
        play.says(*words, faq=(HOURS,) if words[-1] == "faq" else ())
        assert play.timers["followup:0"] == DAY and play.alarm("followup:0", visit).effects == (), words


def test_who_asked_to_come_back_later_is_not_followed_before() -> None:
    assert not [name for name in silent().says("позже", "later").timers if name.startswith("followup")]


def test_an_answer_ends_them() -> None:
    play = silent(has_consent=True).hear(gives()).says("да", "affirm")
    assert play.is_over and later(play, 0, 24).effects == ()


def test_a_human_ends_them() -> None:
    play = silent().hear(TakenOver())
    assert play.state.mode is Mode.HANDED_OVER and later(play, 0, 24).effects == ()


def test_money_ends_them() -> None:
    play = silent().hear(PaymentTold("paid", "A1", "Курс", ("start",), "1 ₽"))
    assert later(play, 0, 24).effects == ()


@pytest.mark.parametrize(
    "facts",
    [{"booked": Booked(1, NOW + DAY)}, {"is_unsubscribed": True}, {"followups": ()}, {"followups": (("",), ("",))}],
)
def test_who_is_settled_or_has_left_hears_nothing(facts: dict[str, Any]) -> None:
    play = later(silent(**facts), 0, 24)
    assert play.text == "" and play.state.followups == 0


def test_who_will_not_come_to_their_appointment_is_written_to() -> None:
    assert later(silent(booked=Booked(1, NOW + DAY, is_declined=True)), 0, 24).text


def test_the_button_under_one_ends_them_and_so_does_a_stop() -> None:
    play = later(silent(), 0, 24)
    visit = play.state.visit
    play.press("stop")
    assert Unsubscribe() in play.effects and not play.is_over
    assert play.alarm("followup:1", visit).effects == () and CancelTimers in map(type, play.press("stop").effects)
    assert not later(silent(buttons=False), 0, 24).keys


@pytest.mark.parametrize(("most", "said"), [(1, 1), (2, 2), (5, 3)])
def test_there_are_at_most_so_many_in_a_dialogue_however_often_they_fall_silent(most: int, said: int) -> None:
    play = silent({**PLAN, "most": most})
    later(play, 0, 24)
    later(play, 1, 72)
    play.now = NOW + 4 * DAY
    play.says("я думаю", "statement")
    play.now = NOW + 5 * DAY
    play.alarm("followup:0")
    assert play.state.followups == said


# --- the night


@pytest.mark.parametrize(
    ("utc", "zone", "comes"),
    [
        ("2026-03-03T09:00Z", None, None),  # noon in Moscow
        ("2026-03-03T18:00Z", None, "2026-03-04T07:00Z"),  # nine in the evening
        ("2026-03-03T17:59Z", None, None),
        ("2026-03-03T22:00Z", None, "2026-03-04T07:00Z"),  # one in the night
        ("2026-03-03T06:59Z", None, "2026-03-03T07:00Z"),
        ("2026-12-31T20:00Z", None, "2027-01-01T07:00Z"),
        ("2026-03-03T15:00Z", NOVOSIBIRSK, "2026-03-04T03:00Z"),  # six in Moscow, ten at their place
        ("2026-03-03T04:00Z", NOVOSIBIRSK, None),
    ],
)
def test_nobody_is_written_to_in_their_night(utc: str, zone: dt.tzinfo | None, comes: str | None) -> None:
    play = silent(customer_zone=zone)
    play.now = dt.datetime.fromisoformat(utc)
    play.alarm("followup:0")
    waits = [effect.due_at for effect in play.all_of(StartTimer)]
    assert waits == ([] if comes is None else [dt.datetime.fromisoformat(comes)]) and bool(play.text) is (comes is None)
    if comes is not None:
        play.now = dt.datetime.fromisoformat(comes)
        assert play.alarm("followup:0").text == GIVEN[0][0], "in the morning it is said"


@pytest.mark.parametrize(
    ("quiet", "is_quiet"), [("", False), ("13:00–15:00", False), ("11:00-13:00", True), (None, False)]
)
def test_the_quiet_hours_are_the_editor_s(quiet: str | None, is_quiet: bool) -> None:
    play = silent({**PLAN, "quiet": quiet})
    assert bool(later(play, 0, 24).text) is not is_quiet


def test_after_a_stopped_machine_two_do_not_come_at_once() -> None:
    play = silent()
    assert later(play, 0, 100).text == GIVEN[0][0]
    assert later(play, 1, 100).text == "" and play.all_of(StartTimer)[0].due_at == play.now + DAY
    assert later(play, 1, 124).text == GIVEN[1][0]


# --- the editor's own words


def test_a_script_may_have_words_of_its_own() -> None:
    plan = {
        "messages": [{"after": "2h", "text": ["{{customer.first_name}}, вы здесь?", "Ау"]}, {"after": "1d"}],
        "most": 9,
    }
    play = silent(plan)
    assert later(play, 0, 2).text == "Анна, вы здесь?"
    assert later(play, 1, 24).text == GIVEN[1][0]


def test_a_step_that_reminds_by_itself_is_not_followed_up() -> None:
    raw = script({"phone": ask(reminders=[{"after": "10m", "text": "Ау"}])}, followups=PLAN)
    assert set(Play(raw).start().timers) == {"reminder:0", "timeout"}


def test_a_script_without_them_sets_no_timers() -> None:
    assert not [name for name in Play().start().timers if name.startswith("followup")]
    assert Play().start().alarm("followup:0").effects == ()


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"messages": [{"after": "3d"}, {"after": "1d"}]}, "late-reminder"),
        ({"messages": [{"after": 0}]}, "late-reminder"),
        ({**PLAN, "most": 0}, "bad-value"),
        ({"messages": [{"after": "1d", "text": "{{who.knows}}"}]}, "unknown-variable"),
    ],
)
def test_publishing_refuses_what_cannot_be_meant(plan: dict[str, Any], code: str) -> None:
    assert code in {problem.code for problem in check(load(script(followups=plan)))}
    assert check(load(script(followups=PLAN))) == []


UNREADABLE = (["24h"], {"texts": 1}, {**PLAN, "quiet": "ночью"}, {"messages": [{"after": "скоро"}]}, {"messages": [1]})


@pytest.mark.parametrize("plan", UNREADABLE)
def test_what_cannot_be_read_is_told(plan: Any) -> None:
    with pytest.raises(ScriptError, match="bad-value"):
        load(script(followups=plan))


def test_a_state_of_an_earlier_release_has_followed_nobody() -> None:
    state = silent().state
    assert replace(state, followups=1).to_json()["followups"] == 1 and Followups().timers() == {}
