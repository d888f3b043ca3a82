"""The names other rooms use: reading a number back, contact buttons, comparing, the texts of refusals."""

import time

import pytest

import crm.phones
from crm.phones import REASON_TEXTS, Found, Reason, check_contact, digits_key, find_phones, is_region, readable


def test_the_package_exports_exactly_these_names() -> None:
    expected = {
        "REASON_TEXTS",
        "Found",
        "Reason",
        "check_contact",
        "digits_key",
        "find_phones",
        "is_region",
        "readable",
    }
    assert set(crm.phones.__all__) == expected


@pytest.mark.parametrize(
    ("e164", "text"),
    [
        ("+79161234567", "+7 916 123-45-67"),
        ("+78123051234", "+7 812 305-12-34"),
        ("+375291234567", "+375 29 123-45-67"),
        ("+14155552671", "+1 415-555-2671"),
        ("no number", "no number"),
    ],
)
def test_a_number_is_read_back_in_groups(e164: str, text: str) -> None:
    assert readable(e164) == text


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("79161234567", "RU", "+79161234567"),
        ("+79161234567", "RU", "+79161234567"),
        ("+7 916 123-45-67", "RU", "+79161234567"),
        ("375291234567", "RU", "+375291234567"),
        ("4915123456789", "RU", "+4915123456789"),
        ("14155552671", "US", "+14155552671"),
        ("89161234567", "RU", "+79161234567"),
        ("123", "RU", None),
        ("", "RU", None),
    ],
)
def test_a_contact_button_may_leave_out_the_plus(raw: str, region: str, e164: str | None) -> None:
    assert check_contact(raw, region) == e164


def test_numbers_are_compared_by_their_digits() -> None:
    assert digits_key("+7 916 123-45-67") == digits_key("+79161234567") == "79161234567"


def test_every_reason_has_a_text_that_does_not_blame() -> None:
    assert set(REASON_TEXTS) == {str(reason) for reason in Reason}
    assert all(len(text) > 20 and "неправильн" not in text.lower() for text in REASON_TEXTS.values())


def test_regions_are_known_by_two_letters() -> None:
    assert is_region("KZ")
    assert not is_region("XX")


def test_no_messages_hold_nothing() -> None:
    assert find_phones([]) == Found((), None, "none")


def test_a_message_without_digits_costs_almost_nothing() -> None:
    """Measured: 0.02 ms. The bound is fifty times that, so that a busy machine does not fail the suite."""
    text = "Здравствуйте! Подскажите, пожалуйста, работаете ли вы в выходные и есть ли доставка?"
    started = time.perf_counter()
    for _ in range(100):
        find_phones([text])
    assert time.perf_counter() - started < 100 * 0.001


@pytest.mark.parametrize(
    "text", ["8" * 4_000, "9 " * 2_000, "1 ," * 1_300, "(8-" * 1_300, " " * 4_000 + "1", "восемь " * 600]
)
def test_a_hostile_message_does_not_hold_up_a_turn(text: str) -> None:
    """Measured: at most 0.12 s for the longest message Telegram delivers; the bound leaves room for a busy machine."""
    started = time.perf_counter()
    find_phones([text])
    assert time.perf_counter() - started < 2
