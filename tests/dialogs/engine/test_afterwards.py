"""After the end, and when others end it: thanks, late answers, new numbers, a closed lead, a blocked bot."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from dialogs.engine.effects import Act, CancelTimers, KeepContact, RecordConsent
from dialogs.engine.events import Alarm, Joined, LeadClosed, LeadOpened, Returned, Started, TakenOver, WentAway
from dialogs.engine.state import Mode
from dialogs.engine.texts import DEFAULT_TEXTS
from tests.dialogs.engine.play import HOURS, PHONE, Play, ask, card, gives, said, script

NEW = "+79031112233"


def captured() -> Play:
    play = Play().start().hear(gives()).says("да", "affirm")
    play.facts = replace(
        play.facts, has_consent=True, has_phone=True, variables={**play.facts.variables, "customer.phone": PHONE}
    )
    return play


def refused() -> Play:
    return Play().start().says("не дам", "refuses").says("нет", "deny")


def silent(**settings: Any) -> Play:
    return Play(script({"phone": ask(**settings)})).start().alarm("timeout")


# --- after success


@pytest.mark.parametrize("intent", ["thanks", "farewell", "insult", "is_bot", "question", "small_talk", "gibberish"])
def test_social_words_after_the_end_get_a_reply_and_no_question(intent: str) -> None:
    play = captured().says("слова", intent)
    assert play.text in DEFAULT_TEXTS[intent] and play.is_over


@pytest.mark.parametrize("intent", ["affirm", "deny", "emoji", "empty"])
def test_an_ok_after_the_end_needs_no_reply(intent: str) -> None:
    assert captured().says("ок", intent).effects == ()


def test_who_greets_after_the_end_is_greeted() -> None:
    assert captured().says("здравствуйте", "greeting").text == DEFAULT_TEXTS["greeting_after_end"][0]
    assert captured().says("вы тут?", "presence").text == DEFAULT_TEXTS["greeting_after_end"][0]


def test_a_question_after_the_end_is_answered_without_asking_anything() -> None:
    assert captured().says("часы?", "faq", faq=(HOURS,)).text == HOURS.answer


def test_news_after_the_end_go_to_the_manager() -> None:
    play = captured().says("ещё нужна дверь", "statement")
    assert play.notes == ["ещё нужна дверь"] and play.text in DEFAULT_TEXTS["after_end"]
    assert captured().hear(said("", "empty", media=("photo",))).text == DEFAULT_TEXTS["file"][0]


def test_when_to_ring_may_be_told_after_the_end() -> None:
    play = captured().says("после шести", "statement", time=dt.time(18))
    assert play.notes == ["Удобное время: сегодня в 18:00"] and "сегодня в 18:00" in play.text


def test_a_number_after_the_end_corrects_the_one_before() -> None:
    play = captured().hear(gives(NEW, shown="+7 903 111-22-33"))
    assert play.all_of(KeepContact) == [KeepContact("phone", NEW)]
    assert "+7 903 111-22-33" in play.text and not play.all_of(RecordConsent)
    assert Act("notify_managers", {"text": "Клиент прислал новый номер: +7 903 111-22-33"}) in play.effects
    assert captured().hear(card(NEW)).all_of(KeepContact) == [KeepContact("phone", NEW)]


def test_the_same_number_after_the_end_changes_nothing() -> None:
    assert not captured().hear(gives(shown_phones=())).all_of(KeepContact)


@pytest.mark.parametrize("event", [card("", own=True), card(own=False)])
def test_a_foreign_card_after_the_end_changes_nothing(event: Any) -> None:
    assert captured().hear(event).effects == ()


def test_a_number_after_the_end_is_not_stored_without_consent() -> None:
    play = captured()
    play.facts = replace(play.facts, has_consent=False)
    assert not play.hear(gives(NEW)).all_of(KeepContact)


def test_the_person_may_still_stop_be_erased_or_call_a_human() -> None:
    assert captured().says("стоп", "stop").outcome == "stopped"
    play = captured().says("удалите", "delete_data").says("да", "affirm")
    assert play.outcome == "erased"
    assert captured().says("человека", "asks_person").state.mode is Mode.HANDED_OVER
    assert "«Окна»" in captured().says("/help").text


def test_old_buttons_alarms_and_openings_after_success_are_nothing() -> None:
    assert captured().press("phone:yes").effects == ()
    assert captured().alarm("timeout").effects == ()
    assert captured().hear(Joined()).effects == ()


@pytest.mark.parametrize("event", [Started(), LeadOpened()])
def test_start_and_the_portal_begin_anew(event: Any) -> None:
    play = captured()
    play.facts = replace(play.facts, has_phone=False)
    assert play.hear(event).text == "Ваш номер?" and not play.is_over


# --- after a refusal


@pytest.mark.parametrize("intent", ["affirm", "thanks", "deny", "refuses", "insult", "emoji", "greeting", "empty"])
def test_a_respected_refusal_is_not_reopened_by_a_courtesy(intent: str) -> None:
    play = refused().says("ок", intent)
    assert play.is_over and "номер" not in play.text.casefold()


def test_a_question_after_a_refusal_is_answered_and_not_used_to_ask_again() -> None:
    play = refused().says("часы?", "faq", faq=(HOURS,))
    assert play.text == HOURS.answer and play.is_over


@pytest.mark.parametrize("event", [said("хочу окна", "wants"), said("а с кошкой?", "question"), gives()])
def test_who_wants_something_after_a_refusal_is_talked_to_again(event: Any) -> None:
    play = refused().hear(event)
    assert play.settled == [("reopened", "customer_came_back")] and not play.is_over
    assert play.state.refusals == 0


# --- after silence


@pytest.mark.parametrize("intent", ["affirm", "greeting", "statement", "faq"])
def test_any_answer_after_silence_takes_the_talk_up_again(intent: str) -> None:
    play = silent().says("да", intent)
    assert "reopened" in play.counted and "Ваш номер?" in play.text


@pytest.mark.parametrize("intent", ["thanks", "stop", "delete_data"])
def test_thanks_and_goodbye_after_silence_reopen_nothing(intent: str) -> None:
    assert "reopened" not in silent().says("слова", intent).counted


def test_a_shared_contact_or_an_old_button_after_silence_is_taken() -> None:
    play = silent().hear(card())
    assert play.outcome == "captured" and "Ваш номер?" not in play.text
    assert silent().press("phone:yes").text.startswith(DEFAULT_TEXTS["stale_button"][0])


def test_a_number_never_confirmed_is_held_until_the_person_comes_back() -> None:
    for answer in (("да, верно", "affirm"), ("👍", "affirm")):
        play = Play().start().hear(gives()).alarm("timeout")
        assert play.outcome == "silent" and "unconfirmed" in play.counted and play.state.unconfirmed is not None
        assert not play.all_of(KeepContact)
        play.says(*answer)
        assert play.all_of(KeepContact) == [KeepContact("phone", PHONE)] and play.outcome == "captured"
        assert play.state.unconfirmed is None
    assert Play().start().hear(gives()).alarm("timeout").press("phone:yes").outcome == "captured"


def test_an_unconfirmed_number_has_a_way_of_its_own() -> None:
    play = Play(script({"phone": ask(on_unconfirmed="done")})).start().hear(gives()).alarm("timeout")
    assert play.outcome == "captured" and not play.all_of(KeepContact)


def test_a_number_given_under_an_earlier_consent_needs_no_yes_when_silence_follows() -> None:
    play = Play(has_consent=True).start().hear(gives()).alarm("timeout")
    assert play.all_of(KeepContact) == [KeepContact("phone", PHONE)] and play.outcome == "captured"


# --- after stop


def test_who_wrote_stop_may_come_back_with_a_new_wish_but_not_by_thanks() -> None:
    play = Play().start().says("стоп", "stop")
    assert play.says("спасибо", "thanks").is_over
    assert play.says("хочу окна", "wants").state.mode is Mode.TALKING and "Ваш номер?" in play.text
    assert Play().start().says("стоп", "stop").hear(card()).outcome == "captured"


# --- ended by others


def test_a_lead_closed_in_the_crm_ends_the_talk() -> None:
    play = Play().start().hear(LeadClosed("phone_typed_in"))
    assert play.outcome == "lead_closed:phone_typed_in" and CancelTimers() in play.effects and not play.text
    assert play.hear(LeadClosed("again")).effects == ()
    assert Play().hear(LeadClosed("unknown")).effects == ()
    assert len(Play().start().hear(LeadClosed("x" * 90)).outcome) == 48


def test_who_blocks_the_bot_is_given_up() -> None:
    play = Play().start().hear(WentAway())
    assert play.settled == [("low_quality", "blocked_us")] and play.outcome == "blocked"
    assert Play().start().hear(TakenOver()).hear(WentAway()).outcome == ""


def test_a_talk_that_had_ended_before_the_human_spoke_stays_ended_when_it_is_given_back() -> None:
    play = Play().start().hear(LeadClosed("taken")).hear(TakenOver()).hear(Returned())
    assert play.outcome == "returned" and play.is_over and not play.text
    assert captured().hear(TakenOver()).hear(Returned()).outcome == "returned"


def test_a_takeover_before_anything_was_said_is_nothing() -> None:
    play = Play().hear(TakenOver())
    assert play.effects == (CancelTimers(),) and play.state.mode is Mode.TALKING


def test_alarms_after_the_end_are_deaf() -> None:
    play = refused()
    assert all(play.hear(Alarm(name, play.state.visit)).effects == () for name in ("timeout", "reminder:0", "later"))


def test_a_word_about_a_number_without_one_is_no_new_number() -> None:
    play = captured().says("да, тот же", "affirm", "gives_phone")
    assert not [effect for effect in play.effects if isinstance(effect, KeepContact)]
