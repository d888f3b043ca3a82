"""The reader as the engine uses it: several messages, open questions, hostile text."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.engine.reading import Intent
from dialogs.understanding.catalogue import default_entries
from dialogs.understanding.faq import FaqEntry
from dialogs.understanding.reader import Reader

READER = Reader(default_entries(), business_name="Окна Плюс")
TODAY = dt.date(2026, 3, 4)  # a Wednesday
TELLING = (
    "не",
    "номер",
    "дам",
    "сколько",
    "стоит",
    "вы",
    "бот",
    ",",
    ".",
    "?",
    "позовите",
    "8916",
    "да",
    "@",
    "*",
    ";",
    "'",
    "ytn",
)


def test_one_message_may_do_four_things() -> None:
    reading = READER.read(
        ["Здравствуйте! сколько стоит и где вы находитесь? мой номер 8 916 123-45-67, Анна"], today=TODAY
    )
    assert set(reading.intents) >= {Intent.GREETING, Intent.FAQ, Intent.GIVES_PHONE}
    assert [hit.key for hit in reading.faq] == ["price", "address"]
    assert reading.phones == ("+79161234567",)
    assert reading.shown_phones == ("+7 916 123-45-67",)


def test_a_number_begun_in_an_earlier_message_is_finished_in_this_one() -> None:
    reading = READER.read(["123-45-67"], earlier=["8 916"], asked="phone")
    assert reading.phones == ("+79161234567",)
    assert reading.has(Intent.GIVES_PHONE)


def test_a_number_of_an_earlier_message_is_not_given_again_by_a_thank_you() -> None:
    reading = READER.read(["спасибо"], earlier=["8 916 123-45-67"])
    assert reading.phones == ("+79161234567",)
    assert not reading.has(Intent.GIVES_PHONE)


def test_why_a_phone_is_none_is_told() -> None:
    assert READER.read(["мой номер 8 916 123"]).phone_reason == "too_short"
    assert READER.read(["привет"]).phone_reason is None


def test_a_call_back_has_its_day_and_hour() -> None:
    reading = READER.read(["перезвоните завтра в 18:30"], today=TODAY)
    assert reading.has(Intent.LATER, Intent.CALLBACK)
    assert (reading.date, reading.time) == (dt.date(2026, 3, 5), dt.time(18, 30))


def test_a_bare_word_is_a_name_only_when_the_name_was_asked() -> None:
    assert READER.read(["Гвинет"], asked="name").name == "Гвинет"
    assert READER.read(["Гвинет"]).name is None


def test_numbers_and_emails_come_with_the_reading() -> None:
    reading = READER.read(["нужно 2,5 метра, пишите на ivan@gmial.com"])
    assert reading.number == Decimal("2.5")
    assert (reading.email, reading.email_suggestion) == ("ivan@gmial.com", "ivan@gmail.com")


@pytest.mark.parametrize(
    "text",
    [
        "я не говорил что не дам номер",
        "я не отказываюсь давать номер",
        "не удаляйте мои данные",
        "не надо звать оператора",
    ],
)
def test_a_negation_turns_a_demand_round(text: str) -> None:
    assert not READER.read([text]).has(Intent.REFUSES, Intent.DELETE_DATA, Intent.ASKS_PERSON, Intent.STOP)


@pytest.mark.parametrize(
    "text",
    [
        "а рубль вырос?", "застрахуйте меня", "употребляю команду мандарин", "ребенок любит хлеб", "мебель в студию",
        "сабля и корабль", "потребуется скипидар", "учебник мудрый", "страхуйте груз", "колеблюсь немного", "тебе треба",
    ],
)  # fmt: skip
def test_decent_words_are_not_taken_for_swearing(text: str) -> None:
    assert not READER.read([text]).has(Intent.INSULT, Intent.FRUSTRATION)


@pytest.mark.parametrize("text", ["бл*ть", "п1здец", "xyйня", "нах@й", "п и з д е ц", "cyka", "сууука", "ебааать"])
def test_masked_swearing_is_seen_through(text: str) -> None:
    assert READER.read([text]).has(Intent.INSULT, Intent.FRUSTRATION)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error_and_means_something(text: str) -> None:
    reading = READER.read([text], today=TODAY, asked="name")
    assert reading.intents
    assert len(set(reading.intents)) == len(reading.intents)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(TELLING)))
def test_any_row_of_telling_words_is_read(words: list[str]) -> None:
    assert READER.read([" ".join(words)], today=TODAY).intents


def test_a_hostile_wall_of_text_is_read_within_a_fraction_of_a_second() -> None:
    for wall in (
        "не дам номер " * 5_000,
        "а" * 50_000,
        "1" * 50_000,
        "(" * 50_000,
        "a@" * 20_000,
        "в 5 " * 20_000,
        "х-" * 9_000,
    ):
        began = time.perf_counter()
        READER.read([wall], today=TODAY)
        assert time.perf_counter() - began < 2.0, wall[:10]


def test_without_any_faq_a_question_about_the_business_is_a_question() -> None:
    reading = Reader().read(["сколько стоит?"])
    assert reading.faq == ()
    assert reading.intents == (Intent.QUESTION,)


def test_no_faq_is_better_than_a_wrong_one() -> None:
    entries = (FaqEntry("screen", "Сколько стоит замена экрана?", "От 3000 ₽."),)
    reader = Reader(entries)
    assert [hit.key for hit in reader.read(["почем экран заменить"]).faq] == ["screen"]
    assert reader.read(["сколько стоит аккумулятор"]).faq == ()
    assert reader.read(["у меня разбит экран"]).faq == ()
