"""Corrections of single digits of a number given before: "не 67, а 76", "последняя цифра 8"."""

import re
from dataclasses import dataclass

_FLAGS = re.IGNORECASE
_PART = r"(?<![\d■])(?<!\d[ \-])(\d(?:[ \-]?\d){0,6})(?![ \-]?\d)"
_TAIL = r"(?<!\d)(\d(?:[ \-]?\d){0,6})(?![ \-]?\d)"
_NOT_BUT = re.compile(rf"\bне\s+(?:на\s+|было\s+)?{_PART}\W+а\s+(?:на\s+)?{_PART}", _FLAGS)
_BUT_NOT = re.compile(rf"{_PART}\W+(?:а\s+)?не\s+{_PART}", _FLAGS)
_UNWANTED = re.compile(
    rf"{_PART}\W+(?:не надо|не нужно|не ?верно|не ?правильно|лишн\w+)\W+(?:а|там|надо|нужно|должно быть|это)\W+{_PART}",
    _FLAGS,
)
_INSTEAD = re.compile(
    r"\bвместо\s+(\d{1,7})(?:\W+(?:будет|надо|нужно|должно быть|пишите|правильно))?\W+(\d{1,7})(?![ \-]?\d)",
    _FLAGS,
)
_INSTEAD_AFTER = re.compile(rf"{_PART}\W+вместо\s+{_PART}", _FLAGS)
_NOT_BUT_ENGLISH = re.compile(rf"\bnot\s+{_PART}\W+but\s+{_PART}", _FLAGS)
_LAST = re.compile(
    r"\b(?:последн\w+|в\s+конце|на\s+конце|конец|оканчивается(?:\s+на)?|заканчивается(?:\s+на)?|last)\b\W*"
    rf"(?:(?:[2-6]|пар\w*)\W+)?(?:цифр\w*|digits?|цифер\w*)?(?:\W+(?:должн\w+\s+быть|наоборот|там|это|на|правильно|is|are|будет))?\W*{_TAIL}",
    _FLAGS,
)
_LAST_AFTER = re.compile(
    rf"(?<!или )(?<!либо ){_PART}\W+(?:в|на)\s+конце\b|{_PART}\W+последн\w+(?=\W*\Z|\W+цифр)", _FLAGS
)
_STARRED = re.compile(r"\A\s*\*\s*(\d{1,4})\s*\Z|\A\s*(\d{1,4})\s*\*\s*\Z")  # how chats mark a correction
_BEFORE_LAST = re.compile(rf"\bпредпоследн\w+(?:\W+цифр\w*)?\W+(?:это\W+)?{_PART}", _FLAGS)
_ORDINALS = ("перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят")
_ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)})\w*\W+(?:(цифр\w*)\W+)?(?:(с\s+конца)\W+)?(?:цифр\w*\W+)?"
    r"(?:(?:должн\w+\s+быть|там|это|будет)\W+)*(?:не\s+(\d)\W+а\W+)?(\d)(?![\d.:])",
    _FLAGS,
)
_CODE = re.compile(
    r"\bкод\w*\W+(?:(?:оператора|неправ\w+|неверн\w+|не тот|другой|будет|там|это|правильный)\W+)*(\d{3})(?![ \-]?\d)",
    _FLAGS,
)
_BARE_TAIL = re.compile(r"(?<![\d■])(?<!\d[ \-])(\d(?:[ \-]?\d){2,4})\W*(?:\b[^\W\d]+\W*)*\Z")
_OPERATOR = re.compile(r"[78]?(9\d\d)\Z")
_WORD = re.compile(r"[^\W\d]+")
_TAIL_WORD = re.compile(
    r"ой+|упс|точнее|вернее|опечат\w*|ошиб\w*|сорр?и|sorry|oops|простите|извин\w*|пардон|блин|тьфу|то|есть|т|е|нет|не|так|"
    r"там|это|в|на|номере|правильно|поправ\w*|исправ\w*|my|typo|mistake",
    _FLAGS,
)
_AT_END = re.compile(r"последн|конц|конец|оканч|заканч|\blast", _FLAGS)


@dataclass(frozen=True, slots=True)
class Partial:
    """Some digits of the held number replaced: `old` by `new`, or the last ones when `old` is None."""

    old: str | None
    new: str
    start: int
    end: int
    at_end: bool = False
    from_end: int = 0  # digits that stay untouched behind the replaced ones
    place: int = 0  # of the one digit, counted from the first; `old` is what stands there, if it was said


