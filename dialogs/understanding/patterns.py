"""A small language for phrases, so that an editor can teach the bot without code.

A pattern is a row of items: `слово` matches the word in any form, `=слово` in exactly this one, `(a|b)` either,
`@phone` a word of that group, `#num` a number, `item?` may be missing, `*` is a gap of up to three words and `**` of
up to seven, `+` one of up to three that crosses no mark, `^` the beginning of a part of a sentence, `$` its end, `~`
that no mark stands here. A match never crosses the end of a sentence. What `*` parts may stand in any order, unless
the pattern says where a sentence begins or ends.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dialogs.understanding import morphology
from dialogs.understanding.normalise import is_cyrillic
from dialogs.understanding.tokens import Token

_GAPS = {"*": 3, "**": 7, "+": 3}
_ITEM = re.compile(r"\([^()]+\)\??|\S+")


class BadPattern(ValueError):
    """The pattern cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a pattern."""

    keys: frozenset[str] = frozenset()
    optional: bool = False
    gap: int = 0
    at_start: bool = False
    at_end: bool = False
    close: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern was found: token numbers, the end not included, and the tokens it really used."""

    label: str
    start: int
    end: int
    used: frozenset[int]
    negative: bool  # the pattern itself has a negation


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern, in every order its words may stand in, and the label it speaks for."""

    label: str
    orders: tuple[tuple[Item, ...], ...]
    firsts: tuple[
        frozenset[str], ...
    ]  # of each order: a match begins with one of these; empty where it may begin with any
    needs: tuple[frozenset[str], ...]  # a message which lacks any of these cannot match
    negative: bool


NEGATIONS = frozenset(("=не", "=ни", "=без", "=нельзя", "=нет", "=dont", "=not", "=no", "=never"))


def compile_pattern(label: str, sources: Sequence[str]) -> Pattern:
    """Compile one pattern written in one or several orders; raises `BadPattern`."""
    orders = tuple(tuple(_item(text, source) for text in _ITEM.findall(source)) for source in sources)
    words = [item for item in orders[0] if item.keys]
    needs = tuple(sorted((item.keys for item in words if not item.optional), key=_commonness))
    if not needs:
        raise BadPattern(f"{label}: {sources[0]!r} has no word that must be there")
    firsts = tuple(_first(items) for items in orders)
    return Pattern(label, orders, firsts, needs, any(item.keys & NEGATIONS for item in words))


def _first(items: Sequence[Item]) -> frozenset[str]:
    first = next(item for item in items if item.keys)
    return frozenset() if first.optional else first.keys


def _item(text: str, source: str) -> Item:
    if text in _GAPS:
        return Item(gap=_GAPS[text], close=text == "+")
    if text == "~":
        return Item(close=True)
    if text in ("^", "$"):
        return Item(at_start=text == "^", at_end=text == "$")
    optional = text.endswith("?")
    words = text.removesuffix("?").strip("()").split("|")
    if not all(words):
        raise BadPattern(f"{source!r}: an empty choice in {text!r}")
    return Item(keys=frozenset(key for word in words for key in word_item_keys(word)), optional=optional)


@lru_cache(maxsize=10_000)
def word_item_keys(word: str) -> tuple[str, ...]:
    """Return the keys by which a word written in a pattern is looked for."""
    word = word.replace("ё", "е").lower()
    if word[0] in "=@#" or not is_cyrillic(word):
        return (word,)
    return (word, *morphology.lemmas(word))


class PatternBook:
    """Many patterns, searched together."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        by_key: dict[str, set[int]] = {}
        for number, pattern in enumerate(self._patterns):
            for key in pattern.needs[0]:
                by_key.setdefault(key, set()).add(number)
        self._by_key = {key: frozenset(numbers) for key, numbers in by_key.items()}
        self._keys = frozenset(by_key)

    def find(self, tokens: Sequence[Token]) -> list[Match]:
        """Return every match, at most one for each pattern, order of words and first word."""
        said = frozenset().union(*[token.keys for token in tokens])
        # Most books have nothing to say about most messages; finding that out is what reading a message mostly costs.
        candidates = frozenset().union(*[self._by_key[key] for key in said & self._keys])
        if not candidates:
            return []
        sentences = _sentences(tokens)
        matches: list[Match] = []
        for number in sorted(candidates):
            pattern = self._patterns[number]
            if not any(map(said.isdisjoint, pattern.needs[1:])):  # the first one brought us here
                for sentence in sentences:
                    matches += _search(pattern, sentence, tokens)
        return matches


def _commonness(keys: frozenset[str]) -> tuple[int, int]:
    return (len(keys & _COMMON), len(keys))


_COMMON = frozenset(
    ("не", "=не", "вы", "ты", "у", "как", "что", "=что", "это", "я", "мой", "быть", "@you", "@want", "@me")
)


def _sentences(tokens: Sequence[Token]) -> list[range]:
    starts = [at for at, token in enumerate(tokens) if at == 0 or token.sentence != tokens[at - 1].sentence]
    return [range(start, end) for start, end in itertools.pairwise([*starts, len(tokens)])]


def _search(pattern: Pattern, sentence: range, tokens: Sequence[Token]) -> Iterable[Match]:
    within = tokens[: sentence.stop]
    for items, first in zip(pattern.orders, pattern.firsts, strict=True):
        for start in sentence:
            if first and first.isdisjoint(tokens[start].keys):
                continue
            used = _match(items, 0, within, start)
            if used and used[0] == start:
                yield Match(pattern.label, start, used[-1] + 1, frozenset(used), pattern.negative)


def _match(items: tuple[Item, ...], at: int, tokens: Sequence[Token], position: int) -> tuple[int, ...] | None:
    """Return the numbers of the tokens used, or None; gaps take as few words as they can."""
    if at == len(items):
        return ()
    item = items[at]
    if item.at_start or item.at_end:
        return _match(items, at + 1, tokens, position) if _on_edge(item, tokens, position) else None
    if item.close and not item.gap:
        joined = position < len(tokens) and not tokens[position].apart
        return _match(items, at + 1, tokens, position) if joined else None
    if item.gap:
        return _match_after_gap(items, at, tokens, position)
    if position < len(tokens) and item.keys & tokens[position].keys:
        rest = _match(items, at + 1, tokens, position + 1)
        if rest is not None:
            return (position, *rest)
    return _match(items, at + 1, tokens, position) if item.optional else None


def _match_after_gap(
    items: tuple[Item, ...], at: int, tokens: Sequence[Token], position: int
) -> tuple[int, ...] | None:
    for skipped in range(min(items[at].gap, len(tokens) - position) + 1):
        if items[at].close and position + skipped < len(tokens) and tokens[position + skipped].apart:
            return None
        rest = _match(items, at + 1, tokens, position + skipped)
        if rest is not None:
            return rest
    return None


def _on_edge(item: Item, tokens: Sequence[Token], position: int) -> bool:
    if item.at_start:
        return position < len(tokens) and tokens[position].starts
    return position == len(tokens) or tokens[position].starts
