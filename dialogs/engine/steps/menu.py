"""menu: choose one of several; a press, the words on a button, its number or a synonym."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.choosing import Option, chosen_by, plain
from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES, Key
from dialogs.engine.events import Alarm, Event, Pressed, Said
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.wordings import wordings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Option):
    """One button of a menu."""

    next: str


def choices_of(raw: Any) -> tuple[Choice, ...]:
    """Read the `choices` of a step."""
    return tuple(
        Choice(
            key=str(item.get("key", "")),
            text=str(item.get("text", "")),
            next=str(item.get("next") or ""),
            synonyms=tuple(str(word) for word in item.get("synonyms") or ()),
            intents=tuple(str(word) for word in item.get("intents") or ()),
        )
        for item in raw or ()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Question):
    """A question with fixed answers."""

    kind: ClassVar[str] = "menu"
    asks: ClassVar[tuple[str, ...]] = ("text", "choices", "name", "columns", "tries", "on_unclear", *Patience.SETTINGS)
    options: tuple[Choice, ...]
    name: str = ""  # keeps the chosen text as {{value.<name>}}
    columns: int = 1
    tries: int = 3

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            options=choices_of(raw.get("choices")),
            name=str(raw.get("name") or ""),
            columns=int(raw.get("columns") or 1),
            tries=int(raw.get("tries") or 3),
            on_unclear=str(raw.get("on_unclear") or ""),
            patience=Patience.parse(raw),
        )

    def enter(self, desk: Desk) -> Move:
        self.prompt(desk)
        self.patience.begin(desk)
        return Wait()

    def prompt(self, desk: Desk) -> None:
        text = desk.wording(self.key, self.wordings)
        if not desk.facts.buttons:
            numbered = (f"{number}. {option.text}" for number, option in enumerate(self.options, 1))
            text = "\n".join([text, *numbered])
        desk.say(text, keys=self._keys())

    def admit(self, desk: Desk) -> None:
        desk.say(desk.text("choose"))

    def _keys(self) -> tuple[tuple[Key, ...], ...]:
        keys = [Key(option.text, data=self.data_of(option)) for option in self.options]
        return tuple(tuple(keys[i : i + self.columns]) for i in range(0, len(keys), self.columns))

    def data_of(self, option: Choice) -> str:
        """Return what a press brings back; at most 64 bytes."""
        return f"{self.key}:{option.key}"

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Pressed(data=data):
                chosen = next((option for option in self.options if self.data_of(option) == data), None)
            case Said(reading=reading):
                chosen = chosen_by(reading, self.options)
                if chosen is None and reading.has(Intent.LATER):
                    self.patience.postpone(desk, reading)
                    return Wait()
            case Alarm(name="later"):
                return self.enter(desk)
            case _:
                return Unclear()
        if chosen is None:
            return Unclear()
        if self.name:
            desk.keep(self.name, chosen.text)
        desk.track("choice", step=self.key, choice=chosen.key)
        return Go(chosen.next)

    def offers(self, words: str) -> bool:
        return any(plain(option.text) == words for option in self.options)

    def targets(self) -> Iterable[str]:
        after = (self.patience.on_timeout, self.on_unclear)
        return (*(option.next for option in self.options), *(key for key in after if key))

    def texts(self) -> Iterable[str]:
        return (*self.wordings, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        if not self.wordings:
            yield Problem("empty-text", self.key, "it asks nothing", "give it a `text`")
        if not self.options:
            yield Problem("no-choices", self.key, "it offers nothing to choose", "add `choices`")
        keys = [option.key for option in self.options]
        for option in self.options:
            if not option.key or keys.count(option.key) > 1:
                yield Problem(
                    "choice-key", self.key, f"choice {option.text!r} has no key of its own", "give it a unique `key`"
                )
            if not option.text:
                yield Problem("empty-text", self.key, f"choice {option.key!r} has no words", "give it a `text`")
            if not option.next:
                yield Problem("dead-end", self.key, f"choice {option.key!r} leads nowhere", "set its `next`")
            if len(self.data_of(option).encode()) > MAX_DATA_BYTES:
                yield Problem(
                    "long-key", self.key, f"button {option.key!r} needs over 64 bytes", "shorten the two keys"
                )
        yield from self.patience.problems(self.key)
