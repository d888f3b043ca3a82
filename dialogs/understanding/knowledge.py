"""The shipped knowledge of the language, read from `data/*.yaml` once per process."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from dialogs.understanding import morphology
from dialogs.understanding.normalise import is_cyrillic
from dialogs.understanding.patterns import BadPattern, Pattern, PatternBook, compile_pattern, word_item_keys
from dialogs.understanding.speller import Speller
from dialogs.understanding.tokens import Vocabulary

DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[a-zа-я]+(?:-[a-zа-я]+)*")
_MOST_BLOCKS = 3  # six orders; more would be guessing
_GROUP = re.compile(r"\(([^()]+)\)(\??)")


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Labelled patterns, the patterns that cancel a label, and labels a negation before them does not turn round."""

    found: PatternBook
    unless: PatternBook
    unturned: frozenset[str]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything shipped; a `Reader` adds the business's own FAQ to it."""

    words: frozenset[str]
    synonyms: Mapping[str, Any]
    intents: Phrasebook
    examples: tuple[tuple[str, str], ...]  # intent, phrase
    topics: Phrasebook
    topic_names: frozenset[str]
    aspects: frozenset[str]  # topics which give way to a subject named beside them
    curses: Mapping[str, Any]


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    """Return the shipped knowledge; reading it takes about half a second, once per process."""
    synonyms = load("synonyms.yaml")
    skipped = frozenset(normal(word) for word in [*synonyms["fillers"], *synonyms["joints"]])
    intents: dict[str, Any] = {}
    for path in sorted((DATA / "intents").glob("*.yaml")):
        intents |= load(f"intents/{path.name}")
    topics = load("topics.yaml")
    curses = load("curses.yaml")
    examples = tuple((intent, phrase) for intent, body in intents.items() for phrase in body.get("examples", ()))
    return Knowledge(
        words=frozenset(_words(_texts(synonyms, intents, topics, curses["names"]))),
        synonyms=synonyms,
        intents=_phrasebook(intents, skipped),
        examples=examples,
        topics=_phrasebook(topics, skipped),
        topic_names=frozenset(topics),
        aspects=frozenset(topic for topic, body in topics.items() if body.get("aspect") == "true"),
        curses=curses,
    )


def load(name: str) -> Any:
    """Read one data file; every scalar is a string, so that the words "no" and "on" stay words."""
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - builds no objects


def vocabulary(knowledge: Knowledge, more: Iterable[str] = ()) -> Vocabulary:
    """Return what is known about words, with the words of the given texts added."""
    synonyms = knowledge.synonyms
    return Vocabulary(
        speller=Speller(
            knowledge.words | frozenset(_words(more)),
            english=[*synonyms["english"], *knowledge.words],
            aliases={normal(word): normal(meant) for word, meant in synonyms["aliases"].items()},
            either=synonyms["either"],
        ),
        groups=_groups(synonyms["groups"]),
        features=_features(synonyms["synonyms"]),
        fillers=frozenset(map(normal, synonyms["fillers"])),
        joints=frozenset(map(normal, synonyms["joints"])),
        openers=frozenset(map(normal, synonyms["openers"])),
    )


def normal(word: str) -> str:
    """Return a word of a data file as the tokens spell it."""
    return str(word).lower().replace("ё", "е")


def compile_all(
    label: str, sources: Iterable[str], skipped: frozenset[str] = frozenset(), *, any_order: bool = False
) -> Iterator[Pattern]:
    """Compile patterns, those with several words in a choice as several patterns; raises `BadPattern`."""
    for source in sources:
        for variant in _expand(normal(source)):
            _refuse_skipped(label, variant, skipped)
            yield compile_pattern(label, list(_orders(variant)) if any_order else [variant])


def _phrasebook(bodies: Mapping[str, Any], skipped: frozenset[str]) -> Phrasebook:
    def book(field: str) -> PatternBook:
        return PatternBook(
            pattern
            for label, body in bodies.items()
            for pattern in compile_all(label, body.get(field, ()), skipped, any_order=field == "patterns")
        )

    unturned = frozenset(label for label, body in bodies.items() if body.get("negatable") == "false")
    return Phrasebook(book("patterns"), book("unless"), unturned)


def _expand(source: str) -> Iterator[str]:
    """Spell out choices of several words: "(a|b c) d" is "(a) d" and "b c d"."""
    pieces: list[list[str]] = []
    end = 0
    for group in _GROUP.finditer(source):
        choices, optional = group[1].split("|"), group[2]
        phrases = [choice for choice in choices if " " in choice]
        single = "|".join(choice for choice in choices if " " not in choice)
        pieces += [
            [source[end : group.start()]],
            [*([f"({single}){optional}"] if single else []), *map(_exact, phrases)],
        ]
        end = group.end()
    for combination in itertools.product(*pieces, [source[end:]]):
        yield "".join(combination)


def _orders(source: str) -> Iterator[str]:
    """Russian words stand in any order: yield the pattern with what its gaps part put in every order.

    A pattern which says where a sentence begins or ends means the order it shows.
    """
    yield source
    blocks = [block.strip() for block in re.split(r"(?:^|\s)\*{1,2}(?=\s|$)", source)]
    blocks = [block for block in blocks if re.sub(r"\([^()]*\)\?|\S+\?", "", block).strip()]
    if not {"^", "$", "~"} & set(source.split()) and 1 < len(blocks) <= _MOST_BLOCKS:
        gap = " ** " if "**" in source.split() else " * "
        yield from (gap.join(order) for order in itertools.islice(itertools.permutations(blocks), 1, None))


def _exact(phrase: str) -> str:
    """Make every word of a phrase exact when its first is: "=до вас" is "=до =вас"."""
    return " ".join(f"={word.lstrip('=')}" for word in phrase.split()) if phrase.startswith("=") else phrase


def _refuse_skipped(label: str, source: str, skipped: frozenset[str]) -> None:
    for item in source.split():
        if not item.endswith("?") and "(" not in item and item.lstrip("=") in skipped:
            raise BadPattern(f"{label}: {source!r} asks for {item!r}, which is skipped in every message")


def _groups(groups: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in groups.items():
        for word in words:
            for key in word_item_keys(normal(word)):
                found.setdefault(key, set()).add(f"@{name}")
    return {key: frozenset(names) for key, names in found.items()}


def _features(synonyms: Iterable[Sequence[str]]) -> dict[str, str]:
    features: dict[str, str] = {}
    for words in synonyms:
        for word in map(normal, words):
            for form in (word, *(morphology.lemmas(word)[:1] if is_cyrillic(word) else ())):
                features.setdefault(form, normal(words[0]))
    return features


def _texts(*trees: Any) -> Iterator[str]:
    """Yield every string in the data, keys left out."""
    for tree in trees:
        if isinstance(tree, str):
            yield tree
        elif isinstance(tree, Mapping):
            yield from _texts(*tree.values())
        elif isinstance(tree, list):
            yield from _texts(*tree)


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word for word in _WORD.findall(normal(text)) if not word.isascii() or f"@{word}" not in text)
