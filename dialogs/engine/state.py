"""Where a dialogue stands: all that one turn leaves for the next. Frozen; plain JSON in the database."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from dialogs.engine.shop.browsing import AT_THE_DOOR, Browsing


class Mode(StrEnum):
    """Who has the word."""

    TALKING = "talking"  # the bot
    HANDED_OVER = "handed_over"  # a human; the bot only listens
    ENDED = "ended"  # nobody; a new word of the person may reopen it


@dataclass(frozen=True, slots=True)
class Pending:
    """Something said that waits for the person's yes: a number to confirm, an erasure."""

    kind: str  # phone, email, name …, or erase
    value: str = ""
    shown: str = ""
    others: tuple[str, ...] = ()  # further numbers given with it
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """What the dialogue remembers of the assistant: which answer it waits for, what it has said and offered."""

    request: int = 0  # of the newest question put to it; an answer to an earlier one is stale
    waits: bool = False  # for the answer to that question
    about: str = ""  # the words it is to answer; empty: it is to speak first
    doubts: int = 0  # answers of low confidence in a row
    offer: str = ""  # what the last answer offered: a `NextAction`, empty when it offered nothing
    offered: bool = False  # whether any answer of this dialogue offered something
    shown: tuple[str, ...] = ()  # keys of the materials already shown
    said: tuple[str, ...] = ()  # the last answers, newest first, so that none is given twice

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Thread":
        """Rebuild; lists become tuples, unknown keys are left out."""
        known = {item.name for item in fields(cls)}
        kept: dict[str, Any] = {key: tuple(item) if isinstance(item, list) else item for key, item in data.items()}
        return cls(**{key: item for key, item in kept.items() if key in known})


@dataclass(frozen=True, slots=True)
class State:
    """One dialogue's memory."""

    step: str = ""
    visit: int = 0  # grows each time a step is entered or its timers start anew; timers of earlier visits are deaf
    mode: Mode = Mode.TALKING
    outcome: str = ""
    values: Mapping[str, str] = field(default_factory=dict)  # answers, by the name their step gave them
    tries: int = 0  # answers to this step that were not understood
    refusals: int = 0  # of this step's question
    recent: tuple[str, ...] = ()  # what was written since this step was entered: a number may come in two messages
    said: Mapping[str, int] = field(default_factory=dict)  # how often each text with several wordings was used
    pending: Pending | None = None
    unconfirmed: Pending | None = None  # a contact given but never confirmed: taken up again when the person comes back
    asides: Mapping[str, str] = field(default_factory=dict)  # told beside the answer, not stored yet: name, email, when
    keyboard: bool = False  # the channel shows the button that hands over the phone
    menu: bool = False  # the channel shows the permanent keys
    pressed: tuple[str, float] | None = None  # the last press and its moment (Unix time): a finger may press twice
    stage: str = ""  # the farthest stage of the funnel reached in this dialogue
    assistant: Thread = Thread()
    shop: Browsing = AT_THE_DOOR
    heard: int = 0  # a digest of the last words of ours: the same are not said twice in a row
    followups: int = 0  # said in this dialogue
    followed_at: float = 0.0  # when the last of them was said (Unix time)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        plain = asdict(self)
        if self.shop == AT_THE_DOOR:  # most scripts sell nothing
            del plain["shop"]
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        """Rebuild; unknown keys (a newer release wrote them) are left out."""
        known = {item.name for item in fields(cls)}
        kept: dict[str, Any] = {key: value for key, value in data.items() if key in known}
        kept["mode"] = Mode(kept.get("mode", Mode.TALKING))
        kept["recent"] = tuple(kept.get("recent", ()))
        if (press := kept.get("pressed")) is not None:
            kept["pressed"] = (str(press[0]), float(press[1]))
        for name in ("pending", "unconfirmed"):
            if (item := kept.get(name)) is not None:
                kept[name] = Pending(**{**item, "others": tuple(item.get("others", ()))})
        if (thread := kept.get("assistant")) is not None:
            kept["assistant"] = Thread.from_json(thread)
        if (shop := kept.get("shop")) is not None:
            kept["shop"] = Browsing.from_json(shop)
        return cls(**kept)
