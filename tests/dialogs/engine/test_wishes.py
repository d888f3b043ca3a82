"""What the law grants at every step: silence, advertising only to who agreed to it, and what a human's presence does not stop."""

from typing import Any

import pytest

from dialogs.engine.effects import (
    Act,
    AskAssistant,
    CancelTimers,
    KeepContact,
    Purpose,
    RecordConsent,
    Say,
    SendOwnData,
    Subscribe,
    Unsubscribe,
)
from dialogs.engine.events import Overheard, Pressed, TakenOver
from dialogs.engine.problems import ScriptError
from dialogs.engine.reading import Reading
from dialogs.engine.script import load
from dialogs.engine.state import Mode
from dialogs.engine.texts import DEFAULT_TEXTS
from dialogs.engine.validation import check
from tests.dialogs.engine.play import PHONE, Play, ask, gives, script

WORDS = "согласие на рекламу компании «Окна»."
AGREED = RecordConsent(WORDS, "3", "Да, присылайте", Purpose.ADVERTISING)
CONSENT: dict[str, Any] = {
    "kind": "consent", "text": "Присылать скидки, {{customer.first_name}}?", "next": "done", "on_refusal": "refused",
    "timeout": "1h", "on_timeout": "silent",
}  # fmt: skip


def asked(**facts: Any) -> Play:
    return Play(script({"ads": CONSENT}, start="ads"), **facts).start()


# --- the consent to advertising


def test_words_about_something_else_are_heard_by_the_step_they_lead_to() -> None:
    talk = {"kind": "assistant", "text": "Слушаю.", "opens": True, "timeout": "1d", "on_timeout": "silent"}
    steps = {"ads": {**CONSENT, "tries": 1, "on_unclear": "talk"}, "talk": talk}
    play = Play(script(steps, start="ads")).start().says("а можно оплатить картой?", "question")
    assert play.state.step == "talk" and not play.all_of(RecordConsent)
    assert play.all_of(AskAssistant) and play.state.assistant.about == "а можно оплатить картой?"


def test_advertising_is_asked_for_by_itself_in_full_words_with_two_equal_buttons() -> None:
    play = asked()
    assert play.text.startswith("Присылать скидки, Анна?") and WORDS in play.text
    assert [key.data for key in play.keys] == ["ads:yes:3", "ads:no:3"] and play.timers
    assert not play.all_of(RecordConsent), "nothing is chosen beforehand"


def test_an_own_question_may_be_left_out() -> None:
    bare = {name: value for name, value in CONSENT.items() if name != "text"}
    assert Play(script({"ads": bare}, start="ads")).start().text.startswith(DEFAULT_TEXTS["advertising_ask"][0])


@pytest.mark.parametrize(
    ("answer", "given_by"),
    [(Pressed("ads:yes:3"), "Да, присылайте"), (("да, конечно", "affirm"), "да, конечно"), (("1", "number"), "1")],
)
def test_a_yes_is_kept_with_its_words_version_and_act(answer: Any, given_by: str) -> None:
    play = asked()
    play = play.hear(answer) if isinstance(answer, Pressed) else play.says(*answer)
    assert play.all_of(RecordConsent) == [RecordConsent(WORDS, "3", given_by, Purpose.ADVERTISING)]
    assert play.outcome == "captured" and play.counted[0] == "advertising_answered"


@pytest.mark.parametrize(
    "answer",
    [Pressed("ads:no:3"), ("не надо", "deny"), ("не хочу", "refuses"), ("2", "number"), ("да нет", "affirm", "deny")],
)
def test_a_no_is_respected_at_once(answer: Any) -> None:
    play = asked()
    play = play.hear(answer) if isinstance(answer, Pressed) else play.says(*answer)
    assert not play.all_of(RecordConsent) and play.outcome == "refused"
    assert play.text.startswith(DEFAULT_TEXTS["advertising_declined"][0])


def test_evasion_and_silence_are_no_consent() -> None:
    play = asked().says("а когда привезёте?", "question")
    assert WORDS in play.text and not play.outcome
    assert play.says("ну", "statement").outcome == "refused"
    assert asked().alarm("timeout").outcome == "silent"


