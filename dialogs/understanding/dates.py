"""Dates and times of day as people name them, seen from `today`: "завтра", "в пятницу", "15 марта", "через неделю"."""

import calendar
import datetime as dt
import re
from collections.abc import Callable

from dialogs.understanding.normalise import clean

_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_WEEKDAYS = (
    ("понедельник", "пн"), ("вторник", "вт"), ("сред", "ср"), ("четверг", "чт"), ("пятниц", "пт"), ("суббот", "сб"),
    ("воскресень", "вс"),
)  # fmt: skip
_COUNTS = {
    "один": 1, "одну": 1, "два": 2, "две": 2, "пару": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7,
    "восемь": 8, "девять": 9, "десять": 10, "двенадцать": 12,
}  # fmt: skip
_ORDINALS = ("", "перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат",
             "двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат", "восемнадцат",
             "девятнадцат", "двадцат")  # fmt: skip
_HOURS = {
    "час": 1, "два": 2, "двух": 2, "три": 3, "трех": 3, "четыре": 4, "четырех": 4, "пять": 5, "пяти": 5, "шесть": 6,
    "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9, "девяти": 9, "десять": 10, "десяти": 10,
    "одиннадцать": 11, "одиннадцати": 11, "двенадцать": 12, "двенадцати": 12,
}  # fmt: skip
_WORDS = {"позавчера": -2, "вчера": -1, "сегодня": 0, "послезавтра": 2, "завтра": 1, "today": 0, "tomorrow": 1}

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"(?<![\d.,])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?(?![\d.,]*\d)")
_NAMED = re.compile(
    r"\b(\d{1,2})(?:-?(?:го|е|ое))?\s+(янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?(?:\s+(\d{4}))?"
)
_ORDINAL = re.compile(
    r"\b(двадцать\s+|тридцать\s+)?([а-я]+?)(?:ое|ого|ье|ьего|его|ьего)\s+(янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*"
)
_DAY_OF_MONTH = re.compile(r"\b(\d{1,2})(?:-?го|\s*числа|-?ого)\b")
_AFTER = re.compile(
    r"\bчерез\s+(?:(\d{1,3}|[а-я]+)\s+)?(день|дня|дней|недел[юиь]|недельк[уи]|месяц[а-я]*|год[а]?|полгода)\b"
)
_WEEKDAY = re.compile(  # the short names take no ending: "все" is not "вс"
    r"(следующ[а-я]+\s+|эт[уоа][а-я]*\s+|ближайш[а-я]+\s+)?\b("
    r"(?:понедельник|вторник|четверг)(?:ам|[аеу])?|сред[аеыу]|пятниц[аеыу]|суббот[аеыу]|воскресень[еяю]|пн|вт|ср|чт|пт|сб|вс)\b"
)
_TIME = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d.:]*\d)")
_ORDINAL_HOURS = ("первого", "второго", "третьего", "четвертого", "пятого", "шестого", "седьмого", "восьмого",
                  "девятого", "десятого", "одиннадцатого", "двенадцатого")  # fmt: skip
_HALF_PAST = re.compile(rf"\bпол(?:овин[еу]\s+|\s*-?)({'|'.join(_ORDINAL_HOURS)})\b")  # "half of the third" is 2:30
_HOUR = re.compile(
    r"\b(?:в|к|после|с|до|около|часов в)\s+(\d{1,2}|[а-я]+)(?:\s*(?:час(?:а|ов|ам|ик)?|ч))?(?:\s+(утра|дня|вечера|ночи))?\b"
)
_PARTS = (("в полдень", 12), ("утром", 10), ("утречком", 10), ("с утра", 10), ("в обед", 13), ("днем", 14), ("после обеда", 15),
          ("вечером", 19), ("вечерком", 19), ("после работы", 19), ("ближе к вечеру", 18))  # fmt: skip


def find_date(text: str, *, today: dt.date) -> dt.date | None:
    """Return the date the text names; a day without a year or month is the next one that has not passed."""
    text = clean(text)
    readers: tuple[Callable[[str, dt.date], dt.date | None], ...] = (
        _iso, _named, _ordinal, _dotted, _after, _relative, _weekday, _weekend, _day_of_month,
    )  # fmt: skip
    return next((found for read in readers if (found := read(text, today)) is not None), None)


def find_time(text: str) -> dt.time | None:
    """Return the time of day the text names: "в 18:30", "после шести", "вечером" (an hour typical for it)."""
    text = clean(text)
    for match in _TIME.finditer(text):
        if not _is_date(match, text):
            return dt.time(int(match[1]), int(match[2]))
    for match in _HOUR.finditer(text):
        hour = hour_of(match[1], match[2])
        if hour is not None and not is_day(text, match.end()):
            return dt.time(hour)
    if (half := _HALF_PAST.search(text)) is not None:
        hour = hour_of(str(_ORDINAL_HOURS.index(half[1]))) or 0
        return dt.time(hour, 30)
    return next((dt.time(hour) for words, hour in _PARTS if words in text), None)


