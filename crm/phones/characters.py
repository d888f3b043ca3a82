"""Brings the characters people use for digits, spaces and dashes to plain ones. Adds and removes no meaning."""

import re
import unicodedata

_SPACES = {
    ord(ch): " "
    for ch in "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\v\f"
}
_DASHES = {ord(ch): "-" for ch in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043\u30fc\u207b"}
_PLUSES = {ord(ch): "+" for ch in "\uff0b\ufe62\u2795\u207a"}
_KEYCAP = 0x20E3
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_ZERO_WIDTH = (
    0xAD,
    0x34F,
    0x61C,
    0x180E,
    0xFEFF,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
)
_INVISIBLE = dict.fromkeys((_KEYCAP, *_VARIATION_SELECTORS, *_ZERO_WIDTH))
_BRACKETS = {ord("（"): "(", ord("）"): ")", ord("["): "(", ord("]"): ")", ord("{"): "(", ord("}"): ")"}
_OTHERS = {ord("．"): ".", ord("，"): ",", ord("№"): "№", ord("＃"): "#", ord("＊"): "*", ord("\U0001f51f"): "10"}
_TABLE: dict[int, str | None] = {**_SPACES, **_DASHES, **_PLUSES, **_INVISIBLE, **_BRACKETS, **_OTHERS}

# Letters that stand for digits when they stand among digits: "8916l23O567".
_LOOKALIKES = str.maketrans("OОoоlIІіiSЗзбBВ|", "0000111115336881")
_MIXED = re.compile(r"(?<![^\W\d_])[\dOОoоlIІіiSЗзбBВ|]{2,}(?![^\W\d_])")
_LONE_ZERO = re.compile(r"(?<=\d[ -])[OОoо]{1,2}(?=[ -]\d)")
_BESIDE_DIGITS = re.compile(r"[\dOОolI][ -]\Z")
_DIGIT = re.compile(r"\d|[\u2460-\u24ff]|\U0001f51f")
_PHONE_LENGTHS = range(10, 12)
_CODED_PLUS = re.compile(r"%2B(?=\d)", re.IGNORECASE)  # a plus in the address of a page


def has_digits(text: str) -> bool:
    """Tell cheaply whether any character is a digit of any script."""
    return _DIGIT.search(text) is not None


def plain(text: str) -> str:
    """Return the text with ASCII digits, spaces and dashes, and letters that look like digits read as digits."""
    text = _CODED_PLUS.sub("+", text.translate(_TABLE))
    if not text.isascii():
        text = "".join(_digit(ch) for ch in text)
    text = _LONE_ZERO.sub(lambda match: "0" * len(match.group()), text)
    return _MIXED.sub(_read_lookalikes, text)


def _digit(ch: str) -> str:
    if ch.isascii():
        return ch
    value = unicodedata.decimal(ch, None)
    if value is None and "\u2460" <= ch <= "\u24ff":  # circled digits
        number = unicodedata.numeric(ch, None)
        return ch if number is None else str(int(number))
    return ch if value is None else str(value)


def _read_lookalikes(match: re.Match[str]) -> str:
    """Read letters as digits, unless they merely end a short number ("дом 10б") or a number already complete."""
    token = match.group()
    digits = sum(ch.isdigit() for ch in token)
    letters = len(token) - digits
    if not digits or not letters or letters > digits or ("|" in token and letters == token.count("|")):
        return token
    only_trailing = token[:digits].isdigit()
    among_digits = _BESIDE_DIGITS.search(match.string[max(0, match.start() - 2) : match.start()]) is not None
    if only_trailing and not (digits < max(_PHONE_LENGTHS) and (len(token) in _PHONE_LENGTHS or among_digits)):
        return token
    return token.translate(_LOOKALIKES)
