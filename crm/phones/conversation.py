"""Follows a conversation message by message and says which numbers the bot should hold after the last one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.phones import corrections, remarks
from crm.phones.areas import city_code, countries
from crm.phones.characters import plain
from crm.phones.corrections import Partial
from crm.phones.numerals import has_numerals
from crm.phones.plans import digits_key, is_test_number, recognise, why_not
from crm.phones.reading import Reading, read_message
from crm.phones.runs import Fragment, Number
from crm.phones.values import Found, Reason

_DIGIT = re.compile(r"\d|[\u2460-\u24ff]|\U0001f51f")
_MAX_LENGTH = 10_000  # no channel delivers longer messages
_LOOKS_LIKE_PHONE = re.compile(r"[78]?9\d{2,}\Z|8\d{9,}\Z|7\d{9,}\Z")
_LOCAL_LENGTHS = range(5, 8)
_NATIONAL_LENGTH = 10
_AREA_LENGTHS = range(3, 6)
_LONG = range(7, 18)  # so many digits are a try at a phone, whatever they begin with
_FEWEST_IN_A_SUM = 4
_CODE_DIGITS = 3
_LOCAL_GROUPS = 3  # 123-45-67


def find_phones(messages: Sequence[str], *, region: str = "RU") -> Found:
    """Return the numbers to hold after these messages of one customer, oldest first. Never raises on any text."""
    memory = _Memory(region)
    for message in messages:
        memory.hear(message[:_MAX_LENGTH])
    return memory.found()


def _shape(text: str) -> list[int]:
    return [len(group) for group in re.findall(r"\d+", text)]


@dataclass(slots=True)
class _Memory:
    """What is known so far. Lives for one call of `find_phones`."""

    region: str
    numbers: list[str] = field(default_factory=list)
    old: set[str] = field(default_factory=set)
    last: str | None = None  # the number given last, held or not: corrections speak of it
    last_place: int = 0
    is_replacing: bool = False  # a mistake was admitted, the next number takes the place of the last
    extension: str | None = None
    reason: Reason = Reason.NONE
    tail: Fragment | None = None  # half a number, waiting for the other half
    area: str | None = None
    said: list[str] = field(default_factory=list)

    def found(self) -> Found:
        held = [number for number in self.numbers if number not in self.old] or self.numbers
        if not held:
            return Found((), None, str(self.reason))
        return Found(tuple(held), self.extension, None)

    def hear(self, message: str) -> None:
        self.said.append(message)
        if not _DIGIT.search(message) and not has_numerals(message):
            self._hear_without_digits(message)
            return
        text = plain(message)
        hints = tuple(hint for hint in countries(" ".join(self.said)) if hint != self.region)
        reading = read_message(text, region=self.region, hints=hints, may_correct=self.last is not None)
        if reading.area:
            self.area = reading.area
        self._take_numbers(reading)
        if not (reading.numbers or self._take_partials(reading, reading.partials) or self._join_halves(reading, hints)):
            self._note_reason(reading)
            self._hear_words(reading.text)
        if reading.extension and self.last is not None:
            self.extension = reading.extension

    # Numbers

    def _take_numbers(self, reading: Reading) -> None:
        at = 0
        stops = [*(number.start for number in reading.numbers[1:]), len(reading.text)]
        for number, stop in zip(reading.numbers, stops, strict=False):
            self._take_partials(reading, [p for p in reading.partials if at <= p.start < number.start])
            self._take(number, reading.text[at : number.start], reading.text[number.end : stop])
            at = number.end
        if reading.numbers:
            self.tail = None
            self._take_partials(reading, [p for p in reading.partials if p.start >= at])
            self._forget_after(reading.text[at:])
            self._share_area(reading)

    def _share_area(self, reading: Reading) -> None:
        """Follow "8 (495) 123-45-67, 123-45-68": a second number of the same city is given without its code."""
        number = reading.numbers[-1]
        if self.last != number.e164 or not number.e164.startswith("+7") or number.e164[2] == "9":
            return
        shape = _shape(reading.text[number.start : number.end])[-_LOCAL_GROUPS:]
        for piece in reading.fragments:
            is_alike = _shape(reading.text[piece.start : piece.end]) == shape
            if is_alike and piece.start >= number.end and piece.groups == _LOCAL_GROUPS:
                self._hold_joined(number.e164[2 : -len(piece.digits)] + piece.digits, False, ())

    def _take(self, number: Number, before: str, after: str) -> None:
        e164 = number.e164
        if is_test_number(digits_key(e164)):
            self.reason = Reason.TEST_NUMBER
        elif remarks.is_negated(before, after):
            self._drop(e164)
            self.reason = Reason.WITHDRAWN
        else:
            if remarks.is_old(before, after):
                self.old.add(e164)
            self._make_room(before, after)
            self._hold(e164)

    def _make_room(self, before: str, after: str = "") -> None:
        """Remove what the words around a number take back."""
        place = remarks.forgotten_place(before)
        if place is not None and len(self.numbers) > 1:
            self._drop_place(place)
        elif self.numbers and remarks.forgets_before_new(before):
            self._drop_all()
        elif self.last is not None and (self.is_replacing or remarks.replaces(before, after)):
            self._drop(self.last)
        self.is_replacing = False

    def _hold(self, e164: str) -> None:
        if e164 not in self.numbers:
            self.numbers.insert(min(self.last_place, len(self.numbers)), e164)
        self.last = e164
        self.last_place = len(self.numbers)

    def _drop(self, e164: str) -> None:
        if e164 in self.numbers:
            self.last_place = self.numbers.index(e164)
            self.numbers.remove(e164)

    def _drop_place(self, place: int) -> None:
        if place < len(self.numbers):
            self._drop(self.numbers[place])
        self.last_place = len(self.numbers)

    def _drop_all(self) -> None:
        self.numbers.clear()
        self.last_place = 0
        self.extension = None

    # Words and single digits

    def _hear_without_digits(self, message: str) -> None:
        if self.last is not None:
            self._hear_words(message)
        code = city_code(message) if self.tail is not None else None
        if code is not None and self.tail is not None and len(code) + len(self.tail.digits) == _NATIONAL_LENGTH:
            self._hold_joined(code + self.tail.digits, False, ())

    def _hear_words(self, text: str) -> None:
        """Follow a message without a number: forgetting, admitting a mistake, confirming."""
        if remarks.confirms(text) and self.last is not None:
            if not self.numbers and not self.is_replacing:
                self._hold(self.last)
            return
        place = remarks.forgotten_place(text)
        if place is not None and len(self.numbers) > 1:
            self._drop_place(place)
        elif self.numbers and remarks.forgets(text, held=len(self.numbers)):
            self._drop_all()
            self.reason = Reason.WITHDRAWN
        elif remarks.is_wrong(text) and self.last is not None:
            self._drop(self.last)
            self.is_replacing = True
            self.reason = Reason.WITHDRAWN
        elif remarks.announces_another(text):
            self.is_replacing = True

    def _forget_after(self, text: str) -> None:
        """Follow "8916…, 8903… второй забудьте" inside one message."""
        place = remarks.forgotten_place(text)
        if place is not None and len(self.numbers) > 1:
            self._drop_place(place)

    def _take_partials(self, reading: Reading, partials: Sequence[Partial]) -> bool:
        if self.last is None:
            return False
        if not partials and not reading.numbers and self._is_code_change(reading):
            change = corrections.find_code_change(reading.text)
            partials = [change] if change else []
        changes = [partial for partial in partials if corrections.concerns(partial, self.last)]
        for partial in changes:
            self._change(partial)
        return bool(changes)

    def _is_code_change(self, reading: Reading) -> bool:
        return all(len(piece.digits) == _CODE_DIGITS for piece in reading.fragments) and (
            self.is_replacing or remarks.replaces(reading.text)
        )

    def _change(self, partial: Partial) -> None:
        assert self.last is not None  # noqa: S101 - asked by the caller
        changed = corrections.apply_partial(partial, self.last)
        valid = changed and recognise(changed[1:], plus=True, region=self.region)
        self._drop(self.last)
        self.is_replacing = False
        if valid:
            self._hold(valid)
        else:
            self.reason = Reason.UNCLEAR_CORRECTION

    # Halves

    def _join_halves(self, reading: Reading, hints: tuple[str, ...]) -> bool:
        """Join a piece with the area code, the city or an earlier piece; tell whether a number came of it."""
        pieces = list(reading.fragments)
        if not pieces:
            return self.tail is not None and self._join_area(self.tail, reading, hints)
        for piece in pieces:
            if self._join_tail(piece, hints) or self._join_area(piece, reading, hints):
                return True
        self.tail = self._longer_tail(pieces[-1])
        return False

    def _join_tail(self, piece: Fragment, hints: tuple[str, ...]) -> bool:
        tail = self.tail
        if tail is None or piece.has_plus:
            return False
        orders = [(tail, piece)]
        if len(tail.digits) in _LOCAL_LENGTHS and len(piece.digits) in _AREA_LENGTHS:
            orders.append((piece, tail))
        return any(self._hold_joined(a.digits + b.digits, a.has_plus, hints) for a, b in orders)

    def _join_area(self, piece: Fragment, reading: Reading, hints: tuple[str, ...]) -> bool:
        if len(piece.digits) not in _LOCAL_LENGTHS or piece.has_plus:
            return False
        area = self.area
        if area is None and (piece.groups > 1 or reading.speaks_of_phone):
            area = city_code(" ".join(self.said))
        if area is None or len(area) + len(piece.digits) != _NATIONAL_LENGTH:
            return False
        return self._hold_joined(area + piece.digits, False, hints)

    def _hold_joined(self, digits: str, has_plus: bool, hints: tuple[str, ...]) -> bool:
        e164 = recognise(digits, plus=has_plus, region=self.region, hints=hints)
        if e164 is None or is_test_number(digits_key(e164)):
            return False
        self._make_room("")
        self._hold(e164)
        self.tail = None
        return True

    def _longer_tail(self, piece: Fragment) -> Fragment:
        tail = self.tail
        if tail is None or piece.has_plus or len(tail.digits) + len(piece.digits) > _NATIONAL_LENGTH + 5:
            return piece
        return Fragment(tail.digits + piece.digits, tail.has_plus, 0, 0, tail.groups + piece.groups, piece.shortest)

    # Reasons

    def _note_reason(self, reading: Reading) -> None:
        reasons = list(reading.reasons)
        for piece in [self.tail, *reading.fragments] if reading.fragments and self.tail else reading.fragments:
            strong = piece.has_plus or _LOOKS_LIKE_PHONE.match(piece.digits) is not None
            if strong or self._is_long(piece) or self._is_local(piece, reading) or is_test_number(piece.digits):
                reason = why_not(piece.digits, plus=piece.has_plus, region=self.region)
                reasons.insert(0, reason) if strong and len(piece.digits) > 3 else reasons.append(reason)
        if reasons:
            self.reason = reasons[0]

    def _is_long(self, piece: Fragment) -> bool:
        """Tell phones with a mistake from a row of years or sums: "2024 2025", "1000 2000 3000"."""
        if len(piece.digits) not in _LONG:
            return False
        return piece.groups == 1 or piece.shortest < _FEWEST_IN_A_SUM

    def _is_local(self, piece: Fragment, reading: Reading) -> bool:
        return len(piece.digits) in _LOCAL_LENGTHS and (reading.speaks_of_phone or piece.groups == 3)
