"""Rude words in what we are about to say: any swearing, and names nobody is called."""

import re
from collections.abc import Iterator
from functools import lru_cache

from dialogs.safety.grammar import words_of
from dialogs.safety.letters import visible
from dialogs.understanding import knowledge
from dialogs.understanding.curses import Curses

_WORD = re.compile(r"[^\W\d_](?:[\w*@#$]*[^\W_])?")
_YOU = words_of("you")
_FORBIDDEN = frozenset(("mat", "mat_name"))
_NEAR = 3


@lru_cache(maxsize=1)
def _curses() -> Curses:
    return Curses(knowledge.load("curses.yaml"))


def find(text: str) -> Iterator[str]:
    """Yield the rude words of a text of ours."""
    words = _WORD.findall(visible(text))
    for at, word in enumerate(words):
        kind = _curses().kind(word, word)
        near = words[max(0, at - _NEAR) : at + _NEAR]
        if kind in _FORBIDDEN or (kind == "name" and not _YOU.isdisjoint(near)):
            yield word
