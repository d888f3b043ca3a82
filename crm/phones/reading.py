"""Reads one message: numbers, halves of numbers, an extension, an area code, corrections of digits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm.phones.corrections import Partial, find_partials
from crm.phones.noise import blank, clean, has_phone_word
from crm.phones.numerals import has_numerals, to_digits
from crm.phones.runs import Fragment, Number, find_runs
from crm.phones.values import Reason

_PLUS_WORD = re.compile(r"\b(?:плюс\w{0,2}|plus)\W{0,3}(?=\d)", re.IGNORECASE)
_FILLER = re.compile(
    r"(?<=\d)[\s,]*\b(?:(?:а|и|ну)\s+)?(?:потом|затем|далее|дальше|тире|дефис|пробел|скобк[аиу]|точка|сл[еэ]ш|dash|space|then|hyphen)\b[\s,]*(?=[(\d])",
    re.IGNORECASE,
)
_SPOKEN_AND = re.compile(r"(?<!\d)(\d{1,3}),?\s+(?:и|and)\s+(?=\d{1,3}(?!\d))", re.IGNORECASE)
_SPOKEN_CODE = re.compile(
    r"(?<!\d)(\+?[78])\W{0,3}\(?код\W{0,3}(\d{3,5})\)?\W*(?:(?:номер|тел\w*)\W*)?(?=\d)", re.IGNORECASE
)
_NAMED_NUMBER = re.compile(
    r"(?<!\d)(8\W?\(?\d{3,5}\)?)\W+(?:номер\w*|тел\w*)\W+(?=\d{1,3}[ -]?\d\d[ -]?\d\d(?!\d))", re.IGNORECASE
)
# "310-44-17 (499)": a local number with its code behind.
_TRAILING_CODE = re.compile(r"(?<![\d(])(?<![\d)][ \-])(\d{1,3}-?\d\d-?\d\d)(?<!\d{8})\s*\((?:8\W?)?(\d{3,4})\)")
_AREA = re.compile(r"(?<![^\W\d_])код\b(?:\W{1,3}[а-яё]{3,}){0,2}\W{0,3}8?\W?(\d{3,5})(?!\d)", re.IGNORECASE)
_EXTENSION = re.compile(
    r"\b(?:доб(?:ав(?:очный|очного|очному|очная)?)?|вн(?:утр(?:енний|енняя|енный)?)?|тон(?:ов\w+|альн\w+)|ext(?:ension)?|extn|доп|наж(?:ать|ми|мите|имать|имайте))(?![^\W\d_])"
    r"[\s.:,№#\-]*(?:(?:номер|тел|код|кнопк[уа]|клавиш[уа]|цифр[уа]|no|забыл\w*|будет|там|такой)[\s.:,№\-]*)?"
    r"(\d(?: \d){1,3}(?! ?\d)|\d{1,6}(?:-\d{1,4})?)(?![\d\-])(?! ?\(?\d{3}\)? ?\d{3}[ \-])",
    re.IGNORECASE,
)
_EXTENSION_FIRST = re.compile(r"(?<=\d)доб", re.IGNORECASE)
_SHORT_EXTENSION = re.compile(r"(?:\s?[xх#]\s?|,,+)(\d{1,6})(?![\dxх#])", re.IGNORECASE)
_OFFICE_EXTENSION = re.compile(r"[*,](\d{2,5})(?![\d*,.\-]| ?\w)")  # "8(495)255-01-01,204": mobiles have none
_MASKED = re.compile(r"[+(]?\d[\d \-()]{0,20}(?:[*xхXХ•●_#?]{2}|…|\.{4,}(?=\d))[\d \-()*xхXХ•●_#?…]{0,30}")
_MASK_CHARACTER = re.compile(r"[*xхXХ•●_#?…]")
_HIDING_DOTS = re.compile(r"…|\.(?=\.)")
_MASKED_LENGTH = 8  # hidden and shown digits together
_COMPLETE = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message holds. Positions are those of `text`, the cleaned message."""

    text: str
    numbers: tuple[Number, ...]
    fragments: tuple[Fragment, ...]
    partials: tuple[Partial, ...]
    reasons: tuple[Reason, ...]
    extension: str | None
    area: str | None
    speaks_of_phone: bool