def find_partials(text: str) -> list[Partial]:
    """Return the corrections of single digits, in the order of the text."""
    at_place = _find_place(text)
    if at_place is not None:
        return [at_place]
    at_end = _AT_END.search(text) is not None
    for pattern, old, new in (
        (_NOT_BUT, 1, 2),
        (_BUT_NOT, 2, 1),
        (_UNWANTED, 1, 2),
        (_INSTEAD, 1, 2),
        (_INSTEAD_AFTER, 2, 1),
        (_NOT_BUT_ENGLISH, 1, 2),
    ):
        found = [
            Partial(_only_digits(m[old]), _only_digits(m[new]), m.start(), m.end(), at_end)
            for m in pattern.finditer(text)
        ]
        if found:
            return found
    match = _BEFORE_LAST.search(text)
    if match:
        return [Partial(None, _only_digits(match[1]), match.start(), match.end(), from_end=1)]
    match = _LAST.search(text) or _LAST_AFTER.search(text) or _STARRED.search(text)
    if match:
        digits = next(group for group in match.groups() if group)
        return [Partial(None, _only_digits(digits), match.start(), match.end(), at_end=True)]
    return []


def _find_place(text: str) -> Partial | None:
    """Return the change in "третья цифра с конца 5" and "вторая цифра не 1, а 7"."""
    match = _ORDINAL.search(text.replace("ё", "е"))
    if match is None or not (match[2] or match[3]):
        return None
    place = _ORDINALS.index(match[1].lower()) + 1
    if match[3]:
        return Partial(None, match[5], match.start(), match.end(), from_end=place - 1)
    return Partial(match[4] or "", match[5], match.start(), match.end(), place=place)


def find_bare_tail(text: str) -> Partial | None:
    """Return the change in "упс 0653": nothing but digits and a word or two that admit a mistake."""
    match = _BARE_TAIL.search(text)
    if match is None or not all(_TAIL_WORD.fullmatch(word) for word in _WORD.findall(text)):
        return None
    digits = _only_digits(match[1])
    operator = _OPERATOR.match(digits)
    if operator:
        return Partial("", operator[1], match.start(), match.end())
    return Partial(None, digits, match.start(), match.end(), at_end=True)


def find_code_change(text: str) -> Partial | None:
    """Return the change in "ой, код 917"."""
    match = _CODE.search(text)
    return Partial("", match[1], match.start(), match.end()) if match else None


def concerns(partial: Partial, e164: str) -> bool:
    """Tell whether the digits to replace stand in the number at all: "в 10, а не в 11" is about something else."""
    return partial.old is None or partial.place > 0 or partial.old in e164 or partial.old in f"8{e164[2:]}"


def apply_partial(partial: Partial, e164: str) -> str | None:
    """Return the corrected number (still to be checked), or None when it is unclear which digits are meant."""
    digits = e164[1:]
    if partial.old is None:
        stop = len(digits) - partial.from_end
        return f"+{digits[: stop - len(partial.new)]}{partial.new}{digits[stop:]}"
    if partial.place:
        return _swap_place(digits, partial)
    if partial.old == "":
        return f"+{digits[:-10]}{partial.new}{digits[-7:]}" if len(digits) >= 10 else None
    for prefix in ("7", "8") if digits.startswith("7") and len(digits) == 11 else ("",):
        spelt = prefix + digits[len(prefix) :]
        changed = _swap(spelt, partial)
        if changed is not None:
            return f"+7{changed[1:]}" if prefix and changed[:1] == prefix else f"+{changed}"
    return None


def _swap_place(digits: str, partial: Partial) -> str | None:
    """Change one digit by its place, if what stands there tells whether people counted the leading 8."""
    if not digits.startswith("7") or not partial.old:
        return None
    for spelt in (f"8{digits[1:]}", digits[1:]):
        at = partial.place - 1
        if spelt[at : at + 1] == partial.old:
            return f"+7{(spelt[:at] + partial.new + spelt[at + 1 :])[-10:]}"
    return None


def _swap(digits: str, partial: Partial) -> str | None:
    old, new = partial.old or "", partial.new
    if digits.endswith(old):
        return digits[: -len(old)] + new
    if partial.at_end or digits.count(old) != 1:
        # "916" may stand twice; the code is meant when it opens the number.
        return digits[:1] + new + digits[1 + len(old) :] if digits[1:].startswith(old) and len(old) == 3 else None
    return digits.replace(old, new)


def _only_digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())
