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
_PLAIN = re.compile("[а-я]+")
# A word without masks is rude only when it begins so: "людвиг" and "небезопасно" are not.
_ROOT = re.compile(
    r"(?:на|по|о|за|до|от|у|вы|при|ни|под|рас|раз|съ|объ)?(?:ху[йиеяю]|пизд|еб[аеилнуо]|еб$|бля[дт]|бля$|муда[кч]|мудил|говн|жоп|сук[аи]$"
    r"|дерьм|г[ао]ндон|пид[оа]р|залуп|дроч|долбо|шлюх|чмо$|чмош|срать|сра[лн])"
)
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
        swearing = kind in _FORBIDDEN and (not _PLAIN.fullmatch(word) or _ROOT.match(word))
        denied = at > 0 and words[at - 1] in ("не", "not")
        if swearing or (kind == "name" and not denied and not _YOU.isdisjoint(near)):
            yield word
