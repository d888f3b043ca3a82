"""say: say something and go on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES, Key
from dialogs.engine.facts import Exhibit
from dialogs.engine.problems import Problem
from dialogs.engine.shortcuts import FAQ
from dialogs.engine.steps.base import Go, Halt, Move, Step
from dialogs.engine.wordings import wordings_of

SHELVES = ("bonuses", "faq")
MOST_KEYS = 12  # under one message; more is no list to choose from


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Step):
    """Words, maybe with links under them, or with what stands on a shelf of the library."""

    kind: ClassVar[str] = "say"
    asks: ClassVar[tuple[str, ...]] = ("text", "next", "links", "show")
    wordings: tuple[str, ...]
    next: str
    links: tuple[tuple[str, str], ...] = ()
    show: str = ""  # a shelf

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        links = tuple((str(item.get("text", "")), str(item.get("url", ""))) for item in raw.get("links") or ())
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            next=str(raw.get("next") or ""),
            links=links,
            show=str(raw.get("show") or ""),
        )

    def enter(self, desk: Desk) -> Move:
        text, keys = desk.wording(self.key, self.wordings), tuple((Key(text, url=url),) for text, url in self.links)
        if self.show:
            items = desk.facts.shelf(self.show)
            if not items and self.show == "bonuses":
                return Go(self.next) if self.next else Halt()  # "here is what I have" above nothing
            text = "\n\n".join([text, *filter(None, map(_line, items if self.show == "bonuses" else ()))])
            keys += tuple((key,) for key in map(_key, items[:MOST_KEYS]) if key is not None)
            desk.track("shown", shelf=self.show, items=str(len(items)))
        desk.say(text, keys=keys)
        return Go(self.next) if self.next else Halt()

    def targets(self) -> Iterable[str]:
        return (self.next,) if self.next else ()

    def texts(self) -> Iterable[str]:
        return self.wordings

    def problems(self) -> Iterable[Problem]:
        if not self.wordings:
            yield Problem("empty-text", self.key, "it says nothing", "give it a `text`")
        if self.show and self.show not in SHELVES:
            cure = f"set `show` to one of: {', '.join(SHELVES)}"
            yield Problem("unknown-shelf", self.key, f"there is no shelf {self.show!r}", cure)
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows it", "set `next`, or make it an `end` step")


def _line(item: Exhibit) -> str:
    return f"{item.title}\n{item.text}".strip()


def _key(item: Exhibit) -> Key | None:
    """Return the button of one thing: a page where it has one, else a question of the library."""
    if item.url:
        return Key(item.title, url=item.url)
    data = FAQ + item.key
    return Key(item.title, data=data) if item.is_question and len(data.encode()) <= MAX_DATA_BYTES else None
