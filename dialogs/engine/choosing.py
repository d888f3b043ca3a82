"""Choosing one of several: by its words, its number, a synonym, or its meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from dialogs.engine.reading import Intent, Reading

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice."""

    key: str
    text: str
    synonyms: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()  # understood by meaning, e.g. affirm

    def fits(self, words: str, number: int, reading: Reading) -> bool:
        """Tell whether what was written means this choice."""
        names = {plain(self.text), *(plain(item) for item in self.synonyms)} - {""}
        if words in {*names, str(number)} or any(reading.has(intent) for intent in self.intents):
            return True
        return any(f" {name} " in f" {words} " for name in names)


Chosen = TypeVar("Chosen", bound=Option)


def plain(text: str) -> str:
    """Return the words of `text` without case, marks and emoji."""
    return " ".join(_WORDS.findall(text.casefold().replace("ё", "е")))


def chosen_by(reading: Reading, options: Sequence[Chosen]) -> Chosen | None:
    """Return the one option that the words mean."""
    words = plain(reading.text)
    fitting = [option for number, option in enumerate(options, 1) if option.fits(words, number, reading)]
    exact = [option for option in fitting if plain(option.text) == words]
    if exact:
        return exact[0]
    return fitting[0] if len(fitting) == 1 and not reading.has(Intent.FAQ) else None
