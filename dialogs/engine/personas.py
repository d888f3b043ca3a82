"""Whom a script knows how to talk to: what each is led to, what they doubt, which materials suit them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogs.engine.wordings import wordings_of

ANYBODY = "anybody"  # the persona of who is not known yet
SETTINGS = ("goal", "approach", "tags", "questions", "objections")


@dataclass(frozen=True, slots=True)
class Persona:
    """One kind of customer."""

    goal: str = ""
    approach: str = ""
    tags: tuple[str, ...] = ()  # of the materials that suit them
    questions: tuple[str, ...] = ()  # what they are asked, in this order
    objections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what they doubt -> what is said to it

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> "Persona":
        """Read one persona of a step's `personas`; raises ValueError for a setting nobody reads."""
        if unknown := [name for name in raw if name not in SETTINGS]:
            raise ValueError(f"a persona has no setting {unknown[0]!r}; it knows: {', '.join(SETTINGS)}")
        objections = {str(name): wordings_of(text) for name, text in (raw.get("objections") or {}).items()}
        return cls(
            goal=str(raw.get("goal") or "").strip(),
            approach=str(raw.get("approach") or "").strip(),
            tags=tuple(str(tag) for tag in raw.get("tags") or ()),
            questions=wordings_of(raw.get("questions")),
            objections=objections,
        )
