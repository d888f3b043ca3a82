"""A customer's words for those who may read the talk and not know whose it is: no names, numbers, addresses.

Errs on the side of hiding: a reader who misses a price is cheaper than a customer who is recognised.
"""

import re

from bot.personal import HIDDEN
from dialogs.understanding import morphology
from dialogs.understanding.names import find_name, is_english_name

_DIGITS = re.compile(r"(?<![\w•])\+?\d(?:[\s().–—-]{0,3}\d){3,}")  # four of them: half a phone is personal, too
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w.])@\w{3,}|\b(?:t|vk|wa)\.(?:me|com)/\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NAMES = ("Name", "Surn", "Patr")
_LIKELY = 0.5  # a word in small letters is a name only when it is hardly anything else
_SPELLED = 3  # number words in a row: a phone read aloud
_HIDDEN_AGAIN = re.compile(rf"{HIDDEN}(?:[\s,]+{HIDDEN})+")


def hide(text: str) -> str:
    """Return `text` with names, numbers and addresses hidden."""
    text = _HANDLE.sub(HIDDEN, _EMAIL.sub(HIDDEN, text))
    text = _without_spelled_numbers(_DIGITS.sub(HIDDEN, text))
    told = {word.lower() for word in (find_name(text) or "").split()}
    pieces: list[str] = []
    end, after_name = 0, False
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        after_name = after_name and between == " "
        is_name = match[0].lower() in told or _is_name(match[0], after_name=after_name)
        pieces += [between, HIDDEN if is_name else match[0]]
        end, after_name = match.end(), is_name
    return _HIDDEN_AGAIN.sub(HIDDEN, "".join([*pieces, text[end:]]))


def _is_name(word: str, *, after_name: bool) -> bool:
    if len(word) < 2 or word.isupper():
        return False
    if word.isascii():
        return word[0].isupper() and (after_name or is_english_name(word))
    named = [reading for reading in morphology.parse(word.lower()) if any(mark in reading.tag for mark in _NAMES)]
    if word[0].isupper():
        return bool(named) or (after_name and not morphology.is_known(word.lower()))
    return bool(named) and named[0].score >= _LIKELY


def _without_spelled_numbers(text: str) -> str:
    found = list(_WORD.finditer(text))
    runs: list[list[re.Match[str]]] = [[]]
    for match in found:
        if _is_numeral(match[0]):
            runs[-1].append(match)
        elif runs[-1]:
            runs.append([])
    for run in reversed([run for run in runs if len(run) >= _SPELLED]):
        text = text[: run[0].start()] + HIDDEN + text[run[-1].end() :]
    return text


def _is_numeral(word: str) -> bool:
    return any("NUMR" in reading.tag for reading in morphology.parse(word.lower()))
