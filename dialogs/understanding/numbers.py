"""A number in free text, in digits or in Russian words: "12,5", "1 500 руб", "две тысячи", "полтора", "5к"."""

import re
from decimal import Decimal

from dialogs.understanding.normalise import clean

_DIGITS = re.compile(
    r"(?<![\w.,])(-?\d{1,3}(?:[ '\u00a0]\d{3})+|-?\d+)(?:[.,](\d+))?\s*"
    r"(тыс(?:яч[аиу]?)?\.?|к|k|млн\.?|миллион\w*|млрд\.?)?(?![\w])"
)
_SCALES = {"т": 1_000, "к": 1_000, "k": 1_000, "м": 1_000_000}
_UNITS = {
    "ноль": 0, "нуль": 0, "один": 1, "одна": 1, "одно": 1, "одну": 1, "два": 2, "две": 2, "двое": 2, "двоих": 2,
    "пара": 2, "пару": 2, "три": 3, "трое": 3, "троих": 3, "четыре": 4, "четверо": 4, "пять": 5, "пятеро": 5,
    "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "десяток": 10, "одиннадцать": 11, "двенадцать": 12,
    "дюжина": 12, "тринадцать": 13, "четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16, "семнадцать": 17,
    "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50,
    "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "сотня": 100, "двести": 200,
    "триста": 300, "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800,
    "девятьсот": 900,
}  # fmt: skip
_BIG = {"тысяча": 1_000, "тысячи": 1_000, "тысяч": 1_000, "тыщ": 1_000, "тыща": 1_000, "миллион": 1_000_000,
        "миллиона": 1_000_000, "миллионов": 1_000_000, "лям": 1_000_000}  # fmt: skip
_HALVES = {"полтора": Decimal("1.5"), "полторы": Decimal("1.5"), "половина": Decimal("0.5"), "пол": Decimal("0.5")}


def find_number(text: str) -> Decimal | None:
    """Return the first number of the text, None when there is none."""
    text = clean(text)
    match = _DIGITS.search(text)
    if match is None:
        return _in_words(re.findall(r"[а-я]+", text))
    number = Decimal(re.sub(r"[ '\u00a0]", "", match[1]) + (f".{match[2]}" if match[2] else ""))
    scale = match[3] or ""
    return number * (1_000_000_000 if scale.startswith("млрд") else _SCALES.get(scale[:1], 1))


def _in_words(words: list[str]) -> Decimal | None:
    total = part = Decimal(0)
    found = False
    for word in words:
        if word in _HALVES:
            found, part = True, part + _HALVES[word]
        elif word in _UNITS:
            found, part = True, part + _UNITS[word]
        elif word in _BIG:
            found, total, part = True, total + (part or 1) * _BIG[word], Decimal(0)
        elif found and word != "с":
            break
    return total + part if found else None
