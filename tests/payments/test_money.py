"""Sums as they come from outside."""

from decimal import Decimal

import pytest

from payments.money import amount_of, currency_of, shown


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1990", "1990.00"),
        ("1 990", "1990.00"),
        ("1\u00a0990,00 руб.", "1990.00"),
        ("12\u202f345.5 ₽", "12345.50"),
        ("1990.000", "1990.00"),
        (1990, "1990.00"),
        (1990.5, "1990.50"),
        ("0", "0.00"),
    ],
)
def test_spaces_and_currency_words_are_no_obstacle(text: object, amount: str) -> None:
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", None, "бесплатно", "-5", "1990.005", "100 из 200 из", "10 / 20", "9" * 20, "{object.cost}"]
)
def test_what_is_no_sum_is_none(text: object) -> None:
    assert amount_of(text) is None


def test_the_currency_is_read_and_the_sum_shown_as_people_write_it() -> None:
    assert [currency_of(text) for text in ("1 990 руб.", "10 USD", "5 €", "1990", None)] == [
        "RUB",
        "USD",
        "EUR",
        "",
        "",
    ]
    assert shown(Decimal("12990.00"), "RUB") == "12\u00a0990\u00a0₽"
    assert shown(Decimal("1990.50"), "BYN") == "1\u00a0990,50\u00a0BYN"
