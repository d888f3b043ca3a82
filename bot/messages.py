"""The channel-neutral words: what came in, what goes out. Frozen values, no channel's name in them."""

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


class EventKind(enum.StrEnum):
    """What an inbox event tells. The first block comes from people through channels, the second from our own rooms."""

    TEXT = "text"  # somebody wrote words (maybe with media)
    PRESS = "press"  # a button of ours was pressed; `data` is what we put on it
    START = "start"  # /start: begin, or begin anew; `data` is the deep-link payload
    JOINED = "joined"  # the chat was opened (a first visit, the bot joined it): begin unless a talk is under way
    CONTACT = "contact"  # a contact card was shared; `own_contact` tells whether it is the sender's own
    MEDIA = "media"  # photo, voice, sticker, document … without words
    EDITED = "edited"  # an earlier message was rewritten
    BLOCKED = "blocked"  # the person stopped the bot
    UNBLOCKED = "unblocked"  # … and came back
    OPERATOR = "operator"  # a human of ours wrote in the channel itself: a takeover
    LEAD_OPENED = "lead_opened"  # the CRM asks to talk to this chat about a lead
    LEAD_CLOSED = "lead_closed"  # the CRM says: stop, a human or the customer settled it
    TIMER = "timer"  # a timer of the dialogue came due
    RETURNED = "returned"  # the manager gave the dialogue back to the bot
    PAYMENT = "payment"  # money came, went back or is missing; told by the till
    PROPOSED = "proposed"  # the assistant's answer is here
    BOOKING = "booking"  # news of an appointment: booked, taken, moved, canceled, soon
    ORDER = "order"  # news of an order of the shop: placed, moved, paid, making, ready …; told by the till
    IGNORED = "ignored"  # known to the channel, of no interest to us; stored for the record


FOUND_BY_SENDING = "found_by_sending"  # marks the payload of an event we found out ourselves, not told by the channel


class Act(enum.StrEnum):
    """What a row of the outbox wants done. Changing and taking away may be repeated without harm; saying may not."""

    SAY = "say"
    CHANGE = "change"  # an earlier message of the chat gets these words and buttons
    WITHDRAW = "withdraw"  # an earlier message goes away; where the channel refuses, these words take its place


@dataclass(frozen=True, slots=True)
class Media:
    """A reference to a file that stays with the channel: we keep its id, not its bytes."""

    kind: str  # photo, document, voice, video, sticker, audio, location
    ref: str  # the channel's id or URL of the file
    name: str = ""
    size: int | None = None  # bytes
    content: str = ""  # a small text file of our own making; a channel that takes uploads sends it instead of `ref`


@dataclass(frozen=True, slots=True)
class Person:
    """What the channel tells about the one who wrote."""

    name: str = ""
    username: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event from a channel, parsed."""

    kind: EventKind
    text: str = ""
    data: str = ""  # button data or deep-link payload
    phone: str = ""  # of a contact card, as the channel gave it
    own_contact: bool = False
    media: tuple[Media, ...] = ()
    person: Person = Person()
    external_message_id: str = ""  # of the message itself, or of the one edited or pressed
    extra: Mapping[str, Any] = field(
        default_factory=dict
    )  # callback id to answer, CRM links … whatever the adapter needs later


@dataclass(frozen=True, slots=True)
class Envelope:
    """The little the door must know to store an event: whose, which, when to handle it. Made by `Adapter.open`."""

    external_id: str  # unique within the channel: the same event twice is one row
    chat_external_id: str
    kind: EventKind
    payload: Mapping[str, Any]
    person: Person = Person()


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to press. `data` comes back on press; `url` opens a page; `ask` asks the channel for something."""

    text: str
    data: str = ""
    url: str = ""
    web_app: str = ""  # a page of ours, opened inside the channel where it can: it learns there who opened it
    ask: str = ""  # "contact": the channel's own "share my phone" button

    @property
    def page(self) -> str:
        """The page it opens, for a channel that opens all pages alike; "" when it opens none."""
        return self.url or self.web_app


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill that the channel itself lets people pay. `payload` is our order's number; prices are in the smallest coins."""

    title: str
    description: str
    payload: str
    currency: str
    prices: tuple[tuple[str, int], ...]
    provider_data: Mapping[str, Any] = field(default_factory=dict)  # for the provider: the receipt
    needs_phone: bool = False  # asked for by the channel, and given to the provider for the receipt

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Invoice":
        """Rebuild what `asdict` made."""
        prices = tuple((str(label), int(amount)) for label, amount in plain["prices"])
        return cls(**{**plain, "prices": prices})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to say, or what becomes of an earlier one. Rows of buttons, top to bottom."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    media: tuple[Media, ...] = ()
    picture: str = ""  # address of a picture that goes with the words, and leaves with them when they are changed
    hide_keyboard: bool = False
    is_menu: bool = False  # the buttons are permanent keys under the chat; pressed, they come back as words
    role: str = "bot"  # who says it, bot or manager; the row's role, filled in by the claim
    act: Act = Act.SAY
    target: int = 0  # the row of the message to be changed or taken away
    target_external_id: str = ""  # … as its channel knows it; filled in by the claim, empty when it never got there
    about: str = ""  # for ourselves, never sent: what an answer to this message would be about
    invoice: Invoice | None = None  # a bill in place of the words, which then stand only in the transcript

    def to_json(self) -> dict[str, Any]:
        """Return the parts beside the text as plain JSON, for `Message.extras`."""
        plain: dict[str, Any] = {
            "buttons": [[{k: v for k, v in asdict(b).items() if v} for b in row] for row in self.buttons],
            "media": [asdict(item) for item in self.media],
            "hide_keyboard": self.hide_keyboard,
        }
        if self.is_menu:
            plain["is_menu"] = True
        if self.picture:
            plain["picture"] = self.picture
        if self.invoice is not None:
            plain["invoice"] = asdict(self.invoice)
        if self.act is not Act.SAY:
            plain |= {"act": str(self.act), "target": self.target}
        return {**plain, "about": self.about} if self.about else plain

    @classmethod
    def from_json(
        cls, text: str, extras: Mapping[str, Any], *, role: str = "bot", target_external_id: str = ""
    ) -> "Outgoing":
        """Rebuild what `to_json` stored."""
        return cls(
            text=text,
            buttons=tuple(tuple(Button(**button) for button in row) for row in extras.get("buttons", ())),
            media=tuple(Media(**item) for item in extras.get("media", ())),
            picture=str(extras.get("picture", "")),
            hide_keyboard=bool(extras.get("hide_keyboard")),
            is_menu=bool(extras.get("is_menu")),
            role=role,
            act=Act(extras.get("act", Act.SAY)),
            target=int(extras.get("target") or 0),
            target_external_id=target_external_id,
            about=str(extras.get("about", "")),
            invoice=Invoice.from_json(extras["invoice"]) if extras.get("invoice") else None,
        )
