"""Choosing one of several: by its words, its number, a synonym, or its meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from dialogs.engine.reading import Intent, Reading

_WORDS = re.compile(r"\w+")
_ORDINALS = ("перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят")
_ENDING = r"(?:ый|ой|ий|ая|ья|ое|ье|ого|его|ьего|ую|ью|ым|ом)"
_THING = r"(?:вариант\w*|номер|пункт\w*|ответ\w*|кнопк\w+|давайте|пусть|ну|пожалуйста)"
_PLACE = re.compile(
    rf"(?:{_THING} )*(?:(?P<number>\d)(?: (?:й|я|е|го|ю|{_ENDING}))?"
    rf"|(?P<word>{'|'.join(_ORDINALS)}){_ENDING}|(?P<last>последн\w+))(?: {_THING})*"
)
# Part of a button's words is enough where the message is as short as an answer and does nothing else.
_SHORT = 3  # words
_STEM = 5  # letters that tell a word from others, whatever its ending
_ANSWERING = frozenset((Intent.STATEMENT, Intent.WANTS, Intent.AFFIRM, Intent.GREETING, Intent.GIVES_NAME))
_DENYING = frozenset(("не", "ни", "нет", "без", "никакой"))


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
    if fitting:
        return fitting[0] if len(fitting) == 1 and not reading.has(Intent.FAQ) else None
    place = place_of(words, len(options))
    return options[place - 1] if place else _partly(words, reading, options)


def place_of(words: str, count: int) -> int:
    """Return which of `count` choices is named by its place ("второй", "вариант 3", "последний"), 0 for none."""
    found = _PLACE.fullmatch(words)
    if found is None:
        return 0
    if found["last"]:
        return count
    place = int(found["number"]) if found["number"] else _ORDINALS.index(found["word"]) + 1
    return place if place <= count else 0


def _partly(words: str, reading: Reading, options: Sequence[Chosen]) -> Chosen | None:
    """Return the one choice whose words a short answer shares: "сохранить" for "Сохранить накопления"."""
    said = words.split()
    if len(said) > _SHORT or not _ANSWERING.issuperset(reading.intents) or _DENYING.intersection(said):
        return None
    stems = _stems(words)
    sharing = [option for option in options if stems & _stems(plain(option.text))]
    return sharing[0] if len(sharing) == 1 else None


def _stems(words: str) -> set[str]:
    return {word[:_STEM] for word in words.split() if len(word) >= _STEM}
