"""The rows of a batch of turns, collected and written many at once."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from bot.models import Message
from crm.models import Event, Lead
from dialogs.models import AssistantTurn, Conversation, SurveyAnswer, Timer
from dialogs.session import Session


@dataclass(frozen=True, slots=True)
class Farewell:
    """Somebody who wants to be forgotten; the messages of the sheet from `since` on are said to them all the same."""

    session: Session
    since: int


@dataclass(slots=True)
class Sheet:
    """Rows to be written at the end of a batch."""

    now: dt.datetime
    messages: list[Message] = field(default_factory=list)
    timers: dict[int, list[Timer]] = field(default_factory=dict)  # by conversation: a later effect may take them back
    silenced: set[int] = field(default_factory=set)  # conversations whose timers are canceled
    events: list[Event] = field(default_factory=list)
    noted: dict[int, Lead] = field(default_factory=dict)  # by key: their summaries have grown
    farewells: list[Farewell] = field(default_factory=list)
    answers: dict[tuple[int, str, str], SurveyAnswer] = field(default_factory=dict)  # by conversation, survey, question
    explained: dict[int, int] = field(default_factory=dict)  # inbox event -> the assistant's turn its words come from
    decided: list[dict[str, Any]] = field(default_factory=list)  # of the assistant's turns: columns to complete
    asked: dict[int, AssistantTurn] = field(
        default_factory=dict
    )  # by conversation: a later question replaces an earlier


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where an effect happens: the session, the inbox event that caused it, its place in the turn."""

    session: Session
    event_id: int
    number: int
    sheet: Sheet

    @property
    def key(self) -> str:
        """Unique to this effect: the same event handled again would give the same key."""
        return f"e{self.event_id}:{self.number}"

    @property
    def request_id(self) -> str:
        """The request that brought the session's newest event."""
        return self.session.request_id

    @property
    def conversation(self) -> Conversation:
        """The dialogue; an effect without one is a fault of the turn."""
        if self.session.conversation is None:
            raise RuntimeError("an effect outside a conversation")
        return self.session.conversation