def test_it_may_be_put_off_and_comes_back() -> None:
    play = asked().says("потом", "later")
    assert play.text == DEFAULT_TEXTS["later"][0]
    assert WORDS in play.alarm("later").text


def test_a_shared_contact_says_nothing_about_advertising() -> None:
    play = asked().hear(gives())
    assert not play.all_of(RecordConsent) and WORDS in play.text
    assert asked().alarm("nonsense").effects == ()


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"has_advertising_consent": True}, "captured"),
        ({"advertising_text": ""}, "refused"),
        ({"is_unsubscribed": True}, "refused"),
    ],
)
def test_who_agreed_or_left_is_not_asked_and_neither_is_anybody_without_words_to_agree_to(
    facts: dict[str, Any], outcome: str
) -> None:
    play = asked(**facts)
    assert play.outcome == outcome and WORDS not in play.text


def test_a_consent_to_one_thing_is_none_to_the_other() -> None:
    asks = script({"ads": CONSENT, "phone": ask()}, start="ads")
    play = Play(asks, has_consent=True).start().press("ads:yes:3")
    assert play.all_of(RecordConsent) == [AGREED]
    play = Play().start().hear(gives()).says("да", "affirm")
    assert [effect.purpose for effect in play.all_of(RecordConsent)] == [Purpose.PERSONAL_DATA]


def test_an_old_button_still_answers_unless_the_words_have_changed() -> None:
    play = Play().start().press("ads:yes:3")
    assert play.all_of(RecordConsent) == [AGREED] and play.state.step == "phone"
    assert not Play().start().press("ads:no:1").all_of(RecordConsent)
    play = Play().start().press("ads:yes:2")
    assert not play.all_of(RecordConsent) and WORDS in play.text, "today's words are shown instead"
    assert play.says("да", "affirm").all_of(RecordConsent)
    assert Play(advertising_text="").start().press("ads:yes:2").text.startswith(DEFAULT_TEXTS["stale_button"][0])
    assert not Play(has_advertising_consent=True).start().press("ads:yes:3").all_of(RecordConsent)


def test_an_old_button_works_after_the_end_too() -> None:
    play = asked().press("ads:no:3")
    assert play.is_over and play.press("ads:yes:3").all_of(RecordConsent) == [AGREED] and play.is_over


def test_a_consent_step_must_know_what_follows() -> None:
    raw = {"kind": "consent", "timeout": "1h", "on_timeout": "silent"}
    assert "dead-end" in {problem.code for problem in check(load(script({"ads": raw}, start="ads")))}
    assert check(load(script({"ads": CONSENT}, start="ads"))) == []


@pytest.mark.parametrize("circling", [CONSENT, ask(), ask(field="email")])
def test_what_may_be_passed_without_waiting_breaks_no_circle(circling: dict[str, Any]) -> None:
    steps = {"first": {**circling, "next": "tag"}, "tag": {"kind": "action", "action": "tag", "next": "first"}}
    codes = {problem.code for problem in check(load(script(steps, start="first")))}
    assert ("loop-without-input" in codes) is (circling.get("field") != "email")


def test_an_email_is_not_stored_without_consent_whatever_the_script_says() -> None:
    raw = script({"phone": ask(field="email", consent=False)})
    assert "no-consent" in {problem.code for problem in check(load(raw))}
    assert "даёте согласие" in Play(raw).start().says("a@b.ru", "gives_email", email="a@b.ru").text


# --- stop and come back


def test_a_script_that_stays_goes_on_answering_after_a_stop() -> None:
    play = Play(script(stop="stay")).start().says("/stop")
    assert Unsubscribe() in play.effects and CancelTimers() in play.effects and not play.settled and not play.is_over
    assert [key.data for key in play.keys] == ["subscribe"]
    play.facts = Play(is_unsubscribed=True).facts
    assert play.hear(gives()).text.startswith("Ваш номер +7 916")


def test_a_stop_is_heard_where_there_are_no_buttons() -> None:
    assert not Play(buttons=False).start().says("/stop").keys


@pytest.mark.parametrize("act", ["/subscribe", Pressed("subscribe")])
def test_who_comes_back_is_asked_about_advertising_anew(act: Any) -> None:
    play = Play(script(stop="stay"), is_unsubscribed=True).start()
    play = play.says(act) if isinstance(act, str) else play.hear(act)
    assert play.all_of(Subscribe) and WORDS in play.text
    assert play.says("да", "affirm").all_of(RecordConsent)


