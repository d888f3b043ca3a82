"""Finds the numbers in a cleaned text: groups of digits, the chains they form, and the best way to cut each chain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm.phones.plans import MAX_DIGITS, MIN_DIGITS, recognise

LOCAL_LENGTHS = range(5, 8)  # numbers dialled inside a city
LOCAL_GROUPS = 3  # 123-45-67
_GROUP = re.compile(r"\d+")
_MAX_GAP = 12
_WEAK = re.compile(r"[,:\n|;]")  # between numbers as often as inside one
_SOFT = re.compile(r"(?:_|=(?=\d?\Z)|[^\w■!?<>=%&@#°′″])*\Z")
_HARD_BREAK = ";"
_GLUED_LENGTHS = (20, 21, 22)


@dataclass(frozen=True, slots=True)
class Group:
    """Digits written together."""

    digits: str
    start: int
    end: int
    has_plus: bool
    gap: str  # what stands between it and the group before, in the same chain


@dataclass(frozen=True, slots=True)
class Number:
    """A valid number and where it stands."""

    e164: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A chain of digits in which no number was found: half a number, a wrong one, or something else."""

    digits: str
    has_plus: bool
    start: int
    end: int
    groups: int
    shortest: int  # digits in the shortest group


def find_runs(text: str, *, region: str, hints: tuple[str, ...]) -> tuple[list[Number], list[Fragment]]:
    """Return the numbers and the chains without one, each in the order of the text."""
    numbers: list[Number] = []
    fragments: list[Fragment] = []
    for chain in _chains(text):
        found = _cut(chain, region=region, hints=hints)
        numbers += found
        fragments += _fragments([group for group in chain if not any(n.start <= group.start < n.end for n in found)])
    return numbers, fragments


def _chains(text: str) -> Iterator[list[Group]]:
    """Yield groups that nothing but spaces and punctuation parts. A plus always opens a new chain."""
    chain: list[Group] = []
    for match in _GROUP.finditer(text):
        gap = text[chain[-1].end : match.start()] if chain else ""
        has_plus = "+" in gap if chain else "+" in text[max(0, match.start() - 3) : match.start()]
        if chain and (has_plus or not _is_soft(gap)):
            has_plus = "+" in text[max(chain[-1].end, match.start() - 3) : match.start()]
            yield chain
            chain, gap = [], ""
        if not chain:
            gap = ""
        chain += _split_glued(match, has_plus, gap)
    if chain:
        yield chain


def _is_soft(gap: str) -> bool:
    return len(gap) <= _MAX_GAP and _SOFT.match(gap) is not None and _HARD_BREAK not in gap


def _split_glued(match: re.Match[str], has_plus: bool, gap: str) -> list[Group]:
    """Split two numbers typed without a space between them."""
    digits, start = match.group(), match.start()
    if len(digits) in _GLUED_LENGTHS:
        for cut in (11, 10):
            if digits[0] in "789" and digits[cut : cut + 1] in ("7", "8", "9") and 10 <= len(digits) - cut <= 11:
                parts = (Group(digits[:cut], start, start + cut, has_plus, gap),)
                return [*parts, Group(digits[cut:], start + cut, match.end(), False, " ")]
    return [Group(digits, start, match.end(), has_plus, gap)]


@dataclass(frozen=True, slots=True)
class _Candidate:
    first: int
    last: int
    e164: str
    score: int


def _cut(chain: list[Group], *, region: str, hints: tuple[str, ...]) -> list[Number]:
    """Choose the candidates of the highest total score that do not overlap (weighted intervals, left to right)."""
    best: list[tuple[int, tuple[_Candidate, ...]]] = [(0, ())]
    candidates = list(_candidates(chain, region=region, hints=hints))
    by_last: dict[int, list[_Candidate]] = {}
    for candidate in candidates:
        by_last.setdefault(candidate.last, []).append(candidate)
    for last in range(len(chain)):
        choice = best[-1]
        for candidate in by_last.get(last, ()):
            score, chosen = best[candidate.first]
            if score + candidate.score > choice[0]:
                choice = (score + candidate.score, (*chosen, candidate))
        best.append(choice)
    return [
        Number(c.e164, chain[c.first].start, chain[c.last].end)
        for c in best[-1][1]
        if _stands_free(chain, c, best[-1][1])
    ]


