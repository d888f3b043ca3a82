"""Personal data of people in a text: phones, addresses, cards, documents."""

import re
from collections.abc import Iterator, Sequence

from dialogs.safety.letters import visible

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\bсобака\b)\s?[\w-]+(?:(?:\.|\s?(?:\(dot\)|\bточка\b)\s?)[\w-]+)+"
)
_OUR_BOXES = re.compile(
    r"(?:info|support|help|hello|sales|office|mail|contact|school|team|noreply|care|privacy|admin|hr|pr)\b"
)
_PHONE = re.compile(
    r"(?<![\w.,#-])(?:\+\s?\d|8|7)?[\s(.-]{0,3}\(?\d{3}\)?[\s).-]{0,3}\d{3}[\s.-]?\d{2}[\s.-]?\d{2}"
    r"(?![\w-]|[.,]\d)"
)
_ABROAD = re.compile(r"(?<!\w)\+\d(?:[\s()-]{0,2}\d){8,13}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{4}[\s-]?\d{4}[\s-]?\d{4}[\s-]?\d{4}(?:[\s-]?\d{1,3})?(?!\d)")
_DOCUMENT = re.compile(
    r"(?:паспорт\w*|passport|снилс|snils|инн|водительск\w+)\D{0,25}?"
    r"(\d{2}\s?\d{2}\s?(?:№|номер)?\s?\d{6}|\d{3}[- ]\d{3}[- ]\d{3}[- ]\d{2}|\d{12}|\d{9})"
)
_SNILS = re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[- ]\d{2}(?!\d)")
_HANDLE = re.compile(r"(?<![\w.])@[a-z][a-z0-9_]{4,31}\b(?!\.)")
_OF_A_PERSON = re.compile(r"(?:ученик\w*|клиент\w*|студент\w*|покупател\w*|его|ее|ему|ей|client|student|customer)\W")
_SAMPLE = re.compile(r"(?:например|пример|к примеру|формат\w*|вида|образец|example|e\.g\.|for instance)\W{0,4}$")
_THEIR_OWN = re.compile(r"(?:ваш|вас|вы |вам |твой|твоя|тебя|your|you )[^.!?]{0,40}$")
_SAMPLE_DIGITS = ("1234567", "0000000", "9999999")
_ENOUGH = 10
_ORDER = re.compile(
    r"(?:заказ\w*|счет\w*|договор\w*"
    r"|артикул\w*|заявк\w*|order|invoice|номер\s+сделки|лицензи\w+|огрн|инн организации)\W{0,6}(?:номер)?\W{0,3}$"
)


def foreign(text: str, own: Sequence[str] = ()) -> Iterator[str]:
    """Yield personal data which is neither ours, nor the customer's own, nor a sample."""
    seen = visible(text)
    known = {_digits(contact) or contact.lower() for contact in own} | {contact.lower() for contact in own}
    for found in _EMAIL.finditer(seen):
        if found[0] not in known and not _OUR_BOXES.match(found[0]) and not _is_excused(seen, found.start()):
            yield found[0]
    yield from _phones(seen, known)
    for found in _CARD.finditer(seen):
        named = "карт" in seen[max(0, found.start() - 60) : found.start()]
        if (named or _is_card(_digits(found[0]))) and not _ORDER.search(seen[: found.start()]):
            yield found[0]
    for pattern in (_DOCUMENT, _SNILS):
        yield from (found[0] for found in pattern.finditer(seen))
    for found in _HANDLE.finditer(seen):
        if _OF_A_PERSON.search(seen[max(0, found.start() - 30) : found.start()]):
            yield found[0]


def _phones(seen: str, known: set[str]) -> Iterator[str]:
    for pattern in (_PHONE, _ABROAD):
        for found in pattern.finditer(seen):
            digits = _digits(found[0])
            if len(digits) < _ENOUGH or _tail(digits) in {_tail(contact) for contact in known}:
                continue
            if (
                digits[-10:].startswith("800")
                or digits.endswith(_SAMPLE_DIGITS)
                or _is_excused(seen, found.start())
                or _ORDER.search(seen[: found.start()])
            ):
                continue
            yield found[0].strip()


def _is_excused(seen: str, at: int) -> bool:
    before = seen[max(0, at - 60) : at]
    return bool(_SAMPLE.search(before) or _THEIR_OWN.search(before))


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _tail(digits: str) -> str:
    return digits[-10:]


def _is_card(digits: str) -> bool:
    """Tell whether the check digit is right (Luhn): an order's long number mostly has a wrong one."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
