"""What a survey's answers are worth: points, the segment they give, and the persona they show."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialogs.engine.choosing import Option
from dialogs.engine.problems import Problem
from dialogs.engine.wordings import wordings_of

_RANGE = re.compile(r"\s*(-?\d+)\s*(?:(\+)|[-–—]\s*(-?\d+))?\s*")  # people type dashes of all lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Option):
    """One answer to choose."""

    points: int = 0
    reactions: tuple[str, ...] = ()  # what is said to it


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyQuestion:
    """One question with its answers."""

    key: str
    wordings: tuple[str, ...]
    answers: tuple[Answer, ...]
    name: str = ""  # the answer is kept as {{value.<name>}}; left out: the key

    def answer(self, key: str) -> Answer | None:
        """Return the answer of that key."""
        return next((answer for answer in self.answers if answer.key == key), None)


@dataclass(frozen=True, slots=True)
class Segment:
    """From so many points to so many; `last` None is without end."""

    key: str
    first: int
    last: int | None

    def holds(self, points: int) -> bool:
        """Tell whether so many points belong here."""
        return self.first <= points and (self.last is None or points <= self.last)


@dataclass(frozen=True, slots=True)
class Persona:
    """Whom one talks to, known by their answers: question key to the answers that show it. All must hold."""

    key: str
    when: Mapping[str, tuple[str, ...]]

    def fits(self, chosen: Mapping[str, str]) -> bool:
        """Tell whether the answers show this persona."""
        return all(chosen.get(question) in answers for question, answers in self.when.items())


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers give together."""

    points: int
    segment: str
    persona: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """The table by which answers become a result."""

    questions: tuple[SurveyQuestion, ...]
    segments: tuple[Segment, ...]
    personas: tuple[Persona, ...] = ()

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> "Scoring":
        """Read `questions`, `segments` and `personas` of a survey; raises `ValueError` for what cannot be read."""
        segments = [_segment(str(key), str(span)) for key, span in (raw.get("segments") or {}).items()]
        return cls(
            questions=tuple(_question(item) for item in raw.get("questions") or ()),
            segments=tuple(sorted(segments, key=lambda segment: segment.first)),
            personas=tuple(_persona(item) for item in raw.get("personas") or ()),
        )

    def question(self, key: str) -> SurveyQuestion | None:
        """Return the question of that key."""
        return next((question for question in self.questions if question.key == key), None)

    def result(self, chosen: Mapping[str, str]) -> Result:
        """Return what the answers give; a question not answered gives no points."""
        given = [question.answer(chosen.get(question.key, "")) for question in self.questions]
        points = sum(answer.points for answer in given if answer is not None)
        segment = next((segment.key for segment in self.segments if segment.holds(points)), "")
        return Result(points, segment, next((item.key for item in self.personas if item.fits(chosen)), ""))

    def problems(self, step: str) -> Iterator[Problem]:
        """Return what keeps the table from being used."""
        if not self.questions:
            yield Problem("no-questions", step, "it asks nothing", "add `questions`")
        yield from _repeated(step, "question", [question.key for question in self.questions])
        for question in self.questions:
            yield from _problems_of(step, question)
        if self.questions:
            yield from self._uncovered(step)
        yield from self._strange_personas(step)

    def _uncovered(self, step: str) -> Iterator[Problem]:
        worth = [[answer.points for answer in question.answers] or [0] for question in self.questions]
        lowest, highest = sum(map(min, worth)), sum(map(max, worth))
        for points in range(lowest, highest + 1):
            keys = [segment.key for segment in self.segments if segment.holds(points)]
            if len(keys) == 1:
                continue
            span = f"the answers give {lowest} to {highest} points"
            if keys:
                what = f"{points} points are both {' and '.join(map(repr, keys))}"
                yield Problem("segment-overlap", step, what, "let one end before the other begins, e.g. 0-5 and 6-10")
            else:
                cure = f"let a segment reach it ({span}), e.g. cold: 0-5, warm: 6-10, hot: 11+"
                yield Problem("segment-gap", step, f"{points} points belong to no segment", cure)
            return  # the first is enough: the rest goes with it

    def _strange_personas(self, step: str) -> Iterator[Problem]:
        for persona in self.personas:
            for key, answers in persona.when.items():
                question = self.question(key)
                for answer in answers:
                    if question is None or question.answer(answer) is None:
                        what = f"the persona {persona.key!r} wants {key}: {answer}, which nobody can answer"
                        yield Problem("unknown-answer", step, what, "name a question and one of its answers")
        if self.personas and self.personas[-1].when:
            yield Problem(
                "no-persona", step, "some answers show no persona", "let the last persona stand without `when`"
            )


def _question(raw: Mapping[str, Any]) -> SurveyQuestion:
    answers = tuple(
        Answer(
            key=str(item.get("key", "")),
            text=str(item.get("text", "")),
            points=int(item.get("points") or 0),
            reactions=wordings_of(item.get("reaction")),
            synonyms=tuple(map(str, item.get("synonyms") or ())),
            intents=tuple(map(str, item.get("intents") or ())),
        )
        for item in raw.get("answers") or ()
    )
    key = str(raw.get("key", ""))
    name = str(raw.get("name") or key)
    return SurveyQuestion(key=key, name=name, wordings=wordings_of(raw.get("text")), answers=answers)


def _segment(key: str, span: str) -> Segment:
    match = _RANGE.fullmatch(span)
    if match is None:
        raise ValueError(f"the segment {key!r} is {span!r}; write a range such as 0-5, or 11+")
    first = int(match[1])
    return Segment(key, first, None if match[2] else int(match[3] or first))


def _persona(raw: Mapping[str, Any]) -> Persona:
    when = raw.get("when") or {}
    return Persona(str(raw.get("key", "")), {str(name): _listed(value) for name, value in when.items()})


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _problems_of(step: str, question: SurveyQuestion) -> Iterator[Problem]:
    if not question.wordings:
        yield Problem("empty-text", step, f"the question {question.key!r} has no words", "give it a `text`")
    if len(question.answers) < 2:
        what = f"the question {question.key!r} leaves nothing to choose"
        yield Problem("no-choices", step, what, "give it at least two `answers`")
    for answer in question.answers:
        if not answer.text:
            what = f"an answer to {question.key!r} has no words"
            yield Problem("empty-text", step, what, "give it a `text`")
    yield from _repeated(step, f"answer to {question.key!r}", [answer.key for answer in question.answers])


def _repeated(step: str, what: str, keys: Sequence[str]) -> Iterable[Problem]:
    for key in dict.fromkeys(keys):
        if not key or keys.count(key) > 1:
            yield Problem("choice-key", step, f"the {what} {key!r} has no key of its own", "give it a unique `key`")
