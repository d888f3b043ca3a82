"""Which FAQ entries answer a message: by shipped knowledge of common topics, and by nearness to the entry's own words."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dialogs.engine.reading import FaqHit
from dialogs.understanding import morphology
from dialogs.understanding.knowledge import Knowledge, compile_all, normal, vocabulary
from dialogs.understanding.nearness import Bank, Weights
from dialogs.understanding.patterns import Match, PatternBook
from dialogs.understanding.tokens import Token, Vocabulary, Words, split

ENOUGH = 0.62  # nearness below which silence is better than an answer
_TOPIC_SCORE = 0.9
_COVERED = 0.42  # of the known phrase must have been said
_SIMILAR = 0.89  # at most, for what is only like a known phrase
_KEYWORD_SCORE = 0.75
_KEYWORD_SHARE = 0.3  # a keyword must be this much of what is said in its part of the sentence
_STEM = 5
_VERBATIM = 0.85  # nearness from which these are the editor's own words, whatever else they resemble
_OVERRULES = 0.72  # an entry of the editor's own this near beats a shipped topic


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One question the business answers; `variants` are other ways to ask, `keywords` words or phrases that tell it."""

    key: str
    question: str
    answer: str
    variants: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """An entry found, and the tokens that speak for it."""

    key: str
    score: float
    used: frozenset[int]
    is_verbatim: bool = False  # the editor wrote just these words: they mean this before they mean anything else

    @property
    def is_sure(self) -> bool:
        """Tell whether a known phrasing was met, not something like it."""
        return self.score >= _TOPIC_SCORE


class FaqBook:
    """Finds the entries which answer a message."""

    def __init__(self, entries: Sequence[FaqEntry], knowledge: Knowledge, words: Vocabulary) -> None:
        self._entries = {entry.key: entry for entry in entries}
        self._knowledge = knowledge
        self._light = frozenset(knowledge.synonyms["light"])
        phrases = [
            (entry.key, _features(split(text, words).tokens, self._light))
            for entry in entries
            for text in phrases_of(entry)
        ]
        background = [_features(split(text, words).tokens, self._light) for _, text in knowledge.examples]
        self._weights = Weights([*background, *(features for _, features in phrases)], light=self._light)
        self._bank = Bank(phrases, self._weights)
        self._exact = {frozenset(features): key for key, features in phrases if len(features) > 1}
        self._keywords = PatternBook(
            pattern
            for entry in entries
            for keyword in entry.keywords
            for pattern in compile_all(entry.key, plain_pattern(keyword, words))
        )
        self._by_topic = {topic: key for key, topic in self._topics_of(entries, words)}

    def find(self, words: Words) -> list[Found]:
        """Return the entries that answer some part of the message, in the order asked."""
        found: dict[str, Found] = {}
        hits = [hit for start, end in _parts(words.tokens) for hit in self._find_in_part(words, start, end)]
        for hit in hits or self._topics(words.tokens, 0, len(words.tokens)):
            if hit.key not in found or found[hit.key].score < hit.score:
                found[hit.key] = hit
        return list(found.values())

    def hits(self, found: Iterable[Found]) -> tuple[FaqHit, ...]:
        """Return what was found with the answers."""
        return tuple(FaqHit(hit.key, self._entries[hit.key].answer, round(hit.score, 3)) for hit in found)

    def _find_in_part(self, words: Words, start: int, end: int) -> list[Found]:
        tokens = words.tokens[start:end]
        near = self._near(tokens, start, is_report(words, tokens))
        topics = self._topics(words.tokens, start, end)
        if near and not near.is_verbatim:
            topic = (self.topic_of(near.key), words.tokens[start].sentence)
            near = None if topic in cancelled_topics(self._knowledge, tokens) else near
        if near and (near.is_verbatim or (near.score >= _OVERRULES and near.key not in self._by_topic.values())):
            return [near]
        if topics:
            return topics
        return [near] if near else self._by_keyword(tokens, start, is_report(words, tokens))

    def _topics(self, tokens: Sequence[Token], start: int, end: int) -> list[Found]:
        """Find topics within some tokens; used token numbers count from the beginning of the message."""
        part = tokens[start:end]
        matches = find_topics(self._knowledge, part)
        topics = {match.label for match in matches}
        if topics - self._knowledge.aspects:
            topics -= self._knowledge.aspects
        hits: dict[str, Found] = {}
        for match in matches:
            key = self._by_topic.get(match.label)
            if key is not None and match.label in topics:
                used = frozenset(at + start for at in match.used) | (hits[key].used if key in hits else frozenset())
                hits[key] = Found(key, _TOPIC_SCORE, used)
        return list(hits.values())

    def topic_of(self, key: str) -> str:
        """Return the shipped topic the entry answers, empty when it is about something of its own."""
        return next((topic for topic, its_key in self._by_topic.items() if its_key == key), "")

    def _near(self, tokens: Sequence[Token], start: int, report: bool) -> Found | None:
        features = _features(tokens, self._light)
        used = frozenset(range(start, start + len(tokens)))
        if exact := self._exact.get(frozenset(features)):
            return Found(exact, _SIMILAR, used, is_verbatim=True)
        if report or "не" in features or not any(feature not in self._light for feature in features):
            return None
        nearest = self._bank.nearest(features)[:1]
        if not nearest or nearest[0].cosine < ENOUGH or nearest[0].covered < _COVERED:
            return None
        is_verbatim = len(tokens) > 1 and nearest[0].cosine >= _VERBATIM
        return Found(nearest[0].label, min(nearest[0].cosine, _SIMILAR), used, is_verbatim)

    def _by_keyword(self, tokens: Sequence[Token], start: int, report: bool) -> list[Found]:
        cancelled = {topic for topic, _ in cancelled_topics(self._knowledge, tokens)}
        total = sum(self._weights.of(token.feature) for token in tokens)
        hits = []
        for match in self._keywords.find(tokens):
            share = sum(self._weights.of(tokens[at].feature) for at in match.used) / total
            off = report or is_negated(match, tokens) or self.topic_of(match.label) in cancelled
            if share >= _KEYWORD_SHARE and not off:
                hits.append(Found(match.label, _KEYWORD_SCORE, frozenset(at + start for at in match.used)))
        return hits

    def _topics_of(self, entries: Sequence[FaqEntry], words: Vocabulary) -> Iterable[tuple[str, str]]:
        """Pair entries with the topics they are about: a topic goes to the entry of its name, else to one that asks it."""
        keys = set(self._entries)
        for entry in entries:
            asked = split(entry.question, words)
            topics = {match.label for match in find_topics(self._knowledge, asked.tokens)}
            if entry.key in self._known_topics:
                yield entry.key, entry.key
            elif len(topics) == 1 and not topics & keys and not self._says_more(asked.tokens):
                yield entry.key, topics.pop()

    @property
    def _known_topics(self) -> frozenset[str]:
        return self._knowledge.topic_names

    def _says_more(self, tokens: Sequence[Token]) -> bool:
        """Tell whether the question is about something special: then a general question is not answered by it."""
        used = {at for match in find_topics(self._knowledge, tokens) for at in match.used}
        return any(at not in used and token.feature not in self._light for at, token in enumerate(tokens))


