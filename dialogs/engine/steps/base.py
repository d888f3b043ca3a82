"""What every kind of step is: a frozen value that knows how to begin, how to hear an answer, and what is wrong with it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.events import Event, Pressed
from dialogs.engine.patience import FOREVER, Patience
from dialogs.engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Go:
    """Continue at this step."""

    step: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The person has the word."""


@dataclass(frozen=True, slots=True)
class Halt:
    """Nothing follows: the dialogue ended or a human has it."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """The step has no use for this event; the global replies may have."""

    said: bool = False  # it answered already
    asked: bool = False  # … and put its question again, too


Move = Go | Wait | Halt


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(ABC):
    """One step of a script. `raw` in `parse` is the step's mapping in YAML, without its key."""

    kind: ClassVar[str]
    waits: ClassVar[bool] = False  # asks the person (or the clock) for something
    asks: ClassVar[tuple[str, ...]] = ()  # names of the settings this kind reads; others are refused
    key: str

    @property
    def is_passed(self) -> bool:
        """Whether a turn may go through it without waiting, always or when what it wants is known."""
        return not self.waits

    @classmethod
    @abstractmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        """Build the step; missing settings take their empty value, `problems` names what may not be missing."""

    @abstractmethod
    def enter(self, desk: Desk) -> Move:
        """Begin: say what is to be said and tell what follows."""

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        """Hear an event while waiting."""
        return Unclear()

    def summoned(self, desk: Desk, event: Pressed) -> Move | Unclear:
        """Hear a press whose data begins with this step's key while the dialogue stands elsewhere: weeks later, twice, forged.

        `Go` leads there, `Wait` says something and stays; `Unclear` is an old button.
        """
        return Unclear()

    def offers(self, words: str) -> bool:
        """Tell whether one of this step's own buttons bears these words; then the permanent keys leave them to it."""
        return False

    @abstractmethod
    def targets(self) -> Iterable[str]:
        """Return the keys of all steps that may follow."""

    def lasting(self) -> Iterable[str]:
        """Return the names of values that the person need not give again in their next dialogue of this script."""
        return ()

    def texts(self) -> Iterable[str]:
        """Return every text said, for checking its variables."""
        return ()

    def problems(self) -> Iterable[Problem]:
        """Return what keeps this step from being published."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Step):
    """A step that wants an answer: it has patience, comes back to its question, and gives up after some tries."""

    waits: ClassVar[bool] = True
    wordings: tuple[str, ...]
    tries: int
    on_unclear: str = ""  # where to go after so many answers that fit nothing; empty: ask on
    patience: Patience = FOREVER

    @abstractmethod
    def prompt(self, desk: Desk) -> None:
        """Come back to the question after something else was answered."""

    def admit(self, desk: Desk) -> None:
        """Say that the answer was not understood, before the question is put again."""

    def remind(self, desk: Desk, text: str) -> None:
        """Nudge a silent person."""
        desk.say(text)

    def expire(self, desk: Desk) -> Move:
        """Nobody answered in time."""
        desk.track("silent", step=self.key)
        return Go(self.patience.on_timeout)
