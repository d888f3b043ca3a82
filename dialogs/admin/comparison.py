"""Two texts side by side, line against line; long equal stretches are folded. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

AROUND = 3  # equal lines shown before and after a change


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the comparison. `folded` counts equal lines left out in its place."""

    old: str = ""
    new: str = ""
    is_changed: bool = False
    folded: int = 0


def side_by_side(old: str, new: str) -> list[Pair]:
    """Return the rows to show."""
    left, right = old.splitlines(), new.splitlines()
    pairs: list[Pair] = []
    for word, a1, a2, b1, b2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if word == "equal":
            pairs += _folded(left[a1:a2], is_first=a1 == 0, is_last=a2 == len(left))
        else:
            rows = zip_longest(left[a1:a2], right[b1:b2], fillvalue="")
            pairs += [Pair(before, after, is_changed=True) for before, after in rows]
    return pairs


def _folded(lines: list[str], *, is_first: bool, is_last: bool) -> Iterator[Pair]:
    head, tail = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(lines) <= head + tail + 1:
        yield from (Pair(line, line) for line in lines)
        return
    yield from (Pair(line, line) for line in lines[:head])
    yield Pair(folded=len(lines) - head - tail)
    yield from (Pair(line, line) for line in lines[len(lines) - tail :])
