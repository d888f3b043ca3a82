"""A rule's patterns: which words must stand near each other, and in what stance.

Items stand in any order, each at most five words from the next, inside one thought. `слово` is the word in any form, `=слово`
exactly so, `сло*` whatever begins so, `@группа` a word of the group, `#вид` a kind of word, `(a|b)` either, `a&b` both at
once, `"a b"` these side by side in this order. What is forbidden must be meant: not denied, not asked, not about
others; `-x` must be denied ("не потеряете"), `0x` denied itself and not through its verb ("без риска", "не рискуете"),
`~x` may stand in any stance. What excuses may stand in any stance, and `+x` must be meant. `[2]` at the beginning narrows
the distance.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from dialogs.safety.words import Stance, Word

GAP = 5
_PIECE = re.compile(r'"[^"]*"|\S+')
_NAME = r"[@#=]?[\w-]+\*?"
_CHOICE = rf"(?:{_NAME}|\({_NAME}(?:\|{_NAME})*\))"
_CORE = re.compile(rf"{_CHOICE}(?:&{_CHOICE})*")
_NARROWED = re.compile(r"\[(\d+)\]\s*")


class BadPattern(ValueError):
    """The pattern cannot be read; the message says why."""


class Wanted(Enum):
    """How an item wants its word to be meant."""

    MEANT = "+"
    DENIED = "-"
    ABSENT = "0"
    ANY = "~"

    def fits(self, stance: Stance) -> bool:
        """Tell whether a word in this stance will do."""
        match self:
            case Wanted.MEANT:
                return stance is Stance.MEANT
            case Wanted.DENIED:
                return stance in (Stance.DENIED, Stance.ABSENT)
            case Wanted.ABSENT:
                return stance is Stance.ABSENT
            case Wanted.ANY:
                return True


@dataclass(frozen=True, slots=True)
class Item:
    """One word that is asked for."""

    all_of: tuple[frozenset[str], ...]  # one key of each
    wanted: Wanted

    def fits(self, word: Word) -> bool:
        """Tell whether this is such a word, meant so."""
        return self.wanted.fits(word.stance) and not any(keys.isdisjoint(word.keys) for keys in self.all_of)


Chain = tuple[Item, ...]  # items which must stand side by side; mostly one


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of a rule, compiled."""

    source: str
    chains: tuple[Chain, ...]
    gap: int

    def find(self, words: Sequence[Word], present: frozenset[str]) -> Iterator[frozenset[int]]:
        """Yield the places of the words of each match; `present` are the keys of all the words."""
        if any(keys.isdisjoint(present) for chain in self.chains for item in chain for keys in item.all_of):
            return
        places: list[list[tuple[int, ...]]] = []
        for chain in self.chains:
            found = list(_chain_places(chain, words))
            if not found:
                return
            places.append(found)
        yield from self._combine(places, frozenset())

    def _combine(self, places: list[list[tuple[int, ...]]], taken: frozenset[int]) -> Iterator[frozenset[int]]:
        if not places:
            if _is_near(taken, self.gap):
                yield taken
            return
        for run in places[0]:
            if taken.isdisjoint(run):
                yield from self._combine(places[1:], taken.union(run))


def by_key(patterns: Sequence[Pattern]) -> dict[str, list[int]]:
    """Return which patterns, by their numbers, each key may lead to: a pattern is listed under the item fewest words fit."""
    found: dict[str, list[int]] = {}
    for number, pattern in enumerate(patterns):
        for key in min((keys for chain in pattern.chains for item in chain for keys in item.all_of), key=len):
            found.setdefault(key, []).append(number)
    return found


def _is_near(taken: Iterable[int], gap: int) -> bool:
    ordered = sorted(taken)
    return all(after - before <= gap + 1 for before, after in itertools.pairwise(ordered))


def _chain_places(chain: Chain, words: Sequence[Word]) -> Iterator[tuple[int, ...]]:
    for start in range(len(words) - len(chain) + 1):
        if all(item.fits(words[start + step]) for step, item in enumerate(chain)):
            yield tuple(range(start, start + len(chain)))


def compile_pattern(source: str, usual: Wanted = Wanted.MEANT) -> Pattern:
    """Compile a row, items without a sign wanted in the usual stance; raises `BadPattern`."""
    narrowed = _NARROWED.match(source)
    rest = source[narrowed.end() :] if narrowed else source
    if rest.count('"') % 2:
        raise BadPattern('a quotation mark " is not closed')
    chains = tuple(
        tuple(_item(item, usual) for item in piece.strip('"').split())
        for piece in _PIECE.findall(rest.lower().replace("ё", "е"))
    )
    if not chains or not all(chains):
        raise BadPattern("there is nothing to look for")
    return Pattern(source, chains, int(narrowed[1]) if narrowed else GAP)


def _item(piece: str, usual: Wanted) -> Item:
    wanted = next((kind for kind in Wanted if piece.startswith(kind.value)), None)
    core = piece[1:] if wanted else piece
    if not _CORE.fullmatch(core):
        raise BadPattern(f"{piece!r} is no word, @group, #kind or (choice|of|them)")
    choices = tuple(frozenset(choice.strip("()").split("|")) for choice in core.split("&"))
    return Item(choices, wanted or usual)