def cancelled_topics(knowledge: Knowledge, tokens: Sequence[Token]) -> frozenset[tuple[str, int]]:
    """Return the topics which something in a sentence cancels, with the number of the sentence."""
    return frozenset((match.label, tokens[match.start].sentence) for match in knowledge.topics.unless.find(tokens))


def find_topics(knowledge: Knowledge, tokens: Sequence[Token]) -> list[Match]:
    """Return the matches of the shipped topics that nothing in their sentence cancels."""
    matches = knowledge.topics.found.find(tokens)
    cancelled = cancelled_topics(knowledge, tokens) if matches else frozenset()
    return [match for match in matches if (match.label, tokens[match.start].sentence) not in cancelled]


def plain_pattern(keyword: str, words: Vocabulary) -> list[str]:
    """Return an editor's keyword as a pattern of plain words; a keyword of signs alone gives none."""
    plain = [word for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", normal(keyword)) if word not in words.ignored]
    return [" ".join(plain)] if plain else []


def phrases_of(entry: FaqEntry) -> tuple[str, ...]:
    """Return every way the entry says it is asked."""
    return (entry.question, *entry.variants)


def is_negated(match: Match, tokens: Sequence[Token]) -> bool:
    """Tell whether a "not" stands right before the match."""
    return match.start > 0 and bool(tokens[match.start - 1].keys & {"=не", "=без", "=ни"})


def is_report(words: Words, tokens: Sequence[Token]) -> bool:
    """Tell whether somebody tells what they did ("я вчера оплатил доставку") rather than asks."""
    if not tokens or tokens[0].sentence in words.asked:
        return False
    owns = any("=у" in first.keys and second.keys & {"=меня", "=нас"} for first, second in itertools.pairwise(tokens))
    if owns or any(token.is_own_act for token in tokens):
        return True
    return any(token.keys & {"=я", "=мы"} for token in tokens) and any(token.is_past for token in tokens)


def _parts(tokens: Sequence[Token]) -> Iterable[tuple[int, int]]:
    start = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].part != tokens[start].part:
            yield start, at
            start = at


def _forms(text: str) -> Iterable[str]:
    """Yield every form of the text's nouns, so that a typing error in any of them can be mended."""
    for word in re.findall(r"[а-я]{4,}", normal(text)):
        reading = morphology.parse(word)[0]
        if reading.tag.POS == "NOUN":
            yield from (normal(form.word) for form in reading.lexeme)


def _features(tokens: Sequence[Token], light: frozenset[str]) -> list[str]:
    """Return the words and the beginnings of the longer ones: "замена" and "заменить" are half the same."""
    words = [token.feature for token in tokens]
    return [*words, *(f"~{word[:_STEM]}" for word in words if len(word) > _STEM and word not in light)]


def build(entries: Sequence[FaqEntry], knowledge: Knowledge, more: Iterable[str] = ()) -> tuple[FaqBook, Vocabulary]:
    """Return the book over these entries and the vocabulary extended by their words."""
    texts = [text for entry in entries for text in (*phrases_of(entry), *entry.keywords)]
    texts += [form for text in texts for form in _forms(text)]
    words = vocabulary(knowledge, [*texts, *more])
    return FaqBook(entries, knowledge, words), words
