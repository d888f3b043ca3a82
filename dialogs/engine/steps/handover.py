"""handover: call a human and be silent until they give the dialogue back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.effects import CancelTimers, HandOver
from dialogs.engine.events import Event, Returned
from dialogs.engine.state import Mode
from dialogs.engine.steps.base import Go, Halt, Move, Step, Unclear
from dialogs.engine.wordings import wordings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Step):
    """The person goes to a manager."""

    kind: ClassVar[str] = "handover"
    asks: ClassVar[tuple[str, ...]] = ("text", "reason", "on_return")
    wordings: tuple[str, ...]
    reason: str = "asked_person"
    on_return: str = ""  # empty: after the human the bot only answers what it knows

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            reason=str(raw.get("reason") or "asked_person"),
            on_return=str(raw.get("on_return") or ""),
        )

    def enter(self, desk: Desk) -> Move:
        if self.wordings:
            desk.say(desk.wording(self.key, self.wordings))
        else:
            desk.say(desk.text("handover" if desk.facts.is_open else "handover_closed"))
        hand_over(desk, self.reason)
        return Halt()

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        if isinstance(event, Returned) and self.on_return:
            return Go(self.on_return)
        return Unclear()

    def targets(self) -> Iterable[str]:
        return (self.on_return,) if self.on_return else ()

    def texts(self) -> Iterable[str]:
        return self.wordings


def hand_over(desk: Desk, reason: str) -> None:
    """Give the word to a human; from this turn on the bot only listens."""
    desk.do(CancelTimers())
    desk.do(HandOver(reason))
    desk.track("handover", reason=reason)
    desk.update(mode=Mode.HANDED_OVER, pending=None)
