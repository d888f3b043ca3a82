"""Finding the word that was meant: wrong layout, Latin letters for Russian, stretched letters, typing errors.

Everything is judged against the words the shipped data and the FAQ use: a message is only ever pulled towards what
it could mean here, and a word which the Russian dictionary knows is never "corrected".
"""

from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dialogs.understanding import morphology
from dialogs.understanding.normalise import (
    is_cyrillic,
    is_latin,
    squeeze,
    to_english_layout,
    to_russian_layout,
    unmask_look_alikes,
)
from dialogs.understanding.translit import skeleton_of_latin, skeleton_of_russian, to_russian

_LAYOUT_PUNCTUATION = "[];',.`"
_MAX_CACHED = 20_000
_SHORT = 4  # a shorter word has too many neighbours to guess
_LONG = 8  # two errors are believable from here on


class Speller:
    """Knows the words that matter here, and finds the one a customer meant."""

    def __init__(
        self,
        words: Iterable[str],
        *,
        english: Iterable[str],
        aliases: Mapping[str, str],
        either: Iterable[str],
    ) -> None:
        self._aliases = aliases
        self._either = frozenset(either)
        self._words = frozenset(word for word in words if is_cyrillic(word))
        self._english = frozenset(word for word in english if is_latin(word))
        self._guessable = sorted(word for word in self._words if len(word) >= _SHORT)
        self._by_skeleton: dict[str, str] = {}
        for word in sorted(self._words, key=lambda word: (len(word), word)):
            self._by_skeleton.setdefault(skeleton_of_russian(word), word)
        self._skeletons = sorted(skeleton for skeleton in self._by_skeleton if len(skeleton) > _SHORT)
        self._cache: dict[tuple[str, bool], str] = {}

    def knows(self, word: str) -> bool:
        """Tell whether the word is a real one, as far as we and the dictionary know."""
        return word in self._words or word in self._english or (is_cyrillic(word) and morphology.is_known(word))

    def speaks_english(self, words: Iterable[str]) -> bool:
        """Tell whether the Latin words of a message are English rather than Russian in Latin letters."""
        telling = [word in self._english for word in words if is_latin(word) and word not in self._either]
        return not telling or sum(telling) * 2 >= len(telling)

    def correct(self, word: str, *, english: bool = True) -> str:
        """Return the word that was meant; the word itself when nothing likelier is found."""
        key = (word, english)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _MAX_CACHED:  # hostile input must not grow the process
                self._cache.clear()
            found = self._find(word, english)
            found = self._cache[key] = self._aliases.get(found, found)
        return found

    def _find(self, word: str, english: bool) -> str:
        if word in self._aliases:
            return word
        if is_latin(word):
            if word in self._either and not english:
                return self._from_skeleton(word) or word
            return self._find_latin(word)
        if not is_cyrillic(word):
            return word
        for candidate in (word, unmask_look_alikes(word), *squeeze(word)):
            if self.knows(candidate):
                return candidate
        typed = to_english_layout(word)
        return typed if typed in self._english else self._nearest(squeeze(unmask_look_alikes(word))[0])

    def _find_latin(self, word: str) -> str:
        bare = word.strip(_LAYOUT_PUNCTUATION)
        if bare in self._english or squeeze(bare)[1] in self._english:
            return bare if bare in self._english else squeeze(bare)[1]
        return self._from_skeleton(bare) or self._from_layout(word) or self._from_letters(bare) or bare

    def _from_skeleton(self, word: str) -> str | None:
        return self._by_skeleton.get(skeleton_of_latin(word)) or self._by_skeleton.get(
            skeleton_of_latin(squeeze(word)[1])
        )

    def _from_layout(self, word: str) -> str | None:
        for candidate in (word.rstrip(_LAYOUT_PUNCTUATION), word):
            russian = to_russian_layout(candidate)
            if russian in self._words or (len(russian) >= _SHORT - 1 and morphology.is_known(russian)):
                return russian
        nearest = self._nearest(to_russian_layout(word))
        return nearest if nearest in self._words and len(nearest) > _SHORT else None

    def _from_letters(self, word: str) -> str | None:
        skeleton = skeleton_of_latin(word)
        near = process.extractOne(skeleton, self._skeletons, scorer=OSA.distance, score_cutoff=_errors(skeleton))
        if near is not None and near[0][0] == skeleton[0]:
            return self._by_skeleton[near[0]]
        russian = to_russian(word)
        return russian if len(russian) >= _SHORT and morphology.is_known(russian) else None

    def _nearest(self, word: str) -> str:
        if len(word) < _SHORT:
            return word
        near = process.extractOne(word, self._guessable, scorer=OSA.distance, score_cutoff=_errors(word))
        return str(near[0]) if near is not None and (near[0][0] == word[0] or near[1] == 1) else word


def _errors(word: str) -> int:
    """Return how many typing errors are believable in a word of this length."""
    if len(word) < _SHORT:
        return 0
    return 2 if len(word) >= _LONG else 1
