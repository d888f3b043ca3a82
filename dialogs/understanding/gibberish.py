"""Letters without meaning: keyboard rows, letters nobody puts together, one piece repeated."""

import re
from collections import Counter
from collections.abc import Iterable

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "1234567890")
_VOWELS = frozenset("аеиоуыэюяaeiouy")
_RUN = 4  # so many neighbouring keys in a row are no word
_REPEATED = re.compile(r"^(.{1,3}?)\1{2,}.?$")
_CONSONANTS = re.compile(r"[бвгджзйклмнпрстфхцчшщbcdfghjklmnpqrstvwxz]{6,}")
_RARE = 2  # a pair of letters seen so seldom in all our words is odd
_ODD_SHARE = 0.34
_FEWEST_VOWELS = 0.2  # of the letters of a longer word
_LONGEST_WORD = 28


class LetterPairs:
    """How often letters stand together in real words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._counts = Counter(pair for word in words for pair in _pairs(word))

    def odd_share(self, word: str) -> float:
        """Return the share of the word's letter pairs that hardly ever occur."""
        pairs = _pairs(word)
        return sum(self._counts[pair] <= _RARE for pair in pairs) / len(pairs)

    def is_gibberish(self, word: str) -> bool:
        """Tell whether a word no dictionary knows is just keys hit at random."""
        if len(word) <= 1:
            return False
        if is_keyboard_run(word) or _REPEATED.match(word) or len(word) > _LONGEST_WORD:
            return True
        if not _VOWELS.intersection(word) or _CONSONANTS.search(word):
            return len(word) > 2
        if len(word) > _RUN + 1 and sum(letter in _VOWELS for letter in word) < len(word) * _FEWEST_VOWELS:
            return True
        return len(word) > _RUN and self.odd_share(word) >= _ODD_SHARE


def is_keyboard_run(word: str) -> bool:
    """Tell whether the word is made of runs of neighbouring keys, either way."""
    if len(word) < _RUN:
        return False
    pieces = [word[at : at + _RUN] for at in range(len(word) - _RUN + 1)]
    hits = sum(any(piece in row or piece in row[::-1] for row in _ROWS) for piece in pieces)
    return hits > 0 and hits * 2 >= len(pieces)


def _pairs(word: str) -> list[str]:
    framed = f"^{word}$"
    return [framed[at : at + 2] for at in range(len(framed) - 1)]
