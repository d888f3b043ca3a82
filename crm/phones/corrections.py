"""What customers say about a number they gave: "не 67, а 76", "забудьте тот номер", "ой"."""

import re
from dataclasses import dataclass

_FLAGS = re.IGNORECASE
_PART = r"(?<![\d■])(?<!\d[ \-])(\d(?:[ \-]?\d){0,6})(?![ \-]?\d)"
_NOT_BUT = re.compile(rf"\bне\s+(?:на\s+|было\s+)?{_PART}\W+а\s+(?:на\s+)?{_PART}", _FLAGS)
_BUT_NOT = re.compile(rf"{_PART}\W+а\s+не\s+{_PART}", _FLAGS)
_INSTEAD = re.compile(
    r"\bвместо\s+(\d{1,7})(?:\W+(?:будет|надо|нужно|должно быть|пишите|правильно))?\W+(\d{1,7})(?![ \-]?\d)",
    _FLAGS,
)
_INSTEAD_AFTER = re.compile(rf"{_PART}\W+вместо\s+{_PART}", _FLAGS)
_NOT_BUT_ENGLISH = re.compile(rf"\bnot\s+{_PART}\W+but\s+{_PART}", _FLAGS)
_LAST = re.compile(
    r"\b(?:последн\w+|в\s+конце|на\s+конце|конец|оканчивается(?:\s+на)?|заканчивается(?:\s+на)?|last)\b\W*"
    rf"(?:(?:[2-6]|пар\w*)\W+)?(?:цифр\w*|digits?|цифер\w*)?(?:\W+(?:должн\w+\s+быть|там|это|на|правильно|is|are|будет))?\W*{_PART}",
    _FLAGS,
)
_LAST_AFTER = re.compile(rf"{_PART}\W+(?:в|на)\s+конце\b|{_PART}\W+последн\w+(?=\W*\Z|\W+цифр)", _FLAGS)
_BEFORE_LAST = re.compile(rf"\bпредпоследн\w+(?:\W+цифр\w*)?\W+(?:это\W+)?{_PART}", _FLAGS)
_CODE = re.compile(r"\bкод\w*\W+(?:оператора\W+)?(\d{3})(?![ \-]?\d)", _FLAGS)
_AT_END = re.compile(r"последн|конц|конец|оканч|заканч|\blast", _FLAGS)

_OLD_WORDS = r"(?:стар\w+|прежн\w+|бывш\w+|раньше|был[ао]?|прошл\w+)"
_NEGATED_BEFORE = re.compile(
    r"(?<!если )\bне\s+(?:(?:на|по|с|звон\w+|пиш\w+|набир\w+|писать|номер\w*|этот|тот|мой|мне|больше|надо|нужно|"
    r"использ\w+|перезван\w+|телефон\w*)\s+)*[\s:«\"(]*\Z|\bвместо\s+(?:номера\s+)?\Z|\bnot\s+\Z",
    _FLAGS,
)
_NEGATED_AFTER = re.compile(
    r"[\W_]*(?:(?:это|номер|он|уже|больше|теперь|этот)[\W_]+)*(?:не\s+(?:мой|моя|тот|прав\w+|верн\w+|актуал\w+|существ\w+|действ\w+|обслуж\w+)"
    r"|не\s+работает(?!\W+(?:ват|вот|what|вайб|viber|тел|он\b))|неверн\w+|неправил\w+|неактуал\w+|недейств\w+|ошибоч\w+|"
    r"заблокир\w+|отключ[её]н\w*|забудьте|удалите)",
    _FLAGS,
)
_OLD_BEFORE = re.compile(rf"\b{_OLD_WORDS}\W+(?:(?:мой|номер\w*|тел\w*|такой)\W+)*\Z", _FLAGS)
_OLD_AFTER = re.compile(rf"\W*(?:это\W+)?(?:мой\W+)?(?:{_OLD_WORDS}|устарел\w*)\b", _FLAGS)

