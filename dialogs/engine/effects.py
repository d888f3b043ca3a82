"""What a turn wants done. The engine only describes it; `dialogs.effects` has the table of who does it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dialogs.engine.proposals import Decision
from dialogs.engine.shop.effects import CancelOrder, ChangeCart, KeepFavourite, KeepReview, PlaceOrder

MAX_DATA_BYTES = 64  # of a button's data: Telegram's callback_data, the tightest of all channels


@dataclass(frozen=True, slots=True)
class Key:
    """One button: comes back as `Pressed(data)`, or opens `url`, or asks the channel for the contact."""

    text: str
    data: str = ""
    url: str = ""
    asks_contact: bool = False
    web_app: str = ""  # a page of ours, opened inside the channel where it can


@dataclass(frozen=True, slots=True)
class Say:
    """Say this to the person."""

    text: str
    keys: tuple[tuple[Key, ...], ...] = ()
    hides_keyboard: bool = False  # takes away the channel's own button that hands over the phone
    apart: bool = False  # a message of its own: not joined with its neighbours
    invite: int = 0  # the appointment whose calendar entry goes with the words
    is_menu: bool = False  # the keys stay under the chat; pressed, they come back as words
    picture: str = ""  # address of a picture that goes with the words
    is_screen: bool = False  # takes the place of the message whose button was pressed, while that is the last one
    beside_human: bool = False  # said even while a human has the word, as theirs: a receipt is owed by the house


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Tell the dialogue `Alarm(name, visit)` at `due_at`."""

    name: str
    visit: int
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CancelTimers:
    """Forget the timers not yet fired."""


class Purpose(StrEnum):
    """What a person agrees to. Two laws, two consents: neither stands for the other."""

    PERSONAL_DATA = "personal_data"  # to keep their phone and e-mail (152-FZ)
    ADVERTISING = "advertising"  # to be sent advertising (38-FZ)


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Keep the proof: which words in which version, and by what act consent was given."""

    text: str
    version: str
    given_by: str
    purpose: Purpose = Purpose.PERSONAL_DATA


@dataclass(frozen=True, slots=True)
class KeepContact:
    """Store what the customer told about themselves: `field` is phone, name or email."""

    field: str
    value: str
    extension: str = ""


class LeadOutcome(StrEnum):
    """What becomes of the lead."""

    WANTED = "wanted"  # they want something a manager must do; the bot goes on talking
    CAPTURED = "captured"  # the contact is here: give it to a manager
    LOW_QUALITY = "low_quality"
    REVIEW = "review"  # a human must look
    REOPENED = "reopened"  # the customer came back


@dataclass(frozen=True, slots=True)
class SettleLead:
    """Move the lead; `reason` is a code with a text in the admin."""

    outcome: LeadOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Call a human; from here the bot is silent."""

    reason: str


@dataclass(frozen=True, slots=True)
class Act:
    """Do a named action of the product: a row of `dialogs.effects.actions`."""

    name: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Track:
    """Count this in the analytics log."""

    type: str
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReachStage:
    """The person has come farther down the funnel."""

    stage: str


@dataclass(frozen=True, slots=True)
class KeepSurveyAnswer:
    """Keep one answer of a survey; a later one to the same question replaces it."""

    survey: str
    question: str
    answer: str
    points: int


@dataclass(frozen=True, slots=True)
class Qualify:
    """The survey is over: how near to a decision the customer is, and whom one talks to."""

    segment: str
    score: int
    persona: str


@dataclass(frozen=True, slots=True)
class AskAssistant:
    """Let the assistant think of an answer; it comes back as `Proposed` with this number."""

    request: int
    step: str


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """Complete the record of an assistant's turn; without a decision the answer came too late and was dropped."""

    turn: int
    decision: Decision | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)  # plain JSON: what the policy decided by


@dataclass(frozen=True, slots=True)
class SendBill:
    """Make an order of one product, at its price of this moment, and send the link; what is bought already is not sold twice."""

    code: str
    text: str  # said with the link
    button: str
    known: str  # said when it was bought before


@dataclass(frozen=True, slots=True)
class CheckPayment:
    """The person says they have paid: look at the provider's, believe nothing."""

    none: str  # said when there is no order of theirs
    known: str  # said when it is known already


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """The person wants no messages they did not ask for; consent to advertising goes with it."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """The person wants our messages again."""


@dataclass(frozen=True, slots=True)
class SendOwnData:
    """The person wants to see what we keep about them: these words, and the way to it."""

    text: str


@dataclass(frozen=True, slots=True)
class Erase:
    """The person wants their data deleted."""


@dataclass(frozen=True, slots=True)
class Book:
    """Ask for this time; `moves` is the appointment it replaces. The answer comes as `BookingTold`."""

    starts_at: dt.datetime
    moves: int = 0


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """The customer takes their appointment back."""

    number: int


@dataclass(frozen=True, slots=True)
class Attend:
    """The customer has said whether they will come."""

    number: int
    comes: bool


@dataclass(frozen=True, slots=True)
class LookUpSlots:
    """The free times are not known: ask the calendar."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The dialogue is over."""

    outcome: str


Effect = (
    Say
    | StartTimer
    | CancelTimers
    | RecordConsent
    | KeepContact
    | SettleLead
    | HandOver
    | Act
    | Track
    | ReachStage
    | KeepSurveyAnswer
    | Qualify
    | AskAssistant
    | RecordDecision
    | SendBill
    | CheckPayment
    | Unsubscribe
    | Subscribe
    | SendOwnData
    | Erase
    | Book
    | CancelBooking
    | Attend
    | LookUpSlots
    | ChangeCart
    | PlaceOrder
    | CancelOrder
    | KeepReview
    | KeepFavourite
    | Finish
)