def hour_of(word: str, part: str | None = None) -> int | None:
    """Return the hour of the day that "3", "трёх" or "три" means, by itself or with "дня", "вечера" …"""
    hour = int(word) if word.isdigit() else _HOURS.get(word)
    return _of_day(hour, part) % 24 if hour is not None and hour <= 24 else None


def _is_date(match: "re.Match[str]", text: str) -> bool:
    """Tell whether "12.11" is a day of November and not eleven minutes past twelve, as "в 12.11" would be."""
    return (
        ":" not in match[0] and not _follows_in(match, text) and _date(2024, int(match[2]), int(match[1])) is not None
    )


def _follows_in(match: "re.Match[str]", text: str) -> bool:
    return re.search(r"\bв\s+$", text[: match.start()]) is not None


def is_day(text: str, end: int) -> bool:
    """Tell whether what follows makes the number a day: "до 15 марта", "с 3 числа"."""
    return (
        re.match(
            r"[\s-]*(?:го\b|числа|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|дн|нед|мин|мес|[.\d])", text[end:]
        )
        is not None
    )


def _of_day(hour: int, part: str | None) -> int:
    if part in ("вечера", "дня") and hour < 12:
        return hour + 12
    if part in ("утра", "ночи"):
        return hour if hour != 12 else 0
    return hour + 12 if part is None and 1 <= hour <= 7 else hour  # nobody asks to be rung at six in the morning


def _iso(text: str, today: dt.date) -> dt.date | None:
    match = _ISO.search(text)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _named(text: str, today: dt.date) -> dt.date | None:
    match = _NAMED.search(text)
    if match is None:
        return None
    return _with_year(int(match[1]), _month(match[2]), match[3], today)


def _ordinal(text: str, today: dt.date) -> dt.date | None:
    match = _ORDINAL.search(text)
    if match is None:
        return None
    tens = {"двадцать": 20, "тридцать": 30}.get((match[1] or "").strip(), 0)
    stem = match[2]
    units = next(
        (day for day, start in enumerate(_ORDINALS) if start and stem == start), 30 if stem == "тридцат" else 0
    )
    return _with_year(tens + units, _month(match[3]), None, today) if units else None


def _dotted(text: str, today: dt.date) -> dt.date | None:
    for match in _DOTTED.finditer(text):
        if _follows_in(match, text) and match[3] is None and _TIME.match(text, match.start()):
            continue  # "завтра в 12.10" names minutes
        if found := _with_year(int(match[1]), int(match[2]), match[3], today):
            return found
    return None


def _after(text: str, today: dt.date) -> dt.date | None:
    match = _AFTER.search(text)
    if match is None:
        return None
    count = int(match[1]) if match[1] and match[1].isdigit() else _COUNTS.get(match[1] or "один", 1)
    if match[2].startswith(("д", "н")):
        return today + dt.timedelta(days=count * (7 if match[2].startswith("н") else 1))
    months = {"м": 1, "г": 12, "п": 6}[match[2][0]] * count
    return _months_later(today, months)


def _relative(text: str, today: dt.date) -> dt.date | None:
    for word, days in _WORDS.items():
        if re.search(rf"\b{word}\b", text):
            return today + dt.timedelta(days=days)
    return None


def _weekday(text: str, today: dt.date) -> dt.date | None:
    match = _WEEKDAY.search(text)
    if match is None:
        return None
    number = next(at for at, starts in enumerate(_WEEKDAYS) if match[2].startswith(starts))
    days = (number - today.weekday()) % 7 or 7
    if (match[1] or "").startswith("следующ"):
        days += 7 if number > today.weekday() else 0  # "next Friday" said on Monday is the one of next week
    return today + dt.timedelta(days=days)


def _weekend(text: str, today: dt.date) -> dt.date | None:
    if re.search(r"\b(?:на|в|к)\s+(?:эти[хе]?\s+|этих\s+)?выходн", text):
        return today + dt.timedelta(days=(5 - today.weekday()) % 7)
    if re.search(r"\bна следующей неделе\b", text):
        return today + dt.timedelta(days=7 - today.weekday())
    return None


def _day_of_month(text: str, today: dt.date) -> dt.date | None:
    match = _DAY_OF_MONTH.search(text)
    if match is None:
        return None
    day = int(match[1])
    first = today.replace(day=1)
    candidates = (_date(month.year, month.month, day) for month in (_months_later(first, ahead) for ahead in range(3)))
    return next((date for date in candidates if date is not None and date >= today), None)


def _with_year(day: int, month: int, year: str | None, today: dt.date) -> dt.date | None:
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year >= today:
        return this_year
    return next((date for ahead in range(1, 9) if (date := _date(today.year + ahead, month, day)) is not None), None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return next(
        number
        for number, start in enumerate(_MONTHS, 1)
        if name.startswith(start) and (start != "ма" or name in ("май", "мая"))
    )


def _months_later(date: dt.date, months: int) -> dt.date:
    index = date.year * 12 + date.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))