_FORGET = re.compile(
    r"(?<!не )\b(?:забуд(?:ь|ьте)|удали(?:те)?|сотри(?:те)?|убери(?:те)?|вычеркн\w+|forget|delete|remove)\b|"
    r"\b(?:неактуал\w+|недействит\w+|больше не (?:мой|актуал\w+|работает)|уже не (?:мой|актуал\w+|работает)|"
    rf"это (?:был )?{_OLD_WORDS}|"
    r"(?:тот|этот|прошлый|прежний|старый) (?:номер )?(?:уже |больше )?(?:не |отключ|заблок|устар)|"
    r"сменил\w*|поменял\w*|нов(?:ый|ого|ому) (?:номер|телефон)|номер новый)",
    _FLAGS,
)
_FORGET_OBJECT = re.compile(r"номер|телефон|контакт|данные|его|этот|тот|number|phone|it\b|\Z", _FLAGS)
_FORGET_ONE = re.compile(r"\b(?P<first>перв\w+)|(?P<second>втор\w+)", _FLAGS)
_WRONG = re.compile(
    r"\bне тот(?: номер)?\b|\bне мой\b|неправил\w+|неверн\w+|\bошиб(?:ся|лась|ла|ка|очка|очно|очный)\b|опечат\w+|"
    r"wrong number|\bне туда\b|\bперепутал\w*|my mistake|typo",
    _FLAGS,
)
_INSTEAD_WORD = re.compile(
    r"\b(?:ой|ойй+|упс|точнее|вернее|то есть|т\.е|поправк\w+|исправ\w+|правильн\w+|верный|"
    r"sorry|wrong|i mean|actually|correction|oops|пардон|сорри|сори|простите|извин\w+|"
    r"лучше вот|а нет|погоди\w*|стоп|вместо|замен\w+|не так|блин|тьфу|"
    r"передумал\w*)\b|^\W*нет\b\W*[,.!]|\bнет[,.]? нет\b|\bнет,|\A\s*\*",
    _FLAGS,
)
_ADDED_WORD = re.compile(
    r"\b(?:ещ[её]|также|тоже|второй|другой|или|и|дополнит\w+|запасн\w+|добав\w+|плюс|also|another|второго|резервн\w+|рабоч\w+|домашн\w+|"
    r"жен[аыеу]|муж\w*|мам\w+)\b",
    _FLAGS,
)
_SAME = re.compile(
    r"\bтот же\b|\bпрежний\b|тот самый|тот же самый|без изменений|вс[её] (?:верно|правильно|так)|same number", _FLAGS
)


@dataclass(frozen=True, slots=True)
class Partial:
    """Some digits of the held number replaced: `old` by `new`, or the last ones when `old` is None."""

    old: str | None
    new: str
    start: int
    end: int
    at_end: bool = False
    from_end: int = 0  # digits that stay untouched behind the replaced ones


def find_partials(text: str) -> list[Partial]:
    """Return the corrections of single digits, in the order of the text."""
    at_end = _AT_END.search(text) is not None
    for pattern, old, new in (
        (_NOT_BUT, 1, 2),
        (_BUT_NOT, 2, 1),
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
    match = _LAST.search(text) or _LAST_AFTER.search(text)
    if match:
        digits = next(group for group in match.groups() if group)
        return [Partial(None, _only_digits(digits), match.start(), match.end(), at_end=True)]
    return []


def find_code_change(text: str) -> Partial | None:
    """Return the change in "ой, код 917"."""
    match = _CODE.search(text)
    return Partial("", match[1], match.start(), match.end()) if match else None


def apply_partial(partial: Partial, e164: str) -> str | None:
    """Return the corrected number (still to be checked), or None when it is unclear which digits are meant."""
    digits = e164[1:]
    if partial.old is None:
        stop = len(digits) - partial.from_end
        return f"+{digits[: stop - len(partial.new)]}{partial.new}{digits[stop:]}"
    if partial.old == "":
        return f"+{digits[:-10]}{partial.new}{digits[-7:]}" if len(digits) >= 10 else None
    for prefix in ("7", "8") if digits.startswith("7") and len(digits) == 11 else ("",):
        spelt = prefix + digits[len(prefix) :]
        changed = _swap(spelt, partial)
        if changed is not None:
            return f"+7{changed[1:]}" if prefix and changed[:1] == prefix else f"+{changed}"
    return None


def _swap(digits: str, partial: Partial) -> str | None:
    old, new = partial.old or "", partial.new
    if digits.endswith(old):
        return digits[: -len(old)] + new
    if partial.at_end or digits.count(old) != 1:
        # "916" may stand twice; the code is meant when it opens the number.
        return digits[:1] + new + digits[1 + len(old) :] if digits[1:].startswith(old) and len(old) == 3 else None
    return digits.replace(old, new)


def is_negated(before: str, after: str) -> bool:
    """Tell whether the words around a number say that it is not the one."""
    return _NEGATED_BEFORE.search(before) is not None or _NEGATED_AFTER.match(after) is not None


def is_old(before: str, after: str) -> bool:
    """Tell whether the words around a number call it a former one."""
    return _OLD_BEFORE.search(before) is not None or _OLD_AFTER.match(after) is not None


def forgets(text: str) -> bool:
    """Tell whether the text takes back all that was given."""
    match = _FORGET.search(text)
    return match is not None and _FORGET_OBJECT.search(text) is not None


def forgotten_place(text: str) -> int | None:
    """Return the place (0 or 1) of the one number that is taken back: "второй номер забудьте"."""
    match = _FORGET_ONE.search(text)
    return None if match is None else 0 if match["first"] else 1


def is_wrong(text: str) -> bool:
    """Tell whether the text admits a mistake in the number given before."""
    return _WRONG.search(text) is not None


def replaces(text: str) -> bool:
    """Tell whether the words before a number say that it stands in place of the last one."""
    if _ADDED_WORD.search(text):
        return False
    return _WRONG.search(text) is not None or _INSTEAD_WORD.search(text) is not None


def confirms(text: str) -> bool:
    """Tell whether the text says that the number given before stays."""
    return _SAME.search(text) is not None


def _only_digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())