def test_an_answer_about_advertising_may_be_left_out_for_the_question_before_it() -> None:
    play = Play(script(stop="stay"), is_unsubscribed=True).start().says("/subscribe")
    play.hear(gives())
    assert "+7 916" in play.text and play.state.pending and play.state.pending.kind == "phone"


def test_a_reminder_does_not_take_another_question_for_its_own() -> None:
    raw = script({"phone": ask(reminders=[{"after": "5m", "text": "Вы здесь?"}])}, stop="stay")
    play = Play(raw).start().says("/subscribe")
    assert play.alarm("reminder:0").text == "Вы здесь?"


def test_who_never_left_and_agreed_long_ago_only_hears_that_all_is_well() -> None:
    play = Play(has_advertising_consent=True).start().says("/subscribe")
    assert play.text == DEFAULT_TEXTS["subscribed"][0] and not play.all_of(Subscribe)


def test_agreeing_to_advertising_after_a_stop_brings_the_messages_back() -> None:
    play = Play(is_unsubscribed=True).start().press("ads:yes:3")
    assert play.all_of(Subscribe) and play.all_of(RecordConsent) == [AGREED]


def test_the_clock_says_nothing_to_who_unsubscribed_but_what_they_asked_for() -> None:
    raw = script({"phone": ask(reminders=[{"after": "5m", "text": "Вы здесь?"}])}, stop="stay")
    play = Play(raw, is_unsubscribed=True).start()
    assert play.alarm("reminder:0").text == ""
    play.says("через час", "later")
    assert play.alarm("later").text, "they asked to be asked again"
    assert play.alarm("timeout").text == "" and play.outcome == "silent"


def test_a_script_knows_two_ways_to_stop() -> None:
    with pytest.raises(ScriptError, match="write one of: end, stay"):
        load(script(stop="never"))


# --- while a human has the word


def overheard(text: str, **facts: Any) -> Play:
    return Play(**facts).start().hear(TakenOver()).hear(Overheard(Reading(text)))


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("/stop", [Unsubscribe, Act]),
        ("/delete_me", [Act]),
        ("/my_data", [Act]),
        ("/subscribe", [Subscribe]),
        ("просто слова", []),
    ],
)
def test_a_wish_is_granted_or_passed_on_without_a_word(text: str, effects: list[type]) -> None:
    play = overheard(text, is_unsubscribed=text == "/subscribe")
    assert [kind for kind in map(type, play.effects) if kind in (Unsubscribe, Subscribe, Act, Say)] == effects
    assert play.state.mode is Mode.HANDED_OVER


def test_a_subscription_that_stands_is_left_alone() -> None:
    assert overheard("/subscribe").effects == ()


# --- deleting by the command


def test_the_command_asks_once_and_its_repeat_is_a_yes() -> None:
    play = Play(has_consent=True).start().says("/delete_me")
    assert play.text == DEFAULT_TEXTS["erase_ask"][0] and not play.is_over
    assert play.says("/delete_me").outcome == "erased" and PHONE not in str(play.state)


def test_what_we_keep_is_sent_and_the_question_stays_open() -> None:
    play = Play().start().says("/my_data")
    assert play.all_of(SendOwnData) == [SendOwnData(DEFAULT_TEXTS["own_data"][0])] and play.state.step == "phone"
    assert play.state.tries == 0


def test_a_number_given_to_the_human_reaches_the_card_under_a_consent_given_before() -> None:
    said_to_human = Overheard(Reading("мой +7 916 123-45-67", phones=(PHONE,), shown_phones=("+7 916 123-45-67",)))
    play = Play(has_consent=True).start().hear(TakenOver()).hear(said_to_human)
    assert play.all_of(KeepContact) == [KeepContact("phone", PHONE)] and "916 123" in play.notes[0] and not play.text
    assert not Play().start().hear(TakenOver()).hear(said_to_human).all_of(KeepContact), (
        "without consent nothing is stored"
    )
    known = Play(has_consent=True, variables={"customer.phone": PHONE}).start().hear(TakenOver())
    assert not known.hear(said_to_human).all_of(KeepContact)