def _candidates(chain: list[Group], *, region: str, hints: tuple[str, ...]) -> Iterator[_Candidate]:
    for first, group in enumerate(chain):
        digits = ""
        for last in range(first, len(chain)):
            digits += chain[last].digits
            if len(digits) > MAX_DIGITS:
                break
            if len(digits) < MIN_DIGITS:
                continue
            e164 = recognise(digits, plus=group.has_plus, region=region, hints=hints)
            if e164 is not None and not _is_cut_short(chain, first, last, digits, e164):
                score = _score(chain[first : last + 1], digits, is_home=e164.startswith("+7"))
                if score > 0:
                    yield _Candidate(first, last, e164, score)


def _is_cut_short(chain: list[Group], first: int, last: int, digits: str, e164: str) -> bool:
    """Tell whether "+9…", read as a Russian number that lost its 7, leaves digits behind: then it is a foreign one."""
    repaired = chain[first].has_plus and not e164.endswith(digits)
    return (repaired or (chain[first].has_plus and len(digits) == 10 and e164.startswith("+7"))) and last + 1 < len(
        chain
    )


def _score(groups: list[Group], digits: str, *, is_home: bool) -> int:
    """Rate how much the groups look like one number: a chain may be cut in several valid ways."""
    has_plus = groups[0].has_plus
    prefixed = has_plus or (len(digits) >= 11 and (digits[0] in "78" or digits.startswith("00")))
    regular = not is_home or _is_regular([group.digits for group in groups])
    score = 10 + len(digits) // 2 + 3 * has_plus + 2 * prefixed + 3 * regular
    gaps = {group.gap.strip() for group in groups[1:]}
    if any(_WEAK.search(group.gap) for group in groups[1:]):
        score -= 5 if len(gaps) == 1 else 7
        if not (prefixed and regular):
            return 0
    return score


def _is_regular(groups: list[str]) -> bool:
    """Tell whether groups break where people break a number: after the code, or in even steps."""
    if len(groups) == 1 or all(len(group) == 1 for group in groups):
        return True
    total = sum(map(len, groups))
    ends = set()
    at = 0
    for group in groups[:-1]:
        at += len(group)
        ends.add(total - at)  # digits still to come
    return bool(ends & {7, 6, 5})


def _stands_free(chain: list[Group], candidate: _Candidate, chosen: tuple[_Candidate, ...]) -> bool:
    """Tell whether the number is not a piece cut out of a longer row of digits."""
    if candidate.first == candidate.last:
        return True
    firsts, lasts = {c.first for c in chosen}, {c.last for c in chosen}
    if candidate.first > 0 and candidate.first - 1 not in lasts and _is_glued(chain, candidate.first, candidate):
        return False
    after = candidate.last + 1
    if after < len(chain) and after not in firsts and _is_glued(chain, after, candidate):
        return False
    return not (chain[0].has_plus and candidate.first > 0 and 0 not in firsts)


def _is_glued(chain: list[Group], at: int, candidate: _Candidate) -> bool:
    if chain[at].gap in ("-", ".", "–"):
        return True
    outside = chain[at] if at > candidate.last else chain[at - 1]
    inside = chain[candidate.first : candidate.last + 1]
    return len(outside.digits) == 1 and all(len(group.digits) == 1 for group in inside)


def _fragments(chain: list[Group]) -> Iterator[Fragment]:
    """Yield the pieces of a chain, cut where a comma or a new line parts them."""
    start = 0
    for at in range(1, len(chain) + 1):
        if at == len(chain) or _WEAK.search(chain[at].gap):
            piece = chain[start:at]
            digits = "".join(group.digits for group in piece)
            yield Fragment(
                digits,
                piece[0].has_plus,
                piece[0].start,
                piece[-1].end,
                len(piece),
                min(len(group.digits) for group in piece),
            )
            start = at
