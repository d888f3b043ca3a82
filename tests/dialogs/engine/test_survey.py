"""survey: questions, points, a segment and a persona; resumed, changed, and never spoilt by an odd press."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from dialogs.engine.effects import KeepSurveyAnswer, Qualify, Track
from dialogs.engine.scoring import Result, Scoring
from dialogs.engine.texts import DEFAULT_TEXTS
from tests.dialogs.engine.play import HOURS, Play, card, quiz, script

# Beside the survey there is a talk, so that presses may come while the dialogue stands elsewhere.
TALK = {
    "kind": "menu", "text": "О чём поговорим?", "choices": [{"key": "end", "text": "Всё", "next": "done"}],
    "timeout": "1d", "on_timeout": "silent",
}  # fmt: skip


def at_survey(**settings: Any) -> Play:
    return Play(script({"survey": quiz(**settings), "talk": TALK}, start="survey")).start()


def talking() -> Play:
    """Whoever has answered everything, and talks on."""
    return at_survey(next="talk").press("survey:q1:a").press("survey:q2:small")


def later(play: Play, **delta: float) -> Play:
    play.now += dt.timedelta(**delta)
    return play


def test_the_whole_survey_with_reactions_points_segment_and_persona() -> None:
    play = at_survey()
    assert play.text == "Два вопроса.\n\nОпыт?"
    assert [key.data for key in play.keys] == ["survey:q1:a", "survey:q1:b", "survey:q1:c"]
    play.press("survey:q1:c")
    assert play.text == "Опыт виден.\n\nСумма?"
    assert play.all_of(KeepSurveyAnswer) == [KeepSurveyAnswer("survey", "q1", "c", 4)]
    answer = {"survey": "survey", "question": "q1", "answer": "c", "points": "4"}
    assert Track("survey_answer", answer) in play.effects
    play.press("survey:q2:large")
    assert play.all_of(Qualify) == [Qualify("hot", 8, "investor")]
    assert "survey_done" in play.counted and play.outcome == "captured"
    kept = {name: play.state.values[name] for name in ("q1", "q2", "points", "segment", "persona")}
    assert kept == {"q1": "Каждый день", "q2": "Больше 100", "points": "8", "segment": "hot", "persona": "investor"}


@pytest.mark.parametrize(
    ("typed", "answer"), [("пробовал", "b"), ("2", "b"), ("ну немного", "b"), ("Каждый день!", "c")]
)
def test_answers_may_be_typed(typed: str, answer: str) -> None:
    assert at_survey().says(typed, "statement").all_of(KeepSurveyAnswer)[0].answer == answer


def test_where_there_are_no_buttons_the_answers_are_numbered() -> None:
    play = Play(script({"survey": quiz()}, start="survey"), buttons=False).start()
    assert play.text.endswith("Опыт?\n1. Никогда\n2. Пробовал\n3. Каждый день")


def test_what_fits_nothing_is_asked_again_and_a_question_of_the_library_answered() -> None:
    play = at_survey().says("ммм", "statement")
    assert play.text.startswith(DEFAULT_TEXTS["choose"][0]) and play.text.endswith("Опыт?")
    play = at_survey().says("часы?", "faq", faq=(HOURS,))
    assert play.text == f"{HOURS.answer}\n\nОпыт?" and play.state.tries == 0


def test_it_goes_on_after_days_where_it_stopped() -> None:
    play = later(at_survey().press("survey:q1:b"), days=2)
    play.says("Больше 100", "statement")
    assert play.all_of(Qualify) == [Qualify("hot", 6, "investor")]


def test_a_reminder_puts_the_open_question_again() -> None:
    play = at_survey().press("survey:q1:b").alarm("reminder:0")
    assert play.text == "Осталось немного.\n\nСумма?" and "survey:q2:small" in [key.data for key in play.keys]


def test_start_from_anywhere_resumes_with_what_was_answered() -> None:
    play = Play(script({"survey": quiz(), "talk": TALK}, start="survey", shortcuts={"chat": {"next": "talk"}}))
    play.start().press("survey:q1:b").press("chat")
    assert play.state.step == "talk"
    later(play, days=20).press("survey:start")
    assert play.text.startswith(DEFAULT_TEXTS["survey_resumed"][0]) and play.text.endswith("Сумма?")
    assert later(play, hours=1).press("survey:start").text.endswith("Сумма?"), "pressed in the midst, it goes on, too"


def test_the_last_answer_is_changed_by_its_button_or_in_words() -> None:
    pressed = at_survey().press("survey:q1:a").press("survey:back")
    for play in (pressed, at_survey().press("survey:q1:a").says("назад", "statement")):
        assert play.text == "Опыт?" and "q1" not in play.state.values
        assert "survey:back" not in [key.data for key in play.keys], "there is nothing before it"
        assert play.press("survey:q1:c").press("survey:q2:small").all_of(Qualify) == [Qualify("warm", 5, "trader")]


def test_an_older_question_s_button_changes_that_answer_while_the_survey_runs() -> None:
    play = at_survey().press("survey:q1:a").press("survey:q1:c")
    assert play.text == f"{DEFAULT_TEXTS['survey_changed'][0]}\n\nОпыт виден.\n\nСумма?"
    assert play.all_of(KeepSurveyAnswer) == [KeepSurveyAnswer("survey", "q1", "c", 4)]
    assert play.press("survey:q2:large").all_of(Qualify)[0].score == 8


def test_the_same_answer_again_changes_nothing() -> None:
    play = later(at_survey().press("survey:q1:c"), minutes=5).press("survey:q1:c")
    assert play.text == f"{DEFAULT_TEXTS['survey_same'][0]}\n\nСумма?" and not play.all_of(KeepSurveyAnswer)


def test_a_finger_that_presses_twice_is_heard_once() -> None:
    play = at_survey().press("survey:q1:c").press("survey:q1:c")
    assert play.effects == () and play.state.values["survey.q1"] == "c"


@pytest.mark.parametrize(
    "data", ["survey:q2:small", "survey:q9:a", "survey:q1:z", "survey:back", "survey:again", "survey:keep", "survey:"]
)
def test_a_button_that_was_never_offered_changes_nothing(data: str) -> None:
    play = at_survey().press(data)
    assert play.text.startswith(DEFAULT_TEXTS["stale_button"][0]) and play.text.endswith("Опыт?")
    assert not play.all_of(KeepSurveyAnswer) and not play.state.values


def test_when_all_is_answered_an_old_button_offers_to_do_it_again() -> None:
    play = talking()
    segment = play.state.values["segment"]
    later(play, days=30).press("survey:q1:c")
    assert play.text == f"{DEFAULT_TEXTS['survey_done'][0]}\nО чём поговорим?"
    assert play.keys[0].data == "survey:again" and play.state.step == "talk"
    assert play.state.values["segment"] == segment and not play.all_of(KeepSurveyAnswer)
    assert play.press("survey:keep").text.startswith(DEFAULT_TEXTS["survey_kept"][0])
    play.press("survey:again")
    assert play.state.step == "survey" and play.text.endswith("Опыт?") and "survey.q1" not in play.state.values


def test_started_again_after_the_end_it_asks_before_it_forgets() -> None:
    play = later(talking(), days=3).press("survey:start")
    assert play.text == DEFAULT_TEXTS["survey_done"][0]
    assert [key.data for key in play.keys] == ["survey:again", "survey:keep"]
    assert later(play, hours=1).press("survey:q1:c").text.startswith(DEFAULT_TEXTS["stale_button"][0])
    assert play.says("оставить как есть", "statement").state.step == "talk"
    play = talking().press("survey:start").says("да", "affirm")
    assert play.text.endswith("Опыт?") and "survey.q1" not in play.state.values
    assert talking().press("survey:start").press("survey:keep").state.step == "talk"


def test_an_answer_pressed_from_elsewhere_is_taken_and_the_survey_goes_on() -> None:
    raw = script({"survey": quiz(next="talk"), "talk": TALK}, start="survey", shortcuts={"chat": {"next": "talk"}})
    play = Play(raw).start().press("survey:q1:a").press("chat")
    later(play, days=1).press("survey:q1:c")
    assert play.state.step == "survey" and play.text.endswith("Сумма?") and play.state.values["survey.q1"] == "c"
    play = Play(raw).start().press("survey:q1:a").press("chat").press("survey:q2:large")
    assert play.state.step == "talk" and play.all_of(Qualify)[0].segment == "warm"
    forged = Play(raw).start().press("chat").press("survey:q2:large")
    assert forged.text.startswith(DEFAULT_TEXTS["stale_button"][0]) and forged.state.step == "talk"
    assert Play(raw).start().press("chat").press("survey:odd").text.startswith(DEFAULT_TEXTS["stale_button"][0])


def test_who_asks_for_later_is_asked_again_then() -> None:
    play = at_survey().says("позже", "later")
    assert "later" in play.timers
    assert play.alarm("later").text == "Опыт?"
    assert at_survey().hear(card()).text.endswith("Опыт?"), "a card answers nothing here"


def test_a_permanent_key_with_the_words_of_an_answer_leaves_them_to_the_survey() -> None:
    keys = {"menu": [{"text": "Пробовал", "data": "go"}], "shortcuts": {"go": {"next": "done"}}}
    play = Play(script({"survey": quiz()}, start="survey", **keys)).start().says("пробовал", "statement")
    assert play.state.values["survey.q1"] == "b"


def test_answers_of_an_earlier_version_that_are_no_more_are_asked_for() -> None:
    play = Play(script({"survey": quiz()}, start="survey"))
    play.state = type(play.state)(values={"survey.q1": "gone"})
    assert play.start().text.endswith("Опыт?")


def test_questions_without_an_answer_give_no_points() -> None:
    scoring = Scoring.parse(quiz())
    assert scoring.result({"q1": "c"}) == Result(4, "warm", "trader")
    assert scoring.result({}) == Result(0, "cold", "newcomer")
    assert Scoring.parse({}).result({}) == Result(0, "", "")


def test_answers_outlive_the_dialogue_and_nothing_else_does() -> None:
    play = at_survey().press("survey:q1:b")
    play.state = replace(play.state, values={**play.state.values, "payload": "vk", "phone": "+7"})
    assert play.script.lasting(play.state.values) == {"survey.q1": "b", "q1": "Пробовал"}
    assert set(play.script.lasting(talking().state.values)) >= {"segment", "points", "persona"}
