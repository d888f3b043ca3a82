"""Names, e-mails, numbers and dates in what people type."""

import datetime as dt
from decimal import Decimal

import pytest

from dialogs.understanding.dates import find_date, find_time
from dialogs.understanding.emails import find_email
from dialogs.understanding.names import find_name
from dialogs.understanding.numbers import find_number

TODAY = dt.date(2026, 3, 4)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("меня зовут Анна", "Анна"), ("Меня зовут иван петров", "Иван Петров"), ("это Лена", "Лена"), ("Я Сергей", "Сергей"),
        ("Иван Петров", "Иван Петров"), ("Мария Ивановна", "Мария Ивановна"), ("Анна, 8 916 123-45-67", "Анна"),
        ("Здравствуйте, это Павел", "Павел"), ("my name is John", "John"), ("зовите меня Саша", "Саша"), ("анна", "Анна"),
        ("Ольга Сергеевна Крылова", "Ольга Сергеевна Крылова"), ("menya zovut Anna", "Anna"), ("Вера", "Вера"),
        ("Анна-Мария", "Анна-Мария"), ("меня зовут Джамшут", "Джамшут"), ("Алексей 89265554433", "Алексей"),
    ],
)  # fmt: skip
def test_a_name_is_found(text: str, name: str) -> None:
    assert find_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "привет", "как вас зовут?", "не скажу", "дурак", "я на работе", "это безобразие", "я хочу заказать", "цена", "ок",
        "йцукен", "да", "нет", "алло", "я не понял", "это дорого", "вера в людей пропала", "зачем вам имя?", "мой номер",
        "я мастер", "я завтра приду", "блин", "москва", "меня зовут не важно",
    ],
)  # fmt: skip
def test_what_is_no_name_is_none(text: str) -> None:
    assert find_name(text) is None


@pytest.mark.parametrize("text", ["Гвинет", "Нгуен", "Зульфия", "Bjorn", "Гюльчатай"])
def test_a_rare_name_answers_the_question(text: str) -> None:
    assert find_name(text, asked=True) == text


@pytest.mark.parametrize(
    "text", ["не скажу", "зачем?", "ааа", "ввв", "потом", "дурак", "хочу заказать", "фыва", "никак"]
)
def test_a_refusal_does_not_become_a_name_even_when_asked(text: str) -> None:
    assert find_name(text, asked=True) is None


@pytest.mark.parametrize(
    ("text", "address", "suggestion"),
    [
        ("anna@mail.ru", "anna@mail.ru", None),
        ("почта Ivan.Petrov@Yandex.ru.", "ivan.petrov@yandex.ru", None),
        ("(info@company.com)", "info@company.com", None),
        ("ivan собака mail точка ru", "ivan@mail.ru", None),
        ("ivan собака майл точка ру", "ivan@mail.ru", None),
        ("ivan @ gmail.com", "ivan@gmail.com", None),
        ("ivan@gmail,com", "ivan@gmail.com", None),
        ("ivan@gmial.com", "ivan@gmial.com", "ivan@gmail.com"),
        ("ivan@yandex.tu", "ivan@yandex.tu", "ivan@yandex.ru"),
        ("ivan@mial.ru", "ivan@mial.ru", "ivan@mail.ru"),
        ("ivan_petrov-1+spam@sub.company.co.uk", "ivan_petrov-1+spam@sub.company.co.uk", None),
    ],
)
def test_an_email_is_found_and_a_likely_error_only_suggested(text: str, address: str, suggestion: str | None) -> None:
    found = find_email(text)
    assert found is not None
    assert (found.address, found.suggestion) == (address, suggestion)


@pytest.mark.parametrize(
    "text", ["нет почты", "@ivan", "ivan@", "a@b", "собака кусается", "у меня собака точка", "ivan@mail..ru"]
)
def test_what_is_no_email_is_none(text: str) -> None:
    assert find_email(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", "5"), ("12,5 метров", "12.5"), ("1 500 руб", "1500"), ("около 100 тыс.", "100000"), ("5к", "5000"),
        ("два", "2"), ("двадцать пять", "25"), ("полтора", "1.5"), ("две тысячи триста", "2300"), ("пару штук", "2"),
        ("тысяча", "1000"), ("-3", "-3"), ("1.5 млн", "1500000.0"), ("сто сорок", "140"),
    ],
)  # fmt: skip
def test_a_number_is_found(text: str, number: str) -> None:
    assert find_number(text) == Decimal(number)


def test_words_without_a_number_have_none() -> None:
    assert find_number("много") is None
    assert find_number("") is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("завтра", (2026, 3, 5)), ("послезавтра утром", (2026, 3, 6)), ("сегодня", (2026, 3, 4)),
        ("в пятницу", (2026, 3, 6)), ("в среду", (2026, 3, 11)), ("в следующую пятницу", (2026, 3, 13)),
        ("15 марта", (2026, 3, 15)), ("1 марта", (2027, 3, 1)), ("15.03", (2026, 3, 15)), ("15.03.2027", (2027, 3, 15)),
        ("1.4.26", (2026, 4, 1)), ("2026-12-31", (2026, 12, 31)), ("через неделю", (2026, 3, 11)),
        ("через 3 дня", (2026, 3, 7)), ("через пару дней", (2026, 3, 6)), ("через месяц", (2026, 4, 4)),
        ("20-го", (2026, 3, 20)), ("3 числа", (2026, 4, 3)), ("на выходных", (2026, 3, 7)), ("29 февраля", (2028, 2, 29)),
        ("пятнадцатое марта", (2026, 3, 15)), ("двадцать третьего мая", (2026, 5, 23)), ("в пн", (2026, 3, 9)),
        ("9 мая", (2026, 5, 9)), ("ко вторнику", (2026, 3, 10)), ("на следующей неделе", (2026, 3, 9)), ("31.12", (2026, 12, 31)),
    ],
)  # fmt: skip
def test_a_date_is_found(text: str, date: tuple[int, int, int]) -> None:
    assert find_date(text, today=TODAY) == dt.date(*date)


@pytest.mark.parametrize(
    "text",
    [
        "когда-нибудь", "32 марта", "31.02", "8 916 123 45 67", "версия 1.2.3.4", "", "в субботнике", "да, всё верно",
        "все цены", "пну",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_date(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("в 18:30", (18, 30)), ("после шести", (18, 0)), ("в 10 утра", (10, 0)), ("в 7 вечера", (19, 0)), ("вечером", (19, 0)),
        ("после 18", (18, 0)), ("в 3 часа", (15, 0)), ("в 9", (9, 0)), ("утром", (10, 0)), ("к двум часам", None),
        ("до 15 марта", None), ("", None), ("8 916 123 45 67", None),
    ],
)  # fmt: skip
def test_a_time_of_day_is_found(text: str, time: tuple[int, int] | None) -> None:
    assert find_time(text) == (dt.time(*time) if time else None)
