"""wait: let time pass, then go on; a word of the person may end the waiting early."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.durations import seconds_of
from dialogs.engine.events import Alarm, Event, Pressed, Said
from dialogs.engine.problems import Problem
from dialogs.engine.steps.base import Go, Move, Step, Unclear, Wait

DONE = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Step):
    """Some time."""

    kind: ClassVar[str] = "wait"
    waits: ClassVar[bool] = True
    asks: ClassVar[tuple[str, ...]] = ("for", "next", "on_message")
    seconds: float
    next: str
    on_message: str = ""  # where to go when the person writes before the time is up; empty: answer and wait on

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            seconds=seconds_of(raw.get("for", 0)),
            next=str(raw.get("next") or ""),
            on_message=str(raw.get("on_message") or ""),
        )

    def enter(self, desk: Desk) -> Move:
        desk.start_timers({DONE: self.seconds})
        return Wait()

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Alarm(name="wait"):
                return Go(self.next)
            case Said() | Pressed() if self.on_message:
                return Go(self.on_message)
        return Unclear()

    def targets(self) -> Iterable[str]:
        return tuple(key for key in (self.next, self.on_message) if key)

    def problems(self) -> Iterable[Problem]:
        if self.seconds <= 0:
            yield Problem("missing-timeout", self.key, "it waits no time at all", "set `for`, e.g. 10m")
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows it", "set `next`")
