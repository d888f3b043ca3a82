"""What screening does beside the rules of the file: disguises, contacts, swearing, buttons."""

import base64
import time

import pytest

from dialogs.safety.screening import Verdict, screen
from tests.dialogs.safety.scoring import cases

PROMISE = "Гарантируем доход"


@pytest.mark.parametrize(
    "disguised",
    [
        "Г а р а н т и р у е м  д о х о д",
        "Г.а.р.а.н.т.и.р.у.е.м доход",
        "Га-ран-ти-ру-ем до-ход",
        "Гaрaнтиpyем дoxoд",  # Latin letters
        "Гарант\u200bируем до\u00adход",
        "Гара́нтируем дохо́д",
        "ГАРАНТИРУЕМ 🔥 ДОХОД 🔥",
        "Г4рантируем д0ход",
        "Гар@нтируем д*ход",
        "Гараантируеем дохооод",
        "гарантируемдоход",
        "гаран тируем при быль",
        "гарантеруем прибль",
        "garantiruem dohod",
        "ufhfynbhetv ghb,skm",
        "𝐆𝐮𝐚𝐫𝐚𝐧𝐭𝐞𝐞𝐝 𝐩𝐫𝐨𝐟𝐢𝐭",
        "gu4r4nteed pr0fit",
        PROMISE[::-1],
        base64.b64encode(PROMISE.encode()).decode(),
        "&#1043;арантируем доход",
    ],
)
def test_a_disguised_promise_is_seen_through(disguised: str) -> None:
    assert not screen(disguised).is_allowed


@pytest.mark.parametrize(
    "text",
    [
        "Ученик Иван Петров, +7 916 555-44-33",
        "Пишите ему на ivan.petrov@mail.ru",
        "Карта клиента 4276 3800 1234 5678",
        "Паспорт 4510 123456",
        "СНИЛС 112-233-445 95",
        "client phone: +1 202 555 0143",
    ],
)
def test_data_of_other_people_is_not_told(text: str) -> None:
    assert "personal_data" in screen(text).rules


@pytest.mark.parametrize(
    "text",
    [
        "Ваш номер +7 916 555-44-33, всё верно?",
        "Например, +7 916 123-45-67",
        "Звоните 8 800 555-35-35, звонок бесплатный",
        "Почта школы info@school.ru",
        "Заказ № 4276380012345678",
        "Курс стоит 49 000 рублей",
    ],
)
def test_ours_the_customers_own_and_samples_may_be_told(text: str) -> None:
    assert screen(text).is_allowed


def test_contacts_named_as_own_may_be_told() -> None:
    text = "Менеджер Ольга: +7 495 111-22-33, olga@firm.ru"
    assert not screen(text).is_allowed
    assert screen(text, own_contacts=["+74951112233", "olga@firm.ru"]).is_allowed


def test_swearing_is_never_ours_and_innocent_words_are() -> None:
    assert screen("Вы что, дурак?").rules == ("toxicity",)
    assert not screen("Да пошёл ты нахуй").is_allowed
    assert screen("Колебания рынка небезопасны, дебит с кредитом не сошёлся").is_allowed


def test_a_payment_may_be_confirmed_when_the_till_knows_it() -> None:
    text = "Оплата получена, доступ открыт!"
    assert screen(text).rules == ("payment_claim",)
    assert screen(text, is_paid=True).is_allowed


def test_buttons_are_screened_too() -> None:
    assert screen("Выберите", buttons=["Записаться", "Хочу гарантированный доход 20% в месяц"]).verdict is Verdict.BLOCK


def test_the_same_reply_always_gets_the_same_replacement() -> None:
    assert screen(PROMISE) == screen(PROMISE)


def test_any_text_is_screened_without_an_error() -> None:
    for text in ("", " ", "\n\n", "?", "{{", "x" * 20_000, "1" * 5_000, "а " * 5_000, "\x00\ud83d", "٪" * 50):
        screen(text)


def test_a_reply_takes_a_few_milliseconds() -> None:
    texts = [case.text for case in cases()]
    for text in texts:
        screen(text)
    begun = time.process_time()
    for text in texts:
        screen(text)
    assert (time.process_time() - begun) / len(texts) < 0.005


def test_a_link_or_a_latin_name_hides_nothing() -> None:
    innocent = (
        "С таким решением спешить и не надо. Эксперт посмотрит на вашу схему, а думать вы будете уже с ней.\n\n"
        "Как устроена программа — по неделям. Расписание, задания, кто проверяет и за сколько, что остаётся после конца. "
        "С примером проверенной работы, чтобы вы видели уровень замечаний. https://school.example.ru/program"
    )
    for text in (
        innocent,
        innocent.replace("https://school.example.ru/program", "Это «Портфель PRO»."),
        f"{innocent} BTC.",
    ):
        assert screen(text).fired == ()
