"""The words the rules are about: their forms, so that a disguised one is recognised, and their groups."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from dialogs.safety.grammar import words_of
from dialogs.safety.letters import spellings
from dialogs.understanding import morphology
from dialogs.understanding.closest import closest
from dialogs.understanding.normalise import is_cyrillic, is_latin, squeeze
from dialogs.understanding.translit import skeleton_of_latin, skeleton_of_russian

_REMEMBERED = 20_000
_TELLING = 4  # letters: a shorter word is too easily another one's disguise
_MISTYPED = 6  # letters from which on one typing error is believed, two from three letters more
_GLUED = 7
_SMALL = words_of("small")
_LONGEST = 80  # letters; nobody hides a promise in a longer word
_DISGUISED = frozenset(("без", "нет"))
_DOUBLED = re.compile(r"(.)\1+")
_SIGNS = re.compile(r"[^\w]+")

Phrase = tuple[frozenset[str], ...]  # the forms each word may have


class Lexicon:
    """Knows the groups of words, and finds the word behind a disguise."""

    def __init__(self, groups: Mapping[str, Sequence[str]], loose: Iterable[str] = ()) -> None:
        self._keys: dict[str, set[str]] = {}
        self._stems: list[tuple[str, str]] = []
        self._phrases: dict[str, list[tuple[Phrase, str]]] = {}
        for name in groups:
            for member in _members(name, groups):
                self._learn(member, f"@{name}")
        for word in loose:
            self._learn(word, word)
        forms = {form for key in [*self._keys, *groups_words(groups)] for form in _forms(key.lstrip("="))}
        forms |= {form for stem, _ in self._stems for form in _known_beginning(stem)}
        self.forms = frozenset(form for form in forms if is_cyrillic(form))
        self._latin = frozenset(form for form in forms if is_latin(form))
        self._by_initial: dict[str, list[str]] = {}
        self._by_skeleton: dict[str, str] = {}
        for form in sorted(self.forms):
            if len(form) >= _MISTYPED - 1:
                self._by_initial.setdefault(form[0], []).append(form)
            if len(form) >= _TELLING:
                self._by_skeleton.setdefault(skeleton_of_russian(form), form)
        self.meant = lru_cache(maxsize=_REMEMBERED)(self._meant)
        self.groups_of = lru_cache(maxsize=_REMEMBERED)(self._groups_of)

    def _learn(self, member: str, key: str) -> None:
        if " " in member:
            exact = member.startswith("=")
            phrase = tuple(frozenset((word,) if exact else _basics(word)) for word in member.lstrip("=").split())
            for first in phrase[0]:
                self._phrases.setdefault(first, []).append((phrase, key))
        elif member.endswith("*"):
            self._stems.append((member[:-1], key))
        elif member.startswith("="):
            self._keys.setdefault(member, set()).add(key)
        else:
            for lemma in _basics(member):
                self._keys.setdefault(lemma, set()).add(key)

    def _groups_of(self, word: str) -> frozenset[str]:
        """Return all a word can be matched by: itself, its dictionary forms, its groups."""
        forms = {word, f"={word}", *(morphology.lemmas(word) if is_cyrillic(word) else ())}
        keys = set(forms)
        for form in forms:
            keys |= self._keys.get(form, set())
            keys |= {key for stem, key in self._stems if form.startswith(stem)}
        return frozenset(keys)

    def phrases_from(self, keys: Iterable[str]) -> Iterator[tuple[Phrase, str]]:
        """Yield the phrases which begin with a word of these keys, and their groups."""
        for key in keys:
            yield from self._phrases.get(key, ())

    def is_ours(self, word: str) -> bool:
        """Tell whether a rule may ask for exactly this word."""
        return word in self.forms or word in self._latin or (is_latin(word) and self._begins(word))

    def _begins(self, word: str) -> bool:
        return any(word.startswith(stem) for stem, _ in self._stems if is_latin(stem))

    def knows(self, word: str) -> bool:
        """Tell whether the word needs no repair."""
        return self.is_ours(word) or (is_cyrillic(word) and word.isalpha() and morphology.is_known(word))

    def _meant(self, word: str, english: bool = False) -> tuple[str, ...]:
        """Return the word, or words, this one was meant to be; in English text no Russian is looked for in Latin letters."""
        if len(word) > _LONGEST or self.knows(word) or (english and word.isascii() and word.isalpha()):
            return (word,)
        bare = _SIGNS.sub("", word)
        for candidate in (
            bare,
            *squeeze(bare)[::-1],
            _DOUBLED.sub(r"\1", bare),
            *spellings(word),
            *spellings(bare),
            *spellings(squeeze(bare)[1]),
        ):
            if (len(candidate) >= _TELLING and self.is_ours(candidate)) or candidate in _DISGUISED:
                return (candidate,)
        return (
            self._masked(word)
            or self._spelled_in_latin(word)
            or self._mistyped(bare)
            or self._parts(bare)
            or (bare or word,)
        )

    def _masked(self, word: str) -> tuple[str, ...]:
        """Read "гар*нтия": each sign stands for a letter."""
        if not re.search(r"\w[*#@$.·_]+\w", word) or len(word) < _MISTYPED - 1:
            return ()
        pattern = re.compile(re.sub(r"[*#@$.·_]", ".", re.sub(r"[^\w*#@$.·]", "", word)))
        found = [
            form for form in self._by_initial.get(word[0], ()) if len(form) == len(word) and pattern.fullmatch(form)
        ]
        return (found[0],) if found else ()

    def _spelled_in_latin(self, word: str) -> tuple[str, ...]:
        if not is_latin(word) or len(word) < _TELLING:
            return ()
        plain = [_SIGNS.sub("", reading) for reading in (word, *itertools.islice(spellings(word), 2))]
        for reading in dict.fromkeys((*plain, squeeze(plain[0])[1])):
            found = self._by_skeleton.get(skeleton_of_latin(reading))
            if found and len(found) > _TELLING:
                return (found,)
        return ()

    def _mistyped(self, word: str) -> tuple[str, ...]:
        readings = [word, *spellings(word)] if is_latin(word) else [word, *list(spellings(word))[:2]]
        for reading in readings:
            errors = (len(reading) >= _MISTYPED) + (len(reading) >= _MISTYPED + 3)
            if len(reading) == _MISTYPED - 1:  # "дохот": only its end may be wrong
                near = closest(reading, self._by_initial.get(reading[0], ()), errors=1)
                if near and near[:-1] == reading[:-1]:
                    return (near,)
            near = closest(reading, self._by_initial.get(reading[0], ()), errors=errors) if errors else None
            if near:
                return (near,)
        return ()

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return the words of "гарантированныйдоход", nothing when it is not words run together."""
        readings = (word,) if is_cyrillic(word) and word.isalpha() else tuple(spellings(word))
        for reading in readings:
            parts = self.split(reading) if len(reading) >= _GLUED and is_cyrillic(reading) else ()
            if any(part in self.forms and len(part) >= _TELLING for part in parts):
                return parts
        return ()

    def split(self, letters: str) -> tuple[str, ...]:
        """Cut letters without spaces into as few words as possible; nothing when they are no words."""
        if len(letters) > _LONGEST:
            return ()
        best: list[tuple[int, tuple[str, ...]] | None] = [(0, ())] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 20), end):
                before, part = best[start], letters[start:end]
                if before is not None and self._is_part(part):
                    cost = before[0] + (2 if part in self.forms else 3)
                    known = best[end]
                    if known is None or cost < known[0]:
                        best[end] = (cost, (*before[1], part))
        found = best[-1]
        return found[1] if found else ()

    def _is_part(self, part: str) -> bool:
        return part in _SMALL or (len(part) >= _TELLING - 1 and (part in self.forms or morphology.is_known(part)))


def _basics(word: str) -> tuple[str, ...]:
    """Return the word and its dictionary form."""
    return (word, *morphology.lemmas(word)[:1]) if is_cyrillic(word) else (word,)


def _members(name: str, groups: Mapping[str, Sequence[str]], within: tuple[str, ...] = ()) -> Iterator[str]:
    for member in groups[name]:
        if member.startswith("@"):
            if member[1:] not in within:
                yield from _members(member[1:], groups, (*within, name))
        else:
            yield member


def groups_words(groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the words of the phrases in the groups."""
    for members in groups.values():
        for member in members:
            if " " in member:
                yield from member.split()


def _forms(word: str) -> Iterator[str]:
    yield word
    if is_cyrillic(word):
        for form in morphology.analyzer().parse(word)[0].lexeme:
            yield form.word.replace("ё", "е")


def _known_beginning(stem: str) -> Iterator[str]:
    if is_cyrillic(stem):
        yield from (word.replace("ё", "е") for word, *_ in morphology.analyzer().dictionary.iter_known_words(stem))
