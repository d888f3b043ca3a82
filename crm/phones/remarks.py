"""What customers say about the numbers they gave: "забудьте тот номер", "ой", "это старый", "не на этот"."""

import re

_FLAGS = re.IGNORECASE

_OLD_WORDS = r"(?:стар\w+|прежн\w+|бывш\w+|раньше|был[ао]?|прошл\w+|предыдущ\w+)"
_NEGATED_BEFORE = re.compile(
    r"(?<!если )\bне\s+(?:(?:на|по|с|звон\w+|пиш\w+|набир\w+|писать|номер\w*|этот|тот|мой|мне|больше|надо|нужно|"
    r"использ\w+|перезван\w+|телефон\w*)\s+)*[\s:«\"(]*\Z|\bвместо\s+(?:номера\s+)?\Z|\bnot\s+\Z|"
    r"(?<!не )\b(?:удали(?:те)?|забуд(?:ь|ьте)|сотри(?:те)?|убери(?:те)?)\W+(?:(?:мой|этот|номер|телефон|пожалуйста)\W+)*\Z",
    _FLAGS,
)
_NO_LONGER = (
    r"не\s+(?:мой|моя|тот|прав\w+|верн\w+|существ\w+|действ\w+|обслуж\w+|нужен|использ\w+|беспоко\w+)|не\s*актуал\w+|"
    r"не\s+работает(?!\W+(?:ват|вот|what|вайб|viber|тел|он\b))|неверн\w+|неправил\w+|недейств\w+|ошибоч\w+|"
    r"заблокир\w+|отключ[её]н\w*|забуд(?:ь|ьте)|удали(?:те)?\b"
)
_NEGATED_AFTER = re.compile(
    rf"[\W_]*(?:(?:это|номер|он|уже|больше|теперь|этот|прошу|пожалуйста)[\W_]+)*(?:{_NO_LONGER})", _FLAGS
)
_OLD_BEFORE = re.compile(rf"\b{_OLD_WORDS}\W+(?:(?:мой|номер\w*|тел\w*|такой)\W+)*\Z", _FLAGS)
_OLD_AFTER = re.compile(rf"\W*(?:это\W+)?(?:мой\W+)?(?:{_OLD_WORDS}|устарел\w*)\b", _FLAGS)

_OURS_BEFORE = re.compile(
    r"\b(?:с|по|на)\s+ваш(?:его|ему|ем|ей|у)?\s+(?:номер\w*|тел\w*)?[\s:+]*\Z|"
    r"\b(?:(?:мне|нам)\W+(?:\w+\W+)?(?:по)?звонил\w*|(?:по)?звонил\w*\W+(?:мне|нам))\W+(?:\w+\W+)?с\s+(?:номера\s+|телефона\s+)?\+?\Z",
    _FLAGS,
)
_OURS_NEAR = re.compile(
    r"(?:\bваш\w*\s+(?:номер|тел)\w*|\b(?:на|с)\s+(?:ваше\w+\s+)?сайт\w*|у вас\b)[^.!;\n]{0,20}\Z", _FLAGS
)
_UNREACHED = re.compile(r"\W*(?:\w+\W+){0,2}(?:не (?:отвеч|дозвон|бер|работ|доступ)|занят|недоступ|тишин)", _FLAGS)

