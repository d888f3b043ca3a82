"""Numbering plans: the one door to `phonenumbers`. Digits in, E.164 or a reason out."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from crm.phones.values import Reason

MIN_DIGITS = 6
MAX_DIGITS = 17  # 15 of E.164 and a prefix for dialling abroad
_ALIKE = re.compile(r"(\d)\1{6}\Z")
_COUNTING = ("12345678910", "1234567890", "0123456789", "9876543210", "123456789", "987654321", "12345678")
# Regions where a number of a neighbour is often written with its country code and without "+".
_NEIGHBOURS = frozenset({"RU", "KZ", "BY", "UA", "UZ", "AM", "GE", "KG", "TJ", "AZ", "MD", "TM"})
_NEIGHBOUR_CODES = ("375", "380", "998", "996", "995", "994", "993", "992", "374", "373", "79", "77")
_SEVEN = frozenset({"RU", "KZ"})  # country code 7, dialled with 8 at home and 8~10 abroad


def recognise(digits: str, *, plus: bool, region: str, hints: tuple[str, ...] = ()) -> str | None:
    """Return the E.164 form if the digits are a valid number seen from the region, or from a country that was named."""
    if not MIN_DIGITS <= len(digits) <= MAX_DIGITS:
        return None
    for text, home in _readings(digits, plus=plus, region=region, hints=hints):
        number = _parse(text, home)
        if number is not None and _is_valid(number, home):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return None


def _readings(digits: str, *, plus: bool, region: str, hints: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Yield (text, region the number must belong to or None for any), the likeliest reading first."""
    if plus:
        yield f"+{digits}", None
        if region in _SEVEN:
            yield from ((f"+7{tail}", None) for tail in _after_muddled_seven(digits))
        return
    if digits.startswith("00"):
        yield f"+{digits[2:]}", None
        return
    for hint in hints:
        yield from _from_country(digits, hint)
    if region in _SEVEN:
        yield from _from_seven(digits, region)
    else:
        yield digits, region
        yield digits, None
    if region in _NEIGHBOURS and len(digits) in (11, 12) and digits.startswith(_NEIGHBOUR_CODES):
        yield f"+{digits}", None


def _after_muddled_seven(digits: str) -> Iterator[str]:
    """National digits behind "+8 916…", "+7 8 916…" and "+916…"."""
    if len(digits) == 11 and digits[0] == "8":
        yield digits[1:]
    elif len(digits) == 12 and digits[:2] in ("78", "77"):
        yield digits[2:]
    elif len(digits) == 10 and digits[0] == "9":
        yield digits


def _from_seven(digits: str, region: str) -> Iterator[tuple[str, str | None]]:
    if len(digits) == 11 and digits[0] in "78":
        yield f"+7{digits[1:]}", None
    elif len(digits) == 10:
        yield f"+7{digits}", region
        if digits[0] == "9":
            yield f"+7{digits}", "RU"
    elif len(digits) == 12 and digits[:2] in ("78", "87"):
        yield f"+7{digits[2:]}", "RU"
    if digits.startswith("810"):
        yield f"+{digits[3:]}", None


def _from_country(digits: str, region: str) -> Iterator[tuple[str, str | None]]:
    if region in _SEVEN:
        yield from _from_seven(digits, region)
        return
    if digits.startswith(str(phonenumbers.country_code_for_region(region))):
        yield f"+{digits}", region
    yield digits, region


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _is_valid(number: PhoneNumber, region: str | None) -> bool:
    if region is None:
        return bool(phonenumbers.is_valid_number(number))
    if region in _SEVEN:
        return bool(phonenumbers.is_valid_number_for_region(number, region))
    # Islands and territories share the code of their country and are dialled like it: +44 also holds Guernsey.
    home = phonenumbers.country_code_for_region(region)
    return number.country_code == home and bool(phonenumbers.is_valid_number(number))


def is_test_number(digits: str) -> bool:
    """Tell whether the digits are an example: +7 999 999-99-99, 000-00-00, 1234567890."""
    return _ALIKE.search(digits) is not None or digits in _COUNTING


def why_not(digits: str, *, plus: bool, region: str) -> Reason:
    """Name what is wrong with digits that `recognise` refused."""
    if is_test_number(digits):
        return Reason.TEST_NUMBER
    if plus and digits.startswith("7"):
        return _by_length(len(digits), 11)
    if plus or region not in _SEVEN:
        return _why_not_abroad(digits, region if not plus else None)
    if _is_foreign(digits):
        return Reason.FOREIGN_WITHOUT_CODE
    with_prefix = digits[0] in "78"
    if len(digits) in (5, 6, 7) and digits[0] != "0" and not (with_prefix and digits[1] == "9"):
        return Reason.NO_AREA_CODE
    return _by_length(len(digits), 11 if with_prefix else 10)


def _by_length(length: int, expected: int) -> Reason:
    if length == expected:
        return Reason.NOT_VALID
    return Reason.TOO_SHORT if length < expected else Reason.TOO_LONG


def _why_not_abroad(digits: str, region: str | None) -> Reason:
    number = _parse(digits if region else f"+{digits}", region)
    if number is None:
        return Reason.TOO_SHORT if len(digits) < MIN_DIGITS else Reason.NOT_VALID
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return Reason.NO_AREA_CODE
    if verdict == phonenumbers.ValidationResult.TOO_SHORT:
        return Reason.TOO_SHORT
    return Reason.TOO_LONG if verdict == phonenumbers.ValidationResult.TOO_LONG else Reason.NOT_VALID


def _is_foreign(digits: str) -> bool:
    if len(digits) < 11 or digits[0] in "078":
        return False
    number = _parse(f"+{digits}", None)
    return number is not None and _is_valid(number, None)


def readable(e164: str, region: str = "RU") -> str:
    """Return the number as people read it aloud: "+7 916 123-45-67". What is no number comes back as it is."""
    number = _parse(e164, region)
    return e164 if number is None else phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def check_contact(raw: str, region: str = "RU") -> str | None:
    """Return the E.164 form of what a contact button sent (often without "+"), or None when it is no valid number."""
    digits = "".join(ch for ch in raw if ch.isascii() and ch.isdigit())
    # A button sends the international form, plus or not; the national one is only a second guess.
    return recognise(digits, plus=True, region=region) or recognise(digits, plus=False, region=region)


def is_region(code: str) -> bool:
    """Tell whether the two letters name a region with a numbering plan."""
    return code in phonenumbers.SUPPORTED_REGIONS


def digits_key(e164: str) -> str:
    """Return the digits alone, to compare numbers however they are written."""
    return "".join(ch for ch in e164 if ch.isdigit())
