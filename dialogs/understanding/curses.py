"""Rude words, also masked ones ("бл*ть", "п1здец", "xyй"): abuse of us is told from swearing at fate."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from dialogs.engine.reading import Intent
from dialogs.understanding import morphology
from dialogs.understanding.normalise import as_russian_shapes, is_cyrillic, is_latin
from dialogs.understanding.tokens import Token, Words

_MASK = re.compile(r"[*@#$]+")
_REPEATED = re.compile(r"(.)\1+")
REMEMBERED = 20_000  # words: people use the same few thousand, and looking one over costs as much as finding an intent
_NEAR = 2  # words between "вы" and what "вы" are called
_SHORT = 3  # a message of so few words with a rude name in it is addressed to us


@dataclass(frozen=True)
class Curses:
    """The rude words of `data/curses.yaml`."""

    data: Mapping[str, Any]

    def read(self, words: Words) -> frozenset[Intent]:
        """Return INSULT, FRUSTRATION or nothing."""
        tokens = words.tokens
        kinds = [self.kind(token.raw, token.text) for token in tokens]
        if any(self._insults(tokens, kinds, at) for at, kind in enumerate(kinds) if kind):
            return frozenset((Intent.INSULT,))
        if any(kind in ("mat", "mild", "mat_name") for kind in kinds) or words.skipped & {"блин"}:
            return frozenset((Intent.FRUSTRATION,))
        return frozenset()

    def kind(self, raw: str, word: str) -> str | None:
        """Return what sort of rude word it is: mat_name, name, leave, mat, mild; None for a decent one."""
        return self._remembered(raw, word)

    @cached_property
    def _remembered(self) -> Callable[[str, str], str | None]:
        return lru_cache(maxsize=REMEMBERED)(self._kind)

    def _kind(self, raw: str, word: str) -> str | None:
        spellings = self._spellings(raw, word)
        if any(self._pattern("mat_name").search(spelling) for spelling in spellings):
            return "mat_name"
        if spellings & self._names or any(
            self._names.intersection(morphology.lemmas(word)) for word in spellings if is_cyrillic(word)
        ):
            return "name"
        if any(self._pattern("mat").search(spelling) for spelling in spellings):
            return "mat"
        return next((kind for kind in ("leave", "mild") if self._pattern(kind).search(word)), None)

    def _insults(self, tokens: tuple[Token, ...], kinds: Sequence[str | None], at: int) -> bool:
        kind, near = kinds[at], tokens[max(0, at - _NEAR) : at + _NEAR + 1]
        if any("=я" in token.keys for token in tokens[max(0, at - _NEAR) : at]):
            return False
        addressed = any(token.keys & {"@you", "@bot"} for token in near)
        if kind == "leave":
            return self._sends_away(tokens, at)
        if kind == "mat":
            return any(token.keys & {"=тебе", "=вам", "=you", "=вас"} for token in tokens[at + 1 : at + 2])
        company = sum(other is not None for other in kinds) > 1
        return kind == "mat_name" or (kind == "name" and (addressed or company or len(tokens) <= _SHORT))

    def _sends_away(self, tokens: tuple[Token, ...], at: int) -> bool:
        if self._pattern("silence").search(tokens[at].text):
            return True
        after = tokens[max(0, at - 1) : at] + tokens[at + 1 : at + 4]
        if at + 1 < len(tokens) and "@you" in tokens[at + 1].keys and not tokens[at + 1].apart:
            return True
        return any(
            self._pattern("targets").search(word) for token in after for word in self._spellings(token.raw, token.text)
        )

    def _spellings(self, raw: str, word: str) -> frozenset[str]:
        found = {word, raw}
        if is_latin(raw):
            found.add(as_russian_shapes(raw))
        elif is_cyrillic(raw):
            found.add(as_russian_shapes(raw).replace("1", "и"))
        if _MASK.search(raw):
            found |= self._unmasked(raw)
        found |= {_REPEATED.sub(r"\1", spelling) for spelling in found}
        innocent = self._pattern("innocent")
        if any(innocent.search(spelling) for spelling in (word, raw)):
            return frozenset()
        return frozenset(spelling for spelling in found if not _MASK.search(spelling))

    def _unmasked(self, raw: str) -> set[str]:
        """Return the rude words which fit a masked one, one letter or one more for each mask."""
        pattern = re.compile(
            "".join(f".{{1,{len(part) + 1}}}" if _MASK.fullmatch(part) else re.escape(part) for part in _split(raw))
        )
        return {form for form in self.data["forms"] if pattern.fullmatch(form)}

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name.replace("ё", "е") for name in self.data["names"])

    def _pattern(self, kind: str) -> re.Pattern[str]:
        return re.compile(self.data["mat_names" if kind == "mat_name" else kind])


def _split(raw: str) -> list[str]:
    return [part for part in re.split(r"([*@#$]+)", raw) if part]
