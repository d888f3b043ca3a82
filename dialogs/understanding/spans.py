"""Parts of a day as people name them: "после обеда", "с двух до пяти", "не раньше трёх", "вечером"."""

import datetime as dt
import re

from dialogs.understanding.dates import hour_of, is_day
from dialogs.understanding.normalise import clean

Span = tuple[dt.time, dt.time]  # from, to; both inclusive
DAWN, MIDNIGHT = dt.time(0), dt.time(23, 59)

_CLOCK = r"(\d{1,2}|[а-я]+)(?:[:.]([0-5]\d))?(?:\s*(?:час(?:а|ов|ам)?|ч))?(?:\s+(утра|дня|вечера|ночи))?"
_BETWEEN = re.compile(rf"\b(?:с|между)\s+{_CLOCK}\s+(?:до|и)\s+{_CLOCK}\b")
_FROM = re.compile(rf"\b(?:после|не раньше|начиная с)\s+{_CLOCK}\b")
_TO = re.compile(rf"\b(?:до|не позже|не позднее)\s+{_CLOCK}\b")
_PARTS = (
    (r"перв\w+ половин\w+ дня|до обеда|утр(?:ом|ечком)|с утра|с утречка", dt.time(6), dt.time(12)),
    (r"после обеда|втор\w+ половин\w+ дня|попозже днем", dt.time(13), dt.time(18)),
    (r"после работы|вечер(?:ом|ком)|ближе к вечеру|под вечер", dt.time(17), dt.time(22)),
    (r"в обед|днем", dt.time(12), dt.time(17)),
)


def find_span(text: str) -> Span | None:
    """Return the part of the day the text names; None for an exact time or none at all."""
    text = clean(text)
    for pattern, first, last in _PARTS:
        if re.search(rf"\b(?:{pattern})\b", text):
            return first, last
    if match := _BETWEEN.search(text):
        return _ordered(_clock(match, 1, text), _clock(match, 4, text))
    if (match := _FROM.search(text)) and (first_clock := _clock(match, 1, text)):
        return first_clock, MIDNIGHT
    if (match := _TO.search(text)) and (last_clock := _clock(match, 1, text)):
        return DAWN, last_clock
    return None


def _clock(match: "re.Match[str]", group: int, text: str) -> dt.time | None:
    hour = hour_of(match[group], match[group + 2])
    if hour is None or (not match[group + 1] and is_day(text, match.end(group))):
        return None
    return dt.time(hour, int(match[group + 1] or 0))


def _ordered(first: dt.time | None, last: dt.time | None) -> Span | None:
    return (first, last) if first is not None and last is not None and first <= last else None
