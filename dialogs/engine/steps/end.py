"""end: the dialogue is over, with an outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.effects import CancelTimers, Finish
from dialogs.engine.problems import Problem
from dialogs.engine.state import Mode
from dialogs.engine.steps.base import Halt, Move, Step
from dialogs.engine.wordings import wordings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Step):
    """The last step. `reopen` is where a later word of the person takes the dialogue up again."""

    kind: ClassVar[str] = "end"
    asks: ClassVar[tuple[str, ...]] = ("text", "outcome", "reopen")
    outcome: str
    wordings: tuple[str, ...] = ()
    reopen: str = ""

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            outcome=str(raw.get("outcome") or key),
            wordings=wordings_of(raw.get("text")),
            reopen=str(raw.get("reopen") or ""),
        )

    def enter(self, desk: Desk) -> Move:
        desk.say(desk.wording(self.key, self.wordings))
        finish(desk, self.outcome)
        return Halt()

    def targets(self) -> Iterable[str]:
        return (self.reopen,) if self.reopen else ()

    def texts(self) -> Iterable[str]:
        return self.wordings

    def problems(self) -> Iterable[Problem]:
        if len(self.outcome) > 48:
            yield Problem("long-key", self.key, "its outcome is over 48 characters", "shorten `outcome`")


def finish(desk: Desk, outcome: str) -> None:
    """Close the dialogue; nothing wakes it but the person."""
    desk.do(CancelTimers())
    desk.do(Finish(outcome))
    desk.track("finished", outcome=outcome)
    desk.update(mode=Mode.ENDED, outcome=outcome, pending=None, recent=())
