"""Rules about dates: a time is offered only when it is free, a day is named only when our own texts name it."""

import datetime as dt
import re
from functools import lru_cache

from dialogs.engine.policy.draft import Draft, Ruling, refused
from dialogs.engine.policy.facts import PolicyFacts
from dialogs.engine.policy.links import LINK
from dialogs.engine.policy.numerals import in_digits
from dialogs.engine.policy.pieces import REMEMBERED, without

Day = tuple[int, int]  # month and day; (0, 0) for a day we cannot read
_UNREADABLE: Day = (0, 0)
_MONTHS = ("янв", "фев", "мар", "апр", "ма[йяе]", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_MONTH = "|".join(f"(?P<m{number}>{stem})" for number, stem in enumerate(_MONTHS, 1))
_NUMERIC = re.compile(
    r"(?<![\d.,:/-])(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?:\d{4}|\d{2}))?(?![\d:]|[.,/]\d|\s*(?:%|₽|руб|тыс|млн))"
)
_ISO = re.compile(r"(?<!\d)\d{4}-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
_NAMED = re.compile(rf"(?P<day>\d{{1,2}}|[а-яё]+(?:ого|его|ье|ое))(?:-?(?:го|е|ое))?\s+(?:{_MONTH})\w*", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d.,:])(?P<hour>[01]?\d|2[0-4])[:.](?P<minute>[0-5]\d)(?![\d:]|\.\d|\s*(?:%|₽|руб|тыс|млн))")
_HOUR = re.compile(
    r"(?<!\w)(?:в|к|на)\s+(?P<hour>\d{1,2})\s*(?P<part>час(?:а|ов)?(?: дня| вечера| утра)?|дня|вечера|утра)(?!\w)",
    re.IGNORECASE,
)
_WEEKDAYS = ("понедельник", "вторник", "сред[ауы]", "четверг", "пятниц", "суббот", "воскресень")
_WEEKDAY = re.compile(
    "|".join(f"(?P<w{number}>(?<!\\w){stem}\\w*)" for number, stem in enumerate(_WEEKDAYS)), re.IGNORECASE
)
_NEAR = re.compile(r"(?<!\w)(?P<near>сегодня|завтра|послезавтра)(?!\w)", re.IGNORECASE)
_NEAR_DAYS = {"сегодня": 0, "завтра": 1, "послезавтра": 2}
# A day without a date matters only where something is fixed for it.
_FIXES = re.compile(
    r"запи[шс]\w*|консультац\w*|созвон\w*|встре[чт]\w*|жд[её]м|свободн\w*|окно|окошк\w*|слот\w*|назнач\w*|позвон\w*|"
    r"действует|закан\w*|заверш\w*|закры\w*|последн\w*|только до|успе\w*|старт\w*|начал\w*|начн\w*|цен[аыу]|скидк\w*",
    re.IGNORECASE,
)


@lru_cache(maxsize=REMEMBERED)
def days_in(text: str) -> frozenset[Day]:
    """Return the dates written out in a text."""
    text = in_digits(LINK.sub(" ", text))
    days = {(int(match["month"]), int(match["day"])) for match in (*_NUMERIC.finditer(text), *_ISO.finditer(text))}
    for match in _NAMED.finditer(text):
        month = next(number for number in range(1, 13) if match[f"m{number}"])
        days.add((month, int(match["day"])) if match["day"].isdigit() else _UNREADABLE)
    return frozenset(day for day in days if day == _UNREADABLE or (1 <= day[0] <= 12 and 1 <= day[1] <= 31))


@lru_cache(maxsize=REMEMBERED)
def times_in(text: str) -> frozenset[dt.time]:
    """Return the times of day in a text; "12.30" is one too where it can be no date."""
    text = in_digits(LINK.sub(" ", text))
    dates = {match.span() for match in _NUMERIC.finditer(text) if int(match["month"]) <= 12 and int(match["month"])}
    times = {
        dt.time(int(match["hour"]) % 24, int(match["minute"]))
        for match in _CLOCK.finditer(text)
        if not any(start <= match.start() < end for start, end in dates)
    }
    hours = {_hour(int(match["hour"]), match["part"].casefold()) for match in _HOUR.finditer(text)}
    return frozenset(times | hours)


def _hour(hour: int, part: str) -> dt.time:
    if part.endswith(("дня", "вечера")) and hour < 12:
        hour += 12
    return dt.time(hour % 24)


def near_days_in(text: str, today: dt.date | None) -> set[Day]:
    """Return the days named by their distance or their weekday, where something is fixed for them."""
    if not _FIXES.search(text):
        return set()
    names = [*_NEAR.finditer(text), *_WEEKDAY.finditer(text)]
    if today is None:
        return {_UNREADABLE} if names else set()
    return {_day(match, today) for match in names}


def _day(match: re.Match[str], today: dt.date) -> Day:
    near = match.groupdict().get("near")
    if near:
        date = today + dt.timedelta(days=_NEAR_DAYS[near.casefold()])
    else:
        weekday = int(str(match.lastgroup)[1:])
        date = today + dt.timedelta(days=(weekday - today.weekday()) % 7)
    return (date.month, date.day)


def no_invented_date(draft: Draft, facts: PolicyFacts) -> Ruling:
    """A sentence with a day or a time that is neither free nor written in our own texts goes."""
    free = {((moment.month, moment.day), moment.time()) for moment in facts.moments}
    written_days = {day for text in facts.true_words for day in days_in(text)} - {_UNREADABLE}
    written_times = {time for text in facts.true_words for time in times_in(text)}
    known_days, known_times = {day for day, _ in free} | written_days, {time for _, time in free} | written_times

    def is_invented(words: str) -> bool:
        days, times = days_in(words) | near_days_in(words, facts.day), times_in(words)
        if not (days <= known_days and times <= known_times):
            return True
        if len(days) != 1 or len(times) != 1 or days <= written_days:
            return False
        return (*days, *times) not in free  # both are free, but not together

    text, dropped = without(draft.text, is_invented)
    return refused(draft, "unknown_date", dropped, text=text) if dropped else Ruling(draft)
