"""An appointment that stands: moved, canceled, told of wherever the dialogue stands."""

import datetime as dt
from typing import Any

import pytest

from dialogs.engine.effects import Attend, Book, CancelBooking, Finish
from dialogs.engine.events import BookingOutcome, BookingTold, Returned, TakenOver
from dialogs.engine.slots import Booked
from dialogs.engine.state import Mode
from tests.dialogs.engine.consultations import (
    MOSCOW,
    SLOTS,
    STANDING,
    at,
    begin,
    facts_with,
    labels,
    news,
    step,
    text,
)
from tests.dialogs.engine.play import Play, script

# --- an appointment that stands


def test_who_has_an_appointment_is_told_of_it_and_asked_what_to_do() -> None:
    play = begin(booked=STANDING)
    assert play.text == "Вы записаны: среда, 4 марта, 14:00 (МСК)."
    assert labels(play) == ["Всё в силе", "Перенести", "Отменить запись"]
    assert play.says("слон", "statement").text.endswith("14:00 (МСК).")
    assert begin(booked=STANDING).press("consult:keep").outcome == "captured"
    assert begin(booked=STANDING).says("да, всё верно", "affirm").outcome == "captured"
    assert begin().press("consult:keep").text.startswith(text("stale_button"))


def test_moving_takes_the_same_road_and_names_what_it_replaces() -> None:
    play = begin(booked=STANDING).press("consult:reschedule")
    assert labels(play)[0] == "Вт, 3 марта"
    play.press("consult:date:2026-03-06").press("consult:time:12:00")
    assert play.all_of(Book) == [Book(at(6, 12), moves=7)]
    assert "Перенесли вашу запись: пятница, 6 марта" in play.hear(news(BookingOutcome.MOVED, at(6, 12))).text


def test_moving_when_nothing_is_free_leaves_it_as_it_was() -> None:
    play = begin(booked=STANDING, slots=()).press("consult:reschedule")
    assert play.text.startswith(text("booking_none")) and play.outcome == "captured"


def test_moving_in_words_that_name_the_new_time_goes_straight_there() -> None:
    play = begin(booked=STANDING).says("перенесите на пятницу в 12", date=dt.date(2026, 3, 6), time=dt.time(12))
    assert "пятница, 6 марта, 12:00" in play.text


def test_canceling_is_done_told_and_may_lead_on() -> None:
    play = begin(booked=STANDING).press("consult:cancel")
    assert play.all_of(CancelBooking) == [CancelBooking(7)]
    play.facts = facts_with(play, booked=None)
    play.hear(news(BookingOutcome.CANCELED))
    assert play.text == text("booking_canceled") and labels(play) == ["Выбрать время"] and not play.is_over
    assert play.press("consult:cancel").text == text("booking_nothing")
    play = begin(step(on_cancel="refused"), booked=STANDING).press("consult:cancel")
    assert play.hear(news(BookingOutcome.CANCELED)).outcome == "refused"


def elsewhere(**facts: Any) -> Play:
    """Stand at the phone's question, with the booking step elsewhere in the script."""
    choices = [{"key": "c", "text": "Запись", "next": "consult"}]
    menu = {"kind": "menu", "text": "Куда?", "timeout": "1d", "on_timeout": "silent", "choices": choices}
    raw = script({"consult": step(), "where": menu}, start="phone")
    return Play(raw, **{"slots": SLOTS, "time_zone": MOSCOW, "booked": STANDING, **facts}).start()


# --- from anywhere else


def test_news_and_reminders_come_whatever_the_talk_is_about_and_change_nothing_in_it() -> None:
    play = elsewhere()
    play.now = at(4, 14) - dt.timedelta(minutes=15)
    play.hear(news(BookingOutcome.REMINDER))
    assert play.text == "Напоминаю о консультации: через 15 минут, среда, 4 марта, 14:00 (МСК). Придёте?"
    assert [key.data for key in play.keys] == ["consult:come", "consult:miss"]
    assert play.state.step == "phone"
    assert "Нам пришлось перенести" in play.hear(news(BookingOutcome.MOVED_BY_US, at(6, 12))).text
    assert play.state.values["consult"].startswith("пятница")
    assert "консультация отменена" in play.hear(news(BookingOutcome.CANCELED_BY_US)).text
    assert labels(play) == ["Выбрать время"] and play.state.step == "phone"


def test_i_will_come() -> None:
    play = elsewhere().press("consult:come")
    assert play.all_of(Attend) == [Attend(7, comes=True)] and "ждём вас: среда" in play.text
    assert elsewhere().says("приду", "statement").all_of(Attend) == [Attend(7, comes=True)]


