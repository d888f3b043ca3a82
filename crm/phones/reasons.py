"""Names why a message without a number has none."""

import re

from crm.phones.plans import is_test_number, why_not
from crm.phones.reading import Reading
from crm.phones.runs import LOCAL_GROUPS, LOCAL_LENGTHS, Fragment
from crm.phones.values import Reason

_BEGINS_AS_MOBILE = re.compile(r"[78]?9\d{2,}\Z|[78]\d{10,}\Z")
_TRY_LENGTHS = range(7, 18)  # so many digits are a try at a phone, whatever they begin with
_SUM_GROUP = 4  # in "2024 2025" and "1000 2000 3000" every group is at least so long
_ROUND = "000"  # the end of a sum
_SHORTEST_WHOLE = 10
_CERTAIN_LENGTHS = range(4, 18)


def name_reason(reading: Reading, joined: Fragment | None, *, region: str) -> Reason | None:
    """Return the reason, or None when nothing like a phone was tried. `joined` is what the pieces so far make."""
    certain: list[Reason] = []
    likely = list(reading.reasons)
    pieces = [*reading.fragments, joined] if reading.fragments and joined else reading.fragments
    for piece in pieces:
        if _is_sum(piece) and not reading.speaks_of_phone:
            continue
        is_mobile = piece.has_plus or _BEGINS_AS_MOBILE.match(piece.digits) is not None
        if is_mobile or _is_try(piece) or _is_local(piece, reading):
            reason = why_not(piece.digits, plus=piece.has_plus, region=region)
            is_certain = is_mobile and len(piece.digits) in _CERTAIN_LENGTHS
            certain.insert(0, reason) if is_certain else likely.append(reason)
    return next(iter([*certain, *likely]), None)


def _is_sum(piece: Fragment) -> bool:
    digits = piece.digits
    return digits.endswith(_ROUND) and len(digits) < _SHORTEST_WHOLE and not is_test_number(digits)


def _is_try(piece: Fragment) -> bool:
    if is_test_number(piece.digits):
        return True
    return len(piece.digits) in _TRY_LENGTHS and (piece.groups == 1 or piece.shortest < _SUM_GROUP)


def _is_local(piece: Fragment, reading: Reading) -> bool:
    return len(piece.digits) in LOCAL_LENGTHS and (reading.speaks_of_phone or piece.groups == LOCAL_GROUPS)
