"""What a channel must be able to do. One file per channel implements this; nothing else in the house knows its name."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.errors import MessageRejected
from bot.messages import Envelope, Incoming, Invoice, Outgoing
from bot.models import Channel
from bot.till import Answer, Money, Question


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the channel can do; the engine and the outbox fit their words to it."""

    buttons: bool = True  # else choices become numbered text
    contact_button: bool = False  # the channel can hand over the person's phone itself
    menu: bool = False  # the channel can keep permanent keys under the chat
    media: bool = False
    uploads: bool = False  # takes a file's content, not only its id or address
    typing: bool = False
    max_text: int = 4096  # UTF-16 code units of one message
    max_caption: int = 0  # … of the words that go with a file, on kinds of files that may carry words
    captioned: frozenset[str] = frozenset()
    max_files: int = 1  # in one message
    changes: bool = False  # an earlier message can be changed and taken away
    idempotent: bool = False  # sending the same row twice is seen once: a lost answer may be repeated
    per_second: float = 25.0  # messages a second of one bot, over all processes
    per_chat_second: float = 1.0  # messages a second in one chat …
    per_chat_burst: int = 3  # … of which this many may come at once
    per_room_second: float = 1.0  # the same in a room of several people
    per_room_burst: int = 3


@dataclass(frozen=True, slots=True)
class Address:
    """Where to send: values only, so that a send touches no database."""

    channel_id: int
    chat_id: int
    external_id: str
    api_url: str
    credentials: Mapping[str, Any]
    options: Mapping[str, Any]
    extras: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider's word that it took the message."""

    external_id: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What *Check connection* saw, in a sentence for the admin."""

    ok: bool
    note: str


class Adapter(ABC):
    """One kind of channel. Stateless: may be made anew at any time; clients live with the sending loop (`aclose`)."""

    kind: ClassVar[str]
    title: ClassVar[str]
    abilities: ClassVar[Abilities]
    # What `manage.py connect KIND` and the admin ask for: name -> (help, is it secret).
    credential_fields: ClassVar[Mapping[str, tuple[str, bool]]] = {}

    @abstractmethod
    def open(self, body: Mapping[str, Any]) -> Sequence[Envelope]:
        """Return what the door must store of one webhook body; cheap. Raises `BadPayload`."""

    @abstractmethod
    def parse(self, kind: str, payload: Mapping[str, Any]) -> Incoming:
        """Return the event of one stored payload. Pure; raises `BadPayload` for what cannot be read."""

    @abstractmethod
    async def send(self, address: Address, message: Outgoing, *, key: str) -> Receipt:
        """Hand one message to the provider. `key` is our row's id, for channels with idempotency. Raises `SendError`."""

    async def acknowledge(  # noqa: B027
        self, address: Address, incoming: Incoming, *, text: str = "", alert: bool = False
    ) -> None:
        """Tell the channel that a press was taken (a spinner stops), with a word to the presser where the channel can.

        Best effort; failures are the adapter's to swallow.
        """

    async def show_typing(self, address: Address) -> None:  # noqa: B027
        """Show that an answer is being prepared. Best effort."""

    async def aclose(self) -> None:  # noqa: B027
        """Close the connections this adapter holds in the running loop."""

    @abstractmethod
    def connect(self, channel: Channel, *, public_url: str) -> CheckResult:
        """Register our webhook or bot with the provider; idempotent. Blocking HTTP, called outside any transaction."""

    def is_room(self, external_id: str) -> bool:
        """Tell whether a chat is a room of several people: what is said there is no customer's dialogue."""
        return False

    def link_to(self, channel: Channel, payload: str = "") -> str:
        """Return the address that opens a chat with us and brings `payload` along; "" where there is none."""
        return ""

    def invitation(self, channel: Channel, *, public_url: str) -> str:
        """Return what the owner puts elsewhere so that customers find the channel (a line for their site); "" if nothing."""
        return ""

    def money_matter(self, body: Mapping[str, Any]) -> Question | Money | None:
        """Return the question or the news of money that a webhook body brings; it is settled at the door. Raises `BadPayload`."""
        return None

    def reply_of(self, question: Question, answer: Answer) -> Mapping[str, Any]:
        """Return what the door answers to a question of money."""
        raise NotImplementedError(f"{self.title} asks no questions of money")

    def invoice_link(self, channel: Channel, invoice: Invoice) -> str:
        """Return the address that opens a bill in this channel. Blocking HTTP; raises `SendError`."""
        raise MessageRejected(f"{self.title} makes no bills")

    @abstractmethod
    def check(self, channel: Channel) -> CheckResult:
        """Ask the provider whether everything still works. Blocking HTTP."""