@pytest.mark.parametrize(
    "words", ["не приду", "Не смогу прийти", "простите, не получится быть завтра на созвоне", "не смогу"]
)
def test_i_will_not_come_leads_to_other_times_at_once(words: str) -> None:
    for play in (elsewhere().press("consult:miss"), elsewhere().says(words, "statement")):
        assert play.all_of(Attend) == [Attend(7, comes=False)]
        assert play.text.startswith(text("booking_missed")) and labels(play)[0] == "Вт, 3 марта"
        play.press("consult:date:2026-03-06").press("consult:time:12:00")
        assert play.all_of(Book) == [Book(at(6, 12), moves=7)]
        play.hear(news(BookingOutcome.MOVED, at(6, 12)))
        assert play.state.step == "phone", "the talk goes on where it was"


def test_at_its_own_step_the_same_words_do_the_same() -> None:
    assert begin(booked=STANDING).says("не приду", "statement").all_of(Attend) == [Attend(7, comes=False)]


def test_who_had_declined_and_comes_after_all_asks_for_the_place_again() -> None:
    declined = Booked(7, at(4, 14), is_declined=True)
    play = elsewhere(booked=declined).press("consult:come")
    assert play.all_of(Book) == [Book(at(4, 14), moves=7)]
    assert labels(begin(booked=declined))[0] == "Вт, 3 марта"


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("перенесите, пожалуйста", None),
        ("отмените мою запись", CancelBooking(7)),
        ("запись отмените", CancelBooking(7)),
    ],
)
def test_the_appointment_is_spoken_of_in_words(words: str, effect: Any) -> None:
    play = elsewhere().says(words, "statement")
    assert (effect in play.effects) if effect else (labels(play)[0] == "Вт, 3 марта")


@pytest.mark.parametrize("words", ["не буду ничего покупать", "не приду", "отмените"])
def test_without_an_appointment_the_same_words_mean_something_else(words: str) -> None:
    assert elsewhere(booked=None).says(words, "statement").all_of(Attend) == []
    assert not elsewhere().says("не буду платить", "statement").all_of(Attend)


def test_old_buttons_pressed_elsewhere_tell_what_stands_or_begin_anew() -> None:
    play = elsewhere().press("consult:time:14:00")
    assert play.text.startswith("Вы записаны:") and play.state.step == "phone"
    play = elsewhere(booked=None).press("consult:date:2026-03-04")
    assert labels(play)[0] == "14:00" and play.state.step == "consult"
    assert labels(elsewhere(booked=None).press("consult:confirm"))[0] == "Вт, 3 марта"
    assert labels(elsewhere(booked=None).press("consult:date:odd"))[0] == "Вт, 3 марта"
    assert elsewhere().press("consult:odd").text.startswith(text("stale_button"))
    play = elsewhere(booked=None).press("consult:miss")
    assert play.text == text("booking_nothing") and play.state.step == "phone"


def test_after_the_end_the_appointment_can_still_be_moved_and_the_end_stays() -> None:
    play = begin(booked=STANDING).press("consult:keep")
    assert play.is_over
    assert play.press("consult:come").all_of(Attend) and play.is_over
    play.press("consult:reschedule")
    assert play.state.mode is Mode.TALKING
    play.press("consult:date:2026-03-06").press("consult:time:12:00").hear(news(BookingOutcome.MOVED, at(6, 12)))
    assert play.is_over and play.state.outcome == "captured" and play.all_of(Finish)
    assert play.hear(news(BookingOutcome.REMINDER)).text.startswith("Напоминаю")


def test_while_a_human_speaks_the_bot_tells_nothing_and_then_says_what_stands() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:time:14:00").hear(TakenOver())
    assert play.hear(news()).effects == ()
    play.facts = facts_with(play, booked=STANDING)
    assert play.hear(Returned()).text.startswith("Вы записаны:")


def test_a_script_without_a_booking_step_still_tells_the_news_without_buttons() -> None:
    play = Play(script(), time_zone=MOSCOW).start()
    assert play.hear(news(BookingOutcome.CANCELED_BY_US)).text.startswith("К сожалению") and play.keys == []
    assert play.hear(news(BookingOutcome.REMINDER)).text.startswith("Напоминаю") and play.keys == []
    assert play.hear(BookingTold(BookingOutcome.SLOTS)).effects == ()
    assert play.press("consult:come").text.startswith(text("stale_button"))


def test_news_for_a_dialogue_that_has_not_begun_are_not_said() -> None:
    assert Play(script({"consult": step()}, start="consult")).hear(news()).effects == ()
