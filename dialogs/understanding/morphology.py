"""Dictionary forms of Russian words; the dictionary is loaded once per process, at first use (about 0.2 s)."""

import re
from functools import lru_cache
from typing import Any

from pymorphy3 import MorphAnalyzer

_CACHED_WORDS = 50_000
_FOREIGN = re.compile(r"[^а-яё-]")
_WORTH = 0.04  # readings of a word rarer than this are noise: "дома" as a form of "дом" stays, exotic nouns go


@lru_cache(maxsize=1)
def analyzer() -> MorphAnalyzer:
    """Return the analyzer shared by the whole process."""
    return MorphAnalyzer()


@lru_cache(maxsize=_CACHED_WORDS)
def parse(word: str) -> tuple[Any, ...]:
    """Return the likely readings of the word, the likeliest first."""
    readings = analyzer().parse(_FOREIGN.sub("", word) or "ъ")  # letters it never heard of make the analyzer fail
    return tuple(reading for reading in readings if reading.score >= _WORTH) or tuple(readings[:1])


@lru_cache(maxsize=_CACHED_WORDS)
def lemmas(word: str) -> tuple[str, ...]:
    """Return the dictionary forms the word may come from, with "е" for "ё"."""
    return tuple(dict.fromkeys(reading.normal_form.replace("ё", "е") for reading in parse(word)))


@lru_cache(maxsize=_CACHED_WORDS)
def is_known(word: str) -> bool:
    """Tell whether the dictionary has exactly this form."""
    return bool(analyzer().word_is_known(word))
