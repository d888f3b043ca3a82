"""booking: days, times, people's own words, and presses that are old or forged."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dialogs.engine.effects import Act, Book, Say
from dialogs.engine.events import Said
from dialogs.engine.script import load
from dialogs.engine.slots import moment_words, until_words
from dialogs.engine.validation import check
from tests.dialogs.engine.consultations import (
    CUSTOM,
    MOSCOW,
    SLOTS,
    STANDING,
    YEKATERINBURG,
    at,
    begin,
    facts_with,
    labels,
    news,
    step,
    text,
)
from tests.dialogs.engine.play import NOW, Play, card, said, script

# --- the happy road


def test_two_days_then_the_times_of_one_then_it_is_booked_told_and_the_talk_goes_on() -> None:
    play = begin()
    assert play.text == "Когда вам удобно?"
    assert [(key.text, key.data) for key in play.keys] == [
        ("Вт, 3 марта", "consult:date:2026-03-03"),
        ("Ср, 4 марта", "consult:date:2026-03-04"),
        (CUSTOM, "consult:custom"),
    ]
    play.press("consult:date:2026-03-04")
    assert play.text == "среда, 4 марта. Какое время удобно? Время московское."
    assert [key.data for key in play.keys] == [*(f"consult:time:{hour}:00" for hour in (14, 16, 18)), "consult:custom"]
    play.press("consult:time:14:00")
    assert play.all_of(Book) == [Book(at(4, 14))] and play.text == ""
    play.hear(news())
    assert play.text == "Готово, вы записаны: среда, 4 марта, 14:00 (МСК). Заранее напомню.\nСпасибо!"
    assert labels(play) == ["Перенести", "Отменить запись"]
    assert play.all_of(Say)[0].invite == 7
    assert play.state.values["consult"] == "среда, 4 марта, 14:00 (МСК)" and play.is_over
    assert "booking_booked" in play.counted and ("wanted", "booked") in play.settled


def test_the_customer_s_own_clock_stands_beside_moscow_s_when_it_differs() -> None:
    play = begin(customer_zone=YEKATERINBURG).press("consult:date:2026-03-04")
    assert labels(play)[0] == "14:00 (у вас 16:00)"
    assert "14:00 (МСК; у вас 16:00)" in play.press("consult:time:14:00").hear(news()).text
    play = begin(customer_zone=ZoneInfo("Europe/Minsk")).press("consult:date:2026-03-04")
    assert labels(play)[0] == "14:00", "the same time needs no second name"


@pytest.mark.parametrize(
    ("zone", "theirs", "words"),
    [
        (MOSCOW, None, "четверг, 31 декабря, 23:30 (МСК)"),
        (MOSCOW, ZoneInfo("Asia/Vladivostok"), "четверг, 31 декабря, 23:30 (МСК; у вас 1 января, 06:30)"),
        (ZoneInfo("Asia/Yekaterinburg"), None, "четверг, 31 декабря, 23:30 (UTC+5)"),
        (ZoneInfo("America/St_Johns"), None, "четверг, 31 декабря, 23:30 (UTC−3:30)"),
    ],
)
def test_a_moment_is_said_with_its_zone(zone: dt.tzinfo, theirs: dt.tzinfo | None, words: str) -> None:
    assert moment_words(dt.datetime(2026, 12, 31, 23, 30, tzinfo=zone), NOW, theirs) == words


def test_another_year_is_named() -> None:
    assert moment_words(at(11, 12, 1).replace(year=2027), NOW) == "понедельник, 11 января 2027 года, 12:00 (МСК)"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(15, "через 15 минут"), (1, "через 1 минуту"), (3, "через 3 минуты"), (11, "через 11 минут"), (0, ""), (61, "")],
)
def test_how_soon_it_is_said_in_minutes(minutes: int, words: str) -> None:
    assert until_words(NOW + dt.timedelta(minutes=minutes), NOW) == words


# --- people's own words


@pytest.mark.parametrize(
    ("found", "proposes"),
    [
        ({"date": dt.date(2026, 3, 4), "time": dt.time(16)}, "среда, 4 марта, 16:00 (МСК)"),
        ({"time": dt.time(12)}, "вторник, 3 марта, 12:00 (МСК)"),  # the first day that has it
        (
            {"date": dt.date(2026, 3, 3), "span": (dt.time(17), dt.time(22)), "time": dt.time(19)},
            "вторник, 3 марта, 18:00 (МСК)",
        ),
    ],
)
def test_one_free_time_named_in_words_is_read_back_and_booked_on_a_yes(found: dict[str, Any], proposes: str) -> None:
    play = begin().press("consult:custom")
    assert play.text == text("booking_custom") and labels(play) == ["Показать ближайшие дни"]
    play.says("тогда-то", "statement", **found)
    assert play.text == f"Записываю: {proposes}. Всё верно?"
    assert [key.data for key in play.keys] == ["consult:confirm", "consult:custom"]
    assert play.press("consult:confirm").all_of(Book)


def test_a_yes_in_words_confirms_and_a_no_asks_again() -> None:
    play = begin().says("в среду в 16", date=dt.date(2026, 3, 4), time=dt.time(16))
    assert play.says("нет", "deny").text == text("booking_custom")
    play.says("в среду в 16", date=dt.date(2026, 3, 4), time=dt.time(16))
    assert play.says("да", "affirm").all_of(Book) == [Book(at(4, 16))]


@pytest.mark.parametrize(
    ("found", "says", "offers"),
    [
        ({"date": dt.date(2026, 3, 4), "time": dt.time(15, 30)}, "booking_busy", ["14:00", "16:00", "18:00"]),
        ({"date": dt.date(2026, 3, 4), "time": dt.time(12)}, "booking_busy", ["14:00", "16:00", "18:00"]),  # taken
        ({"date": dt.date(2026, 3, 4), "span": (dt.time(13), dt.time(17))}, "", ["14:00", "16:00"]),
        ({"date": dt.date(2026, 3, 4), "span": (dt.time(8), dt.time(11))}, "booking_busy", ["14:00", "16:00", "18:00"]),
        ({"date": dt.date(2026, 3, 6)}, "", ["12:00", "14:00", "16:00", "18:00"]),
        ({"time": dt.time(7, 30)}, "booking_busy", ["12:00", "14:00", "16:00", "18:00"]),
        ({"span": (dt.time(15), dt.time(23, 59))}, "", ["16:00", "18:00"]),
        ({"date": dt.date(2026, 3, 1)}, "booking_past", ["Вт, 3 марта", "Ср, 4 марта"]),
        ({"date": dt.date(2026, 3, 5), "time": dt.time(12)}, "booking_day_none", ["Ср, 4 марта", "Пт, 6 марта"]),
        ({"date": dt.date(2026, 12, 31)}, "booking_far", ["Ср, 4 марта", "Пт, 6 марта"]),
    ],
)  # fmt: skip
def test_what_is_not_free_is_said_and_the_nearest_offered(found: dict[str, Any], says: str, offers: list[str]) -> None:
    play = begin().press("consult:custom").says("тогда-то", "statement", **found)
    assert labels(play) == [*offers, CUSTOM]
    if says:
        assert text(says).partition("{{")[0].rstrip(": ") in play.text


def test_a_bare_number_is_a_day_then_an_hour() -> None:
    play = begin().says("4", "number", number=4)
    assert play.text.startswith("среда, 4 марта.")
    assert "16:00" in play.says("16", "number", number=16).text
    assert "среда, 4 марта, 18:00" in begin().says("4", number=4).says("6", number=6).text
    assert begin().says("17", "number", number=17).text.startswith(text("booking_bad"))
    assert begin().press("consult:date:2026-03-04").says("99", number=99).text.startswith(text("booking_bad"))


def test_a_time_without_a_day_belongs_to_the_day_looked_at() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:custom")
    assert "среда, 4 марта, 16:00" in play.says("в четыре", time=dt.time(16)).text


@pytest.mark.parametrize("words", ["нет подходящего варианта", "мне не подходит", "давайте другое время"])
def test_nothing_fits_in_words(words: str) -> None:
    assert begin().says(words, "statement").text == text("booking_custom")


def test_any_time_will_do() -> None:
    assert "вторник, 3 марта, 12:00" in begin().says("любое время", "statement").text


def test_later_postpones_and_asks_again() -> None:
    play = begin().says("потом", "later")
    assert "later" in play.timers
    assert play.alarm("later").text == "Когда вам удобно?"


def test_what_is_not_understood_is_said_and_the_question_comes_back() -> None:
    play = begin(step(tries=2, on_unclear="refused")).says("слон", "statement")
    assert play.text == f"{text('booking_bad')}\n\nКогда вам удобно?"
    assert play.says("слон", "statement").outcome == "refused"
    assert begin().hear(card()).text.endswith("Когда вам удобно?")


def test_a_question_aside_brings_back_what_was_asked_last() -> None:
    play = begin().press("consult:date:2026-03-04").says("спасибо", "thanks")
    assert labels(play)[0] == "14:00"
    play.says("в среду в 16", date=dt.date(2026, 3, 4), time=dt.time(16))
    assert play.says("спасибо", "thanks").text.endswith("Всё верно?")
    assert play.press("consult:custom").says("спасибо", "thanks").text.endswith(text("booking_custom"))


def test_the_first_words_may_name_the_time_already() -> None:
    play = Play(script({"consult": step()}, start="consult"), slots=SLOTS, time_zone=MOSCOW)
    play.hear(said("запишите в среду в 16", "wants", date=dt.date(2026, 3, 4), time=dt.time(16)))
    assert "среда, 4 марта, 16:00" in play.text
    play = Play(script({"consult": step()}, start="consult"), slots=SLOTS, time_zone=MOSCOW)
    assert labels(play.hear(said("добрый день", "greeting")))[0] == "Вт, 3 марта"


# --- channels without buttons


def test_where_there_are_no_buttons_lines_are_numbered_and_numbers_understood() -> None:
    play = begin(buttons=False)
    assert play.text == f"Когда вам удобно?\n1. Вт, 3 марта\n2. Ср, 4 марта\n3. {CUSTOM}"
    assert play.says("3", "number").text == text("booking_custom")
    play = begin(buttons=False).says("2", "number")
    assert "2. 16:00" in play.text
    assert play.says("9", "number").text.startswith(text("booking_bad"))
    assert play.says("2", "number").all_of(Book) == [Book(at(4, 16))]
    play = begin(buttons=False).says("в среду в 16", date=dt.date(2026, 3, 4), time=dt.time(16))
    assert play.says("2", "number").text == text("booking_custom")
    play.says("в среду в 16", date=dt.date(2026, 3, 4), time=dt.time(16))
    assert play.says("1", "number").all_of(Book)
    assert begin(buttons=False, booked=STANDING).says("1", "number").text.startswith(text("booking_bad"))


# --- old, forged and double presses


@pytest.mark.parametrize(
    "data", ["consult:date:2026-13-45", "consult:date:", "consult:time:99:99", "consult:time:1", "consult:odd"]
)
def test_a_forged_button_changes_nothing(data: str) -> None:
    play = begin().press(data)
    assert not play.all_of(Book)
    assert play.text.startswith(text("stale_button")) and "Когда вам удобно?" in play.text


def test_a_day_that_is_full_by_now_is_told_and_others_are_offered() -> None:
    play = begin().press("consult:date:2026-03-05")
    assert "свободного времени в этот день нет" in play.text and labels(play)[0] == "Вт, 3 марта"


def test_a_time_of_no_day_is_asked_for_from_the_beginning() -> None:
    play = begin().press("consult:time:14:00")
    assert labels(play)[0] == "Вт, 3 марта" and not play.all_of(Book)


def test_after_two_days_were_looked_at_the_time_is_read_back_first() -> None:
    play = begin().press("consult:date:2026-03-03").press("consult:date:2026-03-04").press("consult:time:14:00")
    assert not play.all_of(Book) and "среда, 4 марта, 14:00" in play.text
    assert play.press("consult:confirm").all_of(Book) == [Book(at(4, 14))]


def test_a_time_that_is_gone_is_told_and_the_rest_of_the_day_offered() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:time:12:00")
    assert play.text.startswith(text("booking_taken")) and labels(play)[0] == "14:00"
    play = begin().says("в среду в 16", date=dt.date(2026, 3, 4), time=dt.time(16))
    play.facts = facts_with(play, slots=tuple(slot for slot in SLOTS if slot.date.day != 4))
    assert labels(play.press("consult:confirm")) == ["Вт, 3 марта", "Пт, 6 марта", CUSTOM]


def test_pressed_twice_it_is_booked_once() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:time:14:00")
    for data in ("consult:time:14:00", "consult:confirm", "consult:date:2026-03-03", "consult:custom"):
        assert play.press(data).effects == ()
    assert play.says("ну что?", "statement").text == text("booking_slow")


def test_confirm_without_anything_to_confirm_tells_what_stands_or_offers() -> None:
    assert labels(begin().press("consult:confirm"))[0] == "Вт, 3 марта"
    assert begin(booked=STANDING).press("consult:confirm").text.endswith("Вы записаны: среда, 4 марта, 14:00 (МСК).")


# --- being checked


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"text": ""}, "empty-text"),
        ({"next": ""}, "dead-end"),
        ({"timeout": 0}, "missing-timeout"),
        ({"next": "gone"}, "unknown-step"),
    ],
)
def test_a_step_that_cannot_work_is_not_published(settings: dict[str, Any], code: str) -> None:
    assert code in [problem.code for problem in check(load(script({"consult": step(**settings)}, start="consult")))]


def test_a_key_too_long_for_a_button_is_not_published() -> None:
    key = "c" * 60
    assert "long-key" in [problem.code for problem in check(load(script({key: step()}, start=key)))]
    assert isinstance(said(), Said)


# --- the customer's own clock


def test_who_names_their_clock_is_shown_it_from_then_on_and_it_is_kept() -> None:
    play = begin().hear(said("я в Екатеринбурге", zone=YEKATERINBURG))
    assert play.all_of(Act) == [Act("set_time_zone", {"zone": "Asia/Yekaterinburg"})]
    assert play.text.startswith(text("booking_zone"))
    play.facts = facts_with(play, customer_zone=YEKATERINBURG)
    play.hear(said("и ещё раз: я в Екатеринбурге", zone=YEKATERINBURG))
    assert not play.all_of(Act), "it is known"
    assert "у вас 16:00" in play.press("consult:date:2026-03-04").keys[0].text


def test_an_hour_named_by_their_clock_is_that_hour() -> None:
    words = said("4 марта в 16:00 по Екатеринбургу", zone=YEKATERINBURG, date=dt.date(2026, 3, 4), time=dt.time(16))
    assert "14:00 (МСК; у вас 16:00)" in begin().hear(words).text
    later = said("в 16:00 по Екатеринбургу", zone=YEKATERINBURG, time=dt.time(16))
    assert "14:00 (МСК; у вас 16:00)" in begin().press("consult:date:2026-03-04").hear(later).text
    offset = said("у меня +2 к Москве", zone=YEKATERINBURG, number=Decimal(2))
    assert text("booking_zone") in begin().press("consult:date:2026-03-04").hear(offset).text
