"""Puts a number together from pieces: "8916" and then "1234567", a local number and its code or city."""

from dataclasses import dataclass, field

from crm.phones.plans import digits_key, is_test_number, recognise
from crm.phones.runs import LOCAL_LENGTHS, Fragment

_AREA_LENGTHS = range(3, 6)
_NATIONAL_LENGTH = 10
_MAX_PIECES = 15  # a number dictated digit by digit, and something before it


@dataclass(slots=True)
class Halves:
    """Pieces that wait for the rest of their number, oldest first."""

    region: str
    pieces: list[Fragment] = field(default_factory=list)
    area: str | None = None

    def clear(self) -> None:
        """Forget the pieces: a whole number came."""
        self.pieces.clear()

    def digits(self) -> Fragment | None:
        """Return the last pieces as one, back to the one that begins a number."""
        if not self.pieces:
            return None
        start = max((n for n, piece in enumerate(self.pieces) if piece.has_plus), default=0)
        return _joined(self.pieces[start:])

    def join(self, piece: Fragment, *, city: str | None, hints: tuple[str, ...]) -> str | None:
        """Return the number that the piece completes."""
        return self._with_earlier(piece, hints) or self.with_code(piece, city)

    def keep(self, piece: Fragment) -> None:
        """Keep the last piece of a message. Only that one: "размер 42-44, рост 164-170" is no number in two halves."""
        self.pieces = [*self.pieces[1 - _MAX_PIECES :], piece]

    def complete(self, city: str | None) -> str | None:
        """Return the number that the last piece makes with a code or a city named later."""
        return self.with_code(self.pieces[-1], city) if self.pieces else None

    def with_code(self, piece: Fragment, city: str | None) -> str | None:
        """Return the local number with the area code in front."""
        code = self.area or city
        if code is None or piece.has_plus or len(piece.digits) not in LOCAL_LENGTHS:
            return None
        if len(code) + len(piece.digits) != _NATIONAL_LENGTH:
            return None
        return self._check(code + piece.digits, has_plus=False, hints=())

    def _with_earlier(self, piece: Fragment, hints: tuple[str, ...]) -> str | None:
        """Try the longest row of earlier pieces first, then shorter ones; at last the code behind the local number."""
        if piece.has_plus:
            return None
        for start, first in enumerate(self.pieces):
            row = [*self.pieces[start:], piece]
            if any(later.has_plus for later in row[1:]) or not _begins_number(first, _joined(row)):
                continue
            e164 = self._check(_joined(row).digits, has_plus=first.has_plus, hints=hints)
            if e164 is not None:
                return e164
        if self.pieces and len(self.pieces[-1].digits) in LOCAL_LENGTHS and len(piece.digits) in _AREA_LENGTHS:
            return self._check(piece.digits + self.pieces[-1].digits, has_plus=False, hints=hints)
        return None

    def _check(self, digits: str, *, has_plus: bool, hints: tuple[str, ...]) -> str | None:
        e164 = recognise(digits, plus=has_plus, region=self.region, hints=hints)
        return None if e164 is None or is_test_number(digits_key(e164)) else e164


def _begins_number(first: Fragment, row: Fragment) -> bool:
    """Tell whether the first piece is where a number begins: a plus, 8, 7, a mobile 9 or an area code alone."""
    if first.has_plus or first.digits[0] in "789":
        return True
    rest = len(row.digits) - len(first.digits)
    return first.groups == 1 and len(first.digits) in _AREA_LENGTHS and rest in LOCAL_LENGTHS


def _joined(pieces: list[Fragment]) -> Fragment:
    digits = "".join(piece.digits for piece in pieces)
    groups = sum(piece.groups for piece in pieces)
    shortest = min(piece.shortest for piece in pieces)
    return Fragment(digits, pieces[0].has_plus, 0, 0, groups, shortest)
