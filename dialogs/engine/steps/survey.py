"""survey: questions with fixed answers that earn points; the sum gives a segment, the answers a persona.

Resumed after any pause, because every answer is kept as it comes; changed by "change the last answer", or by an older
question's button. Buttons carry `<step>:<question>:<answer>`; `<step>:start` begins, wherever the dialogue stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.choosing import Option, chosen_by, plain
from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES, KeepSurveyAnswer, Key, Qualify
from dialogs.engine.events import Alarm, Event, Pressed, Said
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.scoring import Scoring, SurveyQuestion
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.wordings import wordings_of

START, BACK, AGAIN, KEEP = "start", "back", "again", "keep"
OWN = (START, BACK, AGAIN, KEEP)
RESULTS = ("points", "segment", "persona")  # values kept at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Question):
    """Several questions, one at a time. Kept: `value.<name>` (words), `value.points`, `.segment`, `.persona`."""

    kind: ClassVar[str] = "survey"
    asks: ClassVar[tuple[str, ...]] = (
        *("text", "questions", "segments", "personas", "next", "tries", "on_unclear", *Patience.SETTINGS),
    )
    scoring: Scoring
    next: str

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            scoring=Scoring.parse(raw),
            next=str(raw.get("next") or ""),
            tries=int(raw.get("tries") or 3),
            on_unclear=str(raw.get("on_unclear") or ""),
            patience=Patience.parse(raw),
        )

    # --- asking

    def enter(self, desk: Desk) -> Move:
        if not self._is_done(desk):
            begun = bool(self.answers(desk))
            desk.say(desk.text("survey_resumed") if begun else desk.wording(self.key, self.wordings))
        return self._ask(desk)

    def prompt(self, desk: Desk) -> None:
        asked = self._open_question(desk)
        if asked is None:
            keys = [self._key(desk.text(f"survey_{name}"), name) for name in (AGAIN, KEEP)]
            desk.say(desk.text("survey_done"), keys=tuple((key,) for key in keys))
            return
        text = desk.wording(f"{self.key}.{asked.key}", asked.wordings)
        if not desk.facts.buttons:
            text = "\n".join([text, *(f"{number}. {answer.text}" for number, answer in enumerate(asked.answers, 1))])
        keys = [self._key(answer.text, asked.key, answer.key) for answer in asked.answers]
        if self.answers(desk):
            keys.append(self._key(desk.text("survey_back"), BACK))
        desk.say(text, keys=tuple((key,) for key in keys))

    def admit(self, desk: Desk) -> None:
        desk.say(desk.text("choose"))

    def remind(self, desk: Desk, text: str) -> None:
        desk.say(text)
        self.prompt(desk)

    def _ask(self, desk: Desk) -> Move:
        desk.update(tries=0, recent=())
        self.prompt(desk)
        self.patience.begin(desk)
        return Wait()

    def _key(self, text: str, *parts: str) -> Key:
        return Key(text, data=":".join((self.key, *parts)))

    # --- what is known

    def answers(self, desk: Desk) -> dict[str, str]:
        """Return the answers given so far: question key to answer key."""
        kept = {item.key: desk.state.values.get(f"{self.key}.{item.key}", "") for item in self.scoring.questions}
        return {item.key: kept[item.key] for item in self.scoring.questions if item.answer(kept[item.key]) is not None}

    def _open_question(self, desk: Desk) -> SurveyQuestion | None:
        given = self.answers(desk)
        return next((question for question in self.scoring.questions if question.key not in given), None)

    def _is_done(self, desk: Desk) -> bool:
        return self._open_question(desk) is None

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Pressed(data=data):
                return self._pressed(desk, self._parts(data))
            case Said(reading=reading):
                return self._heard(desk, reading)
            case Alarm(name="later"):
                return self._ask(desk)
        return Unclear()

    def summoned(self, desk: Desk, event: Pressed) -> Move | Unclear:
        parts = self._parts(event.data)
        match parts:
            case ["start"]:
                return Go(self.key)
            case ["again"] if self._is_done(desk):
                self._forget(desk)
                return Go(self.key)
            case ["keep"] if self._is_done(desk):
                desk.say(desk.text("survey_kept"))
                return Wait()
            case [question, answer] if self._is_done(desk) and self._offered(question, answer):
                desk.say(desk.text("survey_done"), keys=((self._key(desk.text("survey_again"), AGAIN),),))
                return Wait()
            case [question, answer]:
                move = self._answered(desk, question, answer)
                return Go(self.key) if isinstance(move, Wait) else move
        return Unclear()

    def _parts(self, data: str) -> list[str]:
        owner, _, rest = data.partition(":")
        return rest.split(":") if owner == self.key else []

    def _offered(self, question: str, answer: str) -> bool:
        asked = self.scoring.question(question)
        return asked is not None and asked.answer(answer) is not None

    def _pressed(self, desk: Desk, parts: list[str]) -> Move | Unclear:
        match parts:
            case ["start"]:
                return self.enter(desk)
            case ["back"] if self.answers(desk) and not self._is_done(desk):
                self._forget(desk, [*self.answers(desk)][-1])
                return self._ask(desk)
            case ["again"] if self._is_done(desk):
                self._forget(desk)
                return self.enter(desk)
            case ["keep"] if self._is_done(desk):
                return Go(self.next)
            case [question, answer] if not self._is_done(desk):
                move = self._answered(desk, question, answer)
                return self._ask(desk) if isinstance(move, Wait) else move
        return Unclear()

    def _heard(self, desk: Desk, reading: Reading) -> Move | Unclear:
        asked = self._open_question(desk)
        options = asked.answers if asked is not None else ()
        chosen = chosen_by(reading, options)
        if chosen is not None and asked is not None:
            return self._pressed(desk, [asked.key, chosen.key])
        if reading.has(Intent.LATER):
            self.patience.postpone(desk, reading)
            return Wait()
        own = chosen_by(reading, self._own_options(desk))
        return self._pressed(desk, [own.key]) if own is not None else Unclear()

    def _own_options(self, desk: Desk) -> tuple[Option, ...]:
        """Return what may be said beside an answer."""
        if self._is_done(desk):
            again = Option(key=AGAIN, text=desk.texts["survey_again"][0], intents=(Intent.AFFIRM,))
            return (again, Option(key=KEEP, text=desk.texts["survey_keep"][0], intents=(Intent.DENY,)))
        words = ("назад", "изменить ответ", "исправить ответ", "предыдущий вопрос")
        back = desk.texts["survey_back"][0]
        return (Option(key=BACK, text=back, synonyms=words, intents=(Intent.CORRECTION,)),)

    # --- taking an answer

    def _answered(self, desk: Desk, question: str, answer: str) -> Move | Unclear:
        """Take an answer to the open question, or a new one to a question answered before; `Wait` asks on."""
        asked, opened, given = self.scoring.question(question), self._open_question(desk), self.answers(desk)
        chosen = asked.answer(answer) if asked is not None else None
        if asked is None or chosen is None or opened is None or (asked is not opened and question not in given):
            return Unclear()  # no such button of ours, or one for a question not asked yet
        if given.get(question) == answer:
            desk.say(desk.text("survey_same"))
            return Wait()
        desk.do(KeepSurveyAnswer(self.key, question, answer, chosen.points))
        desk.track("survey_answer", survey=self.key, question=question, answer=answer, points=str(chosen.points))
        desk.keep(f"{self.key}.{question}", answer)
        desk.keep(asked.name, chosen.text)
        desk.say(desk.text("survey_changed") if question in given else "")
        desk.say(desk.wording(f"{self.key}.{question}.{answer}", chosen.reactions))
        return self._finished(desk) if self._is_done(desk) else Wait()

    def _finished(self, desk: Desk) -> Move:
        result = self.scoring.result(self.answers(desk))
        for name, value in zip(RESULTS, (str(result.points), result.segment, result.persona), strict=True):
            desk.keep(name, value)
        desk.do(Qualify(result.segment, result.points, result.persona))
        desk.track("survey_done", segment=result.segment, points=str(result.points), persona=result.persona)
        return Go(self.next)

    def _forget(self, desk: Desk, question: str = "") -> None:
        questions = [item for item in self.scoring.questions if question in ("", item.key)]
        desk.forget(*(item.name for item in questions), *(f"{self.key}.{item.key}" for item in questions))

    def lasting(self) -> Iterable[str]:
        for question in self.scoring.questions:
            yield from (question.name, f"{self.key}.{question.key}")
        yield from RESULTS

    # --- being checked

    def offers(self, words: str) -> bool:
        return any(plain(answer.text) == words for item in self.scoring.questions for answer in item.answers)

    def targets(self) -> Iterable[str]:
        return tuple(key for key in (self.next, self.on_unclear, self.patience.on_timeout) if key)

    def texts(self) -> Iterable[str]:
        for question in self.scoring.questions:
            yield from question.wordings
            for answer in question.answers:
                yield from answer.reactions
        yield from (*self.wordings, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        yield from self.scoring.problems(self.key)
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows the last answer", "set `next`")
        for question in self.scoring.questions:
            for answer in question.answers:
                if len(f"{self.key}:{question.key}:{answer.key}".encode()) > MAX_DATA_BYTES:
                    what = f"the button {question.key}:{answer.key} needs over 64 bytes"
                    yield Problem("long-key", self.key, what, "shorten the keys")
            if question.key in OWN or ":" in question.key:
                what = f"a question may not be called {question.key!r}"
                yield Problem("choice-key", self.key, what, f"name it otherwise: {', '.join(OWN)} are the survey's own")
        yield from self.patience.problems(self.key)
