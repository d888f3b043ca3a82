"""What may happen to a dialogue. Values only; `dialogs.turn` makes them from inbox rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from content.menu.changes import Change

from dialogs.engine.proposals import Proposal, Verdict
from dialogs.engine.reading import Reading


@dataclass(frozen=True, slots=True)
class Started:
    """The person opened the chat or sent /start; `payload` is the deep link's."""

    payload: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """The person wrote; quick messages come as one."""

    reading: Reading
    media: tuple[str, ...] = ()  # kinds of what was attached: photo, voice, sticker …
    rewrites: bool = False  # an earlier message was changed: what was written under this question before counts no more


@dataclass(frozen=True, slots=True)
class Overheard:
    """The person wrote while a human has the word: the bot does what the law wants, and says nothing."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours was pressed, maybe an old one."""

    data: str


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card came; `phone` is E.164, empty when the number is impossible."""

    phone: str
    shown: str
    is_own: bool
    agreed_to: str = ""  # the words of consent the channel's own form showed and the person ticked


@dataclass(frozen=True, slots=True)
class Alarm:
    """A timer came due. It belongs to one visit of a step; a later visit does not hear it."""

    name: str
    visit: int


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A human speaks now."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The human gave the dialogue back."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The chat was opened; nobody has said a word yet."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The assistant has an answer; whether it is still wanted, and what becomes of it, is decided here."""

    turn: int  # the AssistantTurn that asked
    request: int
    epoch: int  # of the chat when it was asked
    proposal: Proposal
    screening: tuple[Verdict, ...] = ()  # of the safety rules, before the policy
    facts: Mapping[str, Any] = field(default_factory=dict)  # plain JSON: what the asker knew of the outside


@dataclass(frozen=True, slots=True)
class LeadOpened:
    """The CRM asks us to talk to this person."""


@dataclass(frozen=True, slots=True)
class LeadClosed:
    """The CRM settled the lead without us: a phone was typed in by hand, it was taken, or deleted."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentTold:
    """The till has news about an order of this person; `what` is one of `dialogs.engine.till`."""

    what: str
    order: str = ""
    product: str = ""  # what was ordered, in words
    codes: tuple[str, ...] = ()
    amount: str = ""  # of the order, as shown
    left: str = ""  # still to be paid, as shown


@dataclass(frozen=True, slots=True)
class WentAway:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class OrderTold:
    """The shop has news of an order of this guest; `what` is one of `dialogs.engine.shop.orders`."""

    what: str
    order: int = 0
    ticket: str = ""
    status: str = ""
    way: str = ""
    place: str = ""  # its name and address
    ready_at: dt.datetime | None = None  # by the place's clock
    amount: str = ""
    to_pay: str = ""  # at the counter
    reason: str = ""
    can_cancel: bool = False
    key: str = ""  # of the request that it answers
    changes: tuple[Change, ...] = ()  # what has moved since the guest looked


class BookingOutcome(StrEnum):
    """What the calendar tells of an appointment."""

    BOOKED = "booked"
    MOVED = "moved"  # as the customer asked
    CANCELED = "canceled"
    TAKEN = "taken"  # somebody was quicker: nothing was booked, an appointment that stood stands
    FAILED = "failed"  # the calendar refused, or never answered
    UNSURE = "unsure"  # … or nobody can tell: a manager looks
    MOVED_BY_US = "moved_by_us"
    CANCELED_BY_US = "canceled_by_us"
    REMINDER = "reminder"
    SLOTS = "slots"  # the free times have been looked up


@dataclass(frozen=True, slots=True)
class BookingTold:
    """News of an appointment."""

    outcome: BookingOutcome
    number: int = 0
    starts_at: dt.datetime | None = None


Event = (
    Started
    | Said
    | Overheard
    | Pressed
    | SharedContact
    | Alarm
    | TakenOver
    | Returned
    | Joined
    | Proposed
    | PaymentTold
    | OrderTold
    | LeadOpened
    | LeadClosed
    | WentAway
    | BookingTold
)
