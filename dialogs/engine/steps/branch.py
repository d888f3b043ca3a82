"""branch: go one way or another by what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.problems import Problem
from dialogs.engine.steps.base import Go, Move, Step

FLAGS = ("has_phone", "has_consent", "has_lead", "is_open", "contact_button", "buttons")
WORDS = ("source", "language")


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions must hold. A condition compares a flag, a word or `value.<name>`, one value or a list of them."""

    when: Mapping[str, Any]
    next: str

    def holds(self, desk: Desk) -> bool:
        """Tell whether this way is open."""
        return all(self._fits(desk, name, wanted) for name, wanted in self.when.items())

    def _fits(self, desk: Desk, name: str, wanted: Any) -> bool:
        if name in FLAGS:
            return bool(getattr(desk.facts, name)) is bool(wanted)
        actual = str(getattr(desk.facts, name)) if name in WORDS else desk.variables().get(name, "")
        options = wanted if isinstance(wanted, list | tuple) else [wanted]
        return actual.casefold() in {str(option).casefold() for option in options}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Step):
    """The first rule that holds; else `otherwise`."""

    kind: ClassVar[str] = "branch"
    asks: ClassVar[tuple[str, ...]] = ("rules", "otherwise")
    rules: tuple[Rule, ...]
    otherwise: str

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        rules = tuple(
            Rule(dict(item.get("when") or {}), str(item.get("next") or "")) for item in raw.get("rules") or ()
        )
        return cls(key=key, rules=rules, otherwise=str(raw.get("otherwise") or ""))

    def enter(self, desk: Desk) -> Move:
        return Go(next((rule.next for rule in self.rules if rule.holds(desk)), self.otherwise))

    def targets(self) -> Iterable[str]:
        return (*(rule.next for rule in self.rules if rule.next), *((self.otherwise,) if self.otherwise else ()))

    def problems(self) -> Iterable[Problem]:
        if not self.otherwise:
            yield Problem("dead-end", self.key, "no rule may hold and then nothing follows", "set `otherwise`")
        for rule in self.rules:
            if not rule.next:
                yield Problem("dead-end", self.key, f"the rule {dict(rule.when)!r} leads nowhere", "set its `next`")
            for name in rule.when:
                if name not in (*FLAGS, *WORDS) and not name.startswith(("value.", "customer.", "lead.")):
                    known = ", ".join((*FLAGS, *WORDS, "value.<name>"))
                    yield Problem("unknown-variable", self.key, f"it asks for {name!r}", f"use one of: {known}")
