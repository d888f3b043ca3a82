"""Follows a conversation message by message and says which numbers the bot should hold after the last one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.phones import corrections, remarks
from crm.phones.areas import city_code, city_codes, countries, only_one
from crm.phones.characters import has_digits, plain
from crm.phones.corrections import Partial
from crm.phones.halves import Halves
from crm.phones.held import Held
from crm.phones.numerals import has_numerals
from crm.phones.plans import digits_key, is_test_number, recognise
from crm.phones.reading import Reading, read_message
from crm.phones.reasons import name_reason
from crm.phones.runs import LOCAL_GROUPS, Number
from crm.phones.values import Found, Reason

_MAX_LENGTH = 4_096  # Telegram's longest message
_CODE_LENGTH = 3
_FEW_WORDS = 3  # "мск 2550101" is a number and its city; in a longer message it may be a sum
_MAX_PIECES = 40  # of one message; more are a table, not a number


def find_phones(messages: Sequence[str], *, region: str = "RU") -> Found:
    """Return the numbers to hold after these messages of one customer, oldest first. Never raises on any text."""
    listener = _Listener(region, Halves(region))
    for message in messages:
        listener.hear(message[:_MAX_LENGTH])
    return listener.found()


@dataclass(slots=True)
class _Listener:
    """What is known so far. Lives for one call of `find_phones`."""

    region: str
    halves: Halves
    held: Held = field(default_factory=Held)
    is_replacing: bool = False  # a mistake was admitted: the next number takes the place of the last
    extension: str | None = None
    reason: Reason = Reason.NONE
    # Named so far, message by message: to search all that was said at each new word would take its square.
    countries: tuple[str, ...] = ()
    cities: frozenset[str] = frozenset()

    def found(self) -> Found:
        numbers = self.held.current()
        return Found(numbers, self.extension, None) if numbers else Found((), None, str(self.reason))

    def hear(self, message: str) -> None:
        self.countries = tuple(dict.fromkeys((*self.countries, *countries(message))))
        self.cities |= city_codes(message)
        if has_digits(message) or has_numerals(message):
            self._hear_digits(plain(message))
            return
        if self.held.last is not None:
            self._hear_words(message)
        if self.halves.pieces:
            self._hold_if(self.halves.complete(city_code(message)))

    def _hear_digits(self, text: str) -> None:
        reading = read_message(text, region=self.region, hints=self._hints(), may_correct=self.held.last is not None)
        self.halves.area = reading.area or self.halves.area
        if reading.numbers:
            self._take_numbers(reading)
        elif not (self._take_partials(reading.partials or self._code_change(reading)) or self._join_halves(reading)):
            self.reason = name_reason(reading, self.halves.digits(), region=self.region) or self.reason
            self._hear_words(reading.text)
        if reading.extension and self.held.last is not None:
            self.extension = reading.extension

    def _hints(self) -> tuple[str, ...]:
        """Return the countries named so far: "я из Казахстана" may come a message earlier."""
        return tuple(hint for hint in self.countries if hint != self.region)

    # Numbers

    def _take_numbers(self, reading: Reading) -> None:
        at = 0
        stops = [*(number.start for number in reading.numbers[1:]), len(reading.text)]
        for number, stop in zip(reading.numbers, stops, strict=True):
            self._take_partials([partial for partial in reading.partials if at <= partial.start < number.start])
            self._take(number, reading.text[at : number.start], reading.text[number.end : stop])
            at = number.end
        self.halves.clear()
        self._take_partials([partial for partial in reading.partials if partial.start >= at])
        self._share_area(reading)
        place = remarks.forgotten_place(reading.text[at:])
        if place is not None and len(self.held.numbers) > 1:
            self.held.drop_place(place)

    def _take(self, number: Number, before: str, after: str) -> None:
        if is_test_number(digits_key(number.e164)):
            self.reason = Reason.TEST_NUMBER
        elif remarks.is_ours(before, after):
            return
        elif remarks.is_negated(before, after):
            self.held.drop(number.e164)
            self.reason = Reason.WITHDRAWN
        else:
            if remarks.is_old(before, after):
                self.held.old.add(number.e164)
            self._make_room(before, after)
            self.held.hold(number.e164)

    def _make_room(self, before: str = "", after: str = "") -> None:
        """Drop what the words around a new number take back."""
        place = remarks.forgotten_place(before)
        if place is not None and len(self.held.numbers) > 1:
            self.held.drop_place(place)
        elif self.held.numbers and remarks.forgets_before_new(before):
            self._drop_all()
        elif self.is_replacing or remarks.replaces(before, after):
            self.held.drop(self.held.last)
        self.is_replacing = False

    def _drop_all(self) -> None:
        self.held.drop_all()
        self.extension = None

    def _share_area(self, reading: Reading) -> None:
        """Follow "8 (495) 123-45-67, 123-45-68": a second number of the same city is given without its code."""
        number = reading.numbers[-1]
        if self.held.last != number.e164 or not number.e164.startswith("+7") or number.e164[2] == "9":
            return
        shape = _shape(reading.text[number.start : number.end])[-LOCAL_GROUPS:]
        for piece in reading.fragments:
            is_alike = _shape(reading.text[piece.start : piece.end]) == shape
            if is_alike and piece.start >= number.end and piece.groups == LOCAL_GROUPS:
                self._hold_if(recognise(number.e164[1 : -len(piece.digits)] + piece.digits, plus=True, region="RU"))

    def _hold_if(self, e164: str | None) -> bool:
        if e164 is None:
            return False
        self._make_room()
        self.held.hold(e164)
        self.halves.clear()
        return True

    def _join_halves(self, reading: Reading) -> bool:
        """Tell whether the pieces of this message, with those of earlier ones, make a number."""
        hints = self._hints()
        for piece in reading.fragments[:_MAX_PIECES]:
            named = piece.groups > 1 or reading.speaks_of_phone or len(reading.text.split()) <= _FEW_WORDS
            city = only_one(self.cities) if named else None
            if self._hold_if(self.halves.join(piece, city=city, hints=hints)):
                return True
        if reading.fragments:
            self.halves.keep(reading.fragments[-1])
            return False
        return self._hold_if(self.halves.complete(None))

    # Words and single digits

    def _hear_words(self, text: str) -> None:
        """Follow a message without a number: confirming, forgetting, admitting a mistake."""
        held = self.held
        if held.last is None:
            return
        place = remarks.forgotten_place(text)
        if remarks.confirms(text):
            if not held.numbers and not self.is_replacing:
                held.hold(held.last)
        elif place is not None and len(held.numbers) > 1:
            held.drop_place(place)
        elif held.numbers and remarks.forgets(text, held=len(held.numbers)):
            self._drop_all()
            self.reason = Reason.WITHDRAWN
        elif remarks.is_wrong(text):
            held.drop(held.last)
            self.is_replacing = True
            self.reason = Reason.WITHDRAWN
        elif remarks.announces_another(text):
            self.is_replacing = True

    def _code_change(self, reading: Reading) -> Sequence[Partial]:
        """Read "ой, код 917" and "упс, 0653"."""
        admits = remarks.replaces(reading.text)
        change = None
        if (self.is_replacing or admits) and all(len(piece.digits) == _CODE_LENGTH for piece in reading.fragments):
            change = corrections.find_code_change(reading.text)
        if change is None and admits and len(reading.fragments) == 1:
            change = corrections.find_bare_tail(reading.text)
        return (change,) if change else ()

    def _take_partials(self, partials: Sequence[Partial]) -> bool:
        last = self.held.last
        changes = [partial for partial in partials if last is not None and corrections.concerns(partial, last)]
        for partial in changes:
            self._change(partial)
        return bool(changes)

    def _change(self, partial: Partial) -> None:
        last = self.held.last or ""
        changed = corrections.apply_partial(partial, last)
        valid = recognise(changed[1:], plus=True, region=self.region) if changed else None
        self.held.drop(last)
        self.is_replacing = False
        if valid:
            self.held.hold(valid)
        else:
            self.reason = Reason.UNCLEAR_CORRECTION


def _shape(text: str) -> list[int]:
    return [len(group) for group in re.findall(r"\d+", text)]
