"""When somebody wants to come, in their own words: the day, the time, or a part of the day."""

import datetime as dt

import pytest

from dialogs.understanding.dates import find_date, find_time
from dialogs.understanding.spans import find_span

TODAY = dt.date(2026, 11, 16)  # a Monday
AFTERNOON = ("13:00", "18:00")
# words, day, exact time, part of the day
PHRASES: list[tuple[str, str, str, tuple[str, str] | None]] = [
    ("завтра после обеда", "2026-11-17", "", AFTERNOON),
    ("в пятницу в три", "2026-11-20", "15:00", None),
    ("25.12 15:30", "2026-12-25", "15:30", None),
    ("25.12 в 15.30", "2026-12-25", "15:30", None),
    ("25 декабря в 16", "2026-12-25", "16:00", None),
    ("послезавтра часов в 5", "2026-11-18", "17:00", None),
    ("через неделю", "2026-11-23", "", None),
    ("через неделю в 14:00", "2026-11-23", "14:00", None),
    ("31 декабря", "2026-12-31", "", None),
    ("1 января в полдень", "2027-01-01", "12:00", None),
    ("12.11 в 16", "2027-11-12", "16:00", None),
    ("12.12 15:30", "2026-12-12", "15:30", None),
    ("завтра в 12.10", "2026-11-17", "12:10", None),
    ("в 14.00", "", "14:00", None),
    ("во вторник утром", "2026-11-17", "", ("06:00", "12:00")),
    ("в четверг вечером", "2026-11-19", "", ("17:00", "22:00")),
    ("в среду с двух до пяти", "2026-11-18", "", ("14:00", "17:00")),
    ("в среду между 12 и 15", "2026-11-18", "", ("12:00", "15:00")),
    ("завтра после трёх", "2026-11-17", "", ("15:00", "23:59")),
    ("завтра не раньше 16:30", "2026-11-17", "", ("16:30", "23:59")),
    ("завтра до двух", "2026-11-17", "", ("00:00", "14:00")),
    ("сегодня ближе к вечеру", "2026-11-16", "", ("17:00", "22:00")),
    ("во второй половине дня", "", "", AFTERNOON),
    ("в пятницу в половине третьего", "2026-11-20", "14:30", None),
    ("полпятого", "", "16:30", None),
    ("в понедельник в 12 дня", "2026-11-23", "12:00", None),
    ("2026-12-30 18:00", "2026-12-30", "18:00", None),
    ("до 15 декабря", "2026-12-15", "", None),
    ("после 20 числа", "2026-11-20", "", None),
    ("с 5 до 2", "", "17:00", None),
    ("привет", "", "", None),
]


@pytest.mark.parametrize(("words", "date", "time", "span"), PHRASES)
def test_a_moment_is_understood(words: str, date: str, time: str, span: tuple[str, str] | None) -> None:
    found = find_date(words, today=TODAY)
    assert (found.isoformat() if found else "") == date
    part = find_span(words)
    assert (tuple(f"{clock:%H:%M}" for clock in part) if part else None) == span
    if span is None:  # a part of the day has a typical time of its own, which nobody named
        clock = find_time(words)
        assert (f"{clock:%H:%M}" if clock else "") == time