_FORGET = re.compile(
    r"(?<!не )\b(?:забуд(?:ь|ьте)|удали(?:те|ть)?|сотри(?:те)?|убери(?:те)?|вычеркн\w+|forget|delete|remove)\b|"
    r"\b(?:не\s*актуал\w+|недействит\w+|(?:больше|уже) не (?:мой|работает)|"
    rf"это (?:был )?{_OLD_WORDS}|"
    r"(?:тот|этот|прошлый|предыдущий|прежний|старый) (?:номер )?(?:уже |больше )?(?:не |отключ|заблок|устар)|"
    r"передума\w+\W+(?:(?:уже|пока|больше|пожалуйста)\W+)*(?:не (?:над|нуж|звон)|дав|оставл)\w*(?!\W+(?:звон|пиш))|"
    r"на (?:него|этот|тот) (?:больше )?не|не (?:звоните|пишите) на (?:него|этот|тот))",
    _FLAGS,
)
# With a number behind it, "новый номер" takes back the one before; alone it only announces one.
_RENEWED = re.compile(r"\b(?:смени\w+|поменя\w+|измени\w+|нов(?:ый|ого|ому) (?:номер|телефон)|номер новый)", _FLAGS)
_NOW = re.compile(r"\bтеперь(?: другой| новый)?\b", _FLAGS)
_PRESENT = re.compile(r"\bэто\b|\bэтот\b", _FLAGS)
_FORMER = re.compile(r"\b(?:стар|прежн|прошл|бывш)\w+", _FLAGS)
_PLACE = r"\b(?P<place>перв|втор|последн)\w+"
_PLACES = {"перв": 0, "втор": 1, "последн": -1}
_FORGET_PLACE = (
    re.compile(
        rf"{_PLACE}\W+(?:(?:номер\w*|уже|больше|пока|лучше)\W+)*(?:{_NO_LONGER}|не надо|"
        r"не (?:звон|набир)(?:ите|ить|айте|ать)|убери\w*|сотри\w*)",
        _FLAGS,
    ),
    re.compile(rf"(?<!не )\b(?:забуд\w+|удали\w*|убери\w*|сотри\w*|не (?:звоните|пишите) на)\W+{_PLACE}", _FLAGS),
)
_WRONG = re.compile(
    r"\bне тот(?: номер)?\b|\bне мой\b|не ?правил\w+|не ?верн\w+|\bошиб(?:ся|лась|ла|ка|очка|очно|очный)\b|опечат\w+|"
    r"wrong number|\bне туда\b|\bперепутал\w*|my mistake|typo",
    _FLAGS,
)
_INSTEAD = re.compile(
    r"\b(?:ой|ойй+|упс|точнее|вернее|то есть|т\.е|поправк\w+|исправ\w+|правильн\w+|верный|sorry|wrong|i mean|actually|"
    r"correction|oops|пардон|сорри|сори|простите|извин\w+|лучше вот|а нет|погоди\w*|подожди\w*|стоп|вместо|замен\w+|"
    r"не так|блин|тьфу|передумал\w*)\b|^\W*нет\b\W*(?:[,.!]|лучше|вот|это|не\b)|\bнет[,.]? нет\b|\bнет,|\A\s*\*",
    _FLAGS,
)
_STAR_AFTER = re.compile(r"\s*\*\s*\Z")  # "89161234576*": the sign of a correction in chats
_ADDED = re.compile(
    r"\b(?:ещ[её]|также|тоже|второй|другой|или|и|дополнит\w+|запасн\w+|добав\w+|плюс|also|another|второго|резервн\w+|"
    r"рабоч\w+|домашн\w+|жен[аыеу]|муж\w*|мам\w+)\b",
    _FLAGS,
)
_SAME = re.compile(r"\bтот же\b|\bпрежний\b|тот самый|без изменений|вс[её] (?:верно|правильно|так)|same number", _FLAGS)
_NEAR = 80  # characters around a number that can speak of it
_FEW_WORDS = 5  # an "ой" in a longer message is about something else


def is_negated(before: str, after: str) -> bool:
    """Tell whether the words around a number say that it is not the one."""
    before, after = before[-_NEAR:], after[:_NEAR]
    return _NEGATED_BEFORE.search(before) is not None or _NEGATED_AFTER.match(after) is not None


def is_old(before: str, after: str) -> bool:
    """Tell whether the words around a number call it a former one."""
    before, after = before[-_NEAR:], after[:_NEAR]
    return _OLD_BEFORE.search(before) is not None or _OLD_AFTER.match(after) is not None


def is_ours(before: str, after: str) -> bool:
    """Tell whether the number is one of the business, which called the person or was called in vain."""
    before, after = before[-_NEAR:], after[:_NEAR]
    if _OURS_BEFORE.search(before):
        return True
    return _OURS_NEAR.search(before) is not None and _UNREACHED.match(after) is not None


def forgets_before_new(text: str) -> bool:
    """Tell whether the words before a number take back all that was given."""
    if _FORGET.search(text):
        return True
    is_renewed = _RENEWED.search(text) is not None or _NOW.search(text) is not None
    return is_renewed and _ADDED.search(_NOW.sub("", text)) is None


def forgets(text: str, *, held: int) -> bool:
    """Tell whether a message without a number takes back all `held` numbers. One number alone is not "the old one"."""
    match = _FORGET.search(text)
    if match is None:
        return False
    return held > 1 or match.group().startswith("это") or _FORMER.search(text) is None


def forgotten_place(text: str) -> int | None:
    """Return the place (0, 1 or -1) of the one number that is taken back: "второй номер забудьте"."""
    match = next((found for found in (pattern.search(text) for pattern in _FORGET_PLACE) if found), None)
    return None if match is None else _PLACES[match["place"].lower()]


def is_wrong(text: str) -> bool:
    """Tell whether the text admits a mistake in the number given before."""
    return _WRONG.search(text) is not None


def announces_another(text: str) -> bool:
    """Tell whether a short message without a number says that the next one replaces the last: "ой", "сменил номер"."""
    if len(text.split()) > _FEW_WORDS or _ADDED.search(text):
        return False
    return _INSTEAD.search(text) is not None or (_RENEWED.search(text) is not None and _PRESENT.search(text) is None)


def replaces(before: str, after: str = "") -> bool:
    """Tell whether the words around a number say that it stands in place of the last one."""
    if _ADDED.search(before):
        return False
    return is_wrong(before) or _INSTEAD.search(before) is not None or _STAR_AFTER.match(after[:_NEAR]) is not None


def confirms(text: str) -> bool:
    """Tell whether the text says that the number given before stays."""
    return _SAME.search(text) is not None