def read_message(text: str, *, region: str, hints: tuple[str, ...], may_correct: bool) -> Reading:
    """Return the first way to read the message that holds a number, else the likeliest one."""
    first: Reading | None = None
    for spelling in _spellings(text):
        reading = _read(spelling, region=region, hints=hints, may_correct=may_correct)
        if reading.numbers or reading.partials:
            return reading
        first = first or reading
    assert first is not None  # noqa: S101 - `_spellings` yields at least one
    return first


def _spellings(text: str) -> Iterator[str]:
    if not has_numerals(text):
        yield _join_spoken(text)
        return
    merged, apart = to_digits(text), to_digits(text, merge=False)
    yield _join_spoken(merged)
    if apart != merged:
        yield _join_spoken(apart)


def _join_spoken(text: str) -> str:
    """Drop the words people say between groups when they dictate a number."""
    text = _PLUS_WORD.sub("+", text)
    text = _FILLER.sub(" ", text)
    text = _SPOKEN_AND.sub(r"\1 ", text)
    text = _TRAILING_CODE.sub(r"\2 \1", text)
    text = _SPOKEN_CODE.sub(r"\1 \2 ", text)
    return _NAMED_NUMBER.sub(r"\1 ", text)


def _read(text: str, *, region: str, hints: tuple[str, ...], may_correct: bool) -> Reading:
    speaks_of_phone = has_phone_word(text)
    partials = tuple(p for p in find_partials(text) if may_correct or _has_number_before(text, p.start))
    for partial in partials:
        text = _blank_span(text, partial.start, partial.end)
    text, extension = _take_extension(text)
    cleaned = clean(text)
    text, masked = _take_masked(cleaned.text)
    numbers, fragments = find_runs(text, region=region, hints=hints)
    area = _AREA.search(text)
    if area is not None:
        fragments = [fragment for fragment in fragments if not fragment.start <= area.start(1) < fragment.end]
    return Reading(
        text=text,
        numbers=tuple(numbers),
        fragments=tuple(fragments),
        partials=partials,
        reasons=(*masked, *cleaned.reasons),
        extension=extension or _short_extension(text, numbers),
        area=area[1] if area else None,
        speaks_of_phone=speaks_of_phone,
    )


def _has_number_before(text: str, position: int) -> bool:
    return sum(ch.isdigit() for ch in text[:position]) >= _COMPLETE


def _blank_span(text: str, start: int, end: int) -> str:
    return text[:start] + blank(text[start:end]) + text[end:]


def _take_extension(text: str) -> tuple[str, str | None]:
    """Return the text without the extension, and the last extension named."""
    text = _EXTENSION_FIRST.sub(" доб", text)
    extension = None
    for match in _EXTENSION.finditer(text):
        extension = re.sub(r"\D", "", match[1])
        text = _blank_span(text, match.start(1), match.end(1))
    return text, extension


def _short_extension(text: str, numbers: list[Number]) -> str | None:
    """Read "x405" and "#405", which mean an extension only right behind a number."""
    for number in reversed(numbers):
        is_mobile = number.e164.startswith("+79")
        match = _SHORT_EXTENSION.match(text, number.end) or (
            None if is_mobile else _OFFICE_EXTENSION.match(text, number.end)
        )
        if match:
            return match[1]
    return None


def _take_masked(text: str) -> tuple[str, tuple[Reason, ...]]:
    """Blank numbers with hidden digits, so that no shorter number is cut out of them."""
    reasons: list[Reason] = []

    def take(match: re.Match[str]) -> str:
        shown = sum(ch.isdigit() for ch in match.group())
        hidden = len(_MASK_CHARACTER.findall(match.group())) + len(_HIDING_DOTS.findall(match.group()))
        if shown >= _COMPLETE or hidden + shown < _MASKED_LENGTH:
            return match.group()
        reasons.append(Reason.MASKED)
        return blank(match.group())

    return _MASKED.sub(take, text), tuple(reasons)
