"""say: say something and go on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.effects import Key
from dialogs.engine.problems import Problem
from dialogs.engine.steps.base import Go, Halt, Move, Step
from dialogs.engine.wordings import wordings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Step):
    """Words, maybe with links under them."""

    kind: ClassVar[str] = "say"
    asks: ClassVar[tuple[str, ...]] = ("text", "next", "links")
    wordings: tuple[str, ...]
    next: str
    links: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        links = tuple((str(item.get("text", "")), str(item.get("url", ""))) for item in raw.get("links") or ())
        return cls(key=key, wordings=wordings_of(raw.get("text")), next=str(raw.get("next") or ""), links=links)

    def enter(self, desk: Desk) -> Move:
        keys = tuple((Key(text, url=url),) for text, url in self.links)
        desk.say(desk.wording(self.key, self.wordings), keys=keys)
        return Go(self.next) if self.next else Halt()

    def targets(self) -> Iterable[str]:
        return (self.next,) if self.next else ()

    def texts(self) -> Iterable[str]:
        return self.wordings

    def problems(self) -> Iterable[Problem]:
        if not self.wordings:
            yield Problem("empty-text", self.key, "it says nothing", "give it a `text`")
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows it", "set `next`, or make it an `end` step")
