"""action: do something outside the dialogue: settle the lead, tag, count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.effects import Act, Effect, LeadOutcome, SettleLead, Track
from dialogs.engine.problems import Problem
from dialogs.engine.rendering import render
from dialogs.engine.steps.base import Go, Halt, Move, Step

# Name in a script -> the effect it asks for; what the effect does is in `dialogs.effects`.
LEAD_ACTIONS = {
    "lead_wanted": LeadOutcome.WANTED,
    "lead_captured": LeadOutcome.CAPTURED,
    "lead_low_quality": LeadOutcome.LOW_QUALITY,
    "lead_review": LeadOutcome.REVIEW,
}
PLAIN_ACTIONS = ("tag", "note", "set_product", "set_time_zone", "notify_managers", "notify_owner")
ACTIONS = (*LEAD_ACTIONS, *PLAIN_ACTIONS, "track")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Step):
    """One act, then on."""

    kind: ClassVar[str] = "action"
    asks: ClassVar[tuple[str, ...]] = ("action", "params", "next")
    action: str
    next: str
    params: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        params = {str(name): str(value) for name, value in (raw.get("params") or {}).items()}
        return cls(key=key, action=str(raw.get("action") or ""), next=str(raw.get("next") or ""), params=params)

    def enter(self, desk: Desk) -> Move:
        desk.do(self._effect({name: render(value, desk.variables()) for name, value in self.params.items()}))
        return Go(self.next) if self.next else Halt()

    def _effect(self, params: Mapping[str, str]) -> Effect:
        if self.action in LEAD_ACTIONS:
            return SettleLead(LEAD_ACTIONS[self.action], params.get("reason", ""))
        if self.action == "track":
            return Track(params.get("type", self.key), {k: v for k, v in params.items() if k != "type"})
        return Act(self.action, params)

    def targets(self) -> Iterable[str]:
        return (self.next,) if self.next else ()

    def texts(self) -> Iterable[str]:
        return self.params.values()

    def problems(self) -> Iterable[Problem]:
        if self.action not in ACTIONS:
            yield Problem(
                "unknown-action", self.key, f"there is no action {self.action!r}", f"use one of: {', '.join(ACTIONS)}"
            )
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows it", "set `next`")
