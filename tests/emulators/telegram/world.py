"""What the emulator remembers: bots, people, their chats, messages, files and the updates not yet delivered.

Everything is plain data so that it can be written to a file and read back; one lock guards it all, because tests act
from their own thread while the server answers in another.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
FIRST_UPDATE_ID = 700_000_000  # real ones are large too, so that nobody stores them in 16 bits


@dataclass(slots=True)
class Person:
    """A Telegram account of a human."""

    id: int
    first_name: str = "Анна"
    last_name: str = ""
    username: str = ""
    language_code: str = "ru"
    phone: str = ""
    is_deactivated: bool = False

    def as_user(self) -> Json:
        """Return the `User` of the Bot API; empty fields are absent there."""
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        present = {name: value for name, value in optional.items() if value}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, **present}


@dataclass(slots=True)
class Message:
    """One message of a chat. `content` holds the Bot API's fields that make up its body (text, photo, contact …)."""

    id: int
    date: int
    sender_id: int
    by_bot: bool
    content: Json
    markup: Json | None = None  # the inline keyboard under the message
    edit_date: int = 0
    reply_to: int = 0
    is_deleted: bool = False


@dataclass(slots=True)
class Chat:
    """A bot's chat with one person (its id is the person's) or with a group (its id is negative)."""

    id: int
    type: str = "private"
    title: str = ""
    is_open: bool = False  # the person has written at least once, so the bot may write
    is_blocked: bool = False
    is_bot_kicked: bool = False
    migrated_to: int = 0
    keyboard: Json | None = None  # the reply keyboard the person sees now
    menu_button: Json | None = None
    action: str = ""
    action_at: float = 0.0
    messages: dict[int, Message] = field(default_factory=dict)


@dataclass(slots=True)
class Webhook:
    """What setWebhook stored."""

    url: str
    secret: str = ""
    max_connections: int = 40
    certificate: str = ""
    ip_address: str = ""


@dataclass(slots=True)
class Update:
    """One event on its way to the bot. Updates of the same `queue` go one at a time and in order."""

    id: int
    kind: str
    queue: str
    body: Json
    created_at: float
    expires_at: float
    attempts: int = 0

    def as_json(self) -> Json:
        """Return the `Update` of the Bot API."""
        return {"update_id": self.id, self.kind: self.body}


@dataclass(slots=True)
class Query:
    """A pressed inline button and what the bot answered to it, or a pre-checkout question."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    asked_at: float
    answer: Json | None = None


@dataclass(slots=True)
class StoredFile:
    """A file somebody sent."""

    id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    data: bytes


@dataclass(slots=True)
class Bot:
    """One bot; whoever names a token of the right form for the first time creates it."""

    id: int
    token: str
    first_name: str = ""
    username: str = ""
    is_revoked: bool = False
    webhook: Webhook | None = None
    allowed_updates: list[str] = field(default_factory=list)
    last_error_date: int = 0
    last_error_message: str = ""
    gone_since: float = 0.0  # since when the webhook has been answering 410 without a break
    next_update_id: int = FIRST_UPDATE_ID
    next_message_id: int = 1
    chats: dict[int, Chat] = field(default_factory=dict)
    updates: dict[str, deque[Update]] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    about: dict[str, str] = field(default_factory=dict)  # name, description, short_description by language
    invoices: dict[int, str] = field(default_factory=dict)  # the bot's own payload by message; people never see it
    invoice_links: dict[str, Json] = field(default_factory=dict)  # what a link opens, by its last part
    charges: dict[str, Json] = field(default_factory=dict)  # finished payments by charge id

    def as_user(self) -> Json:
        """Return the bot's own `User`."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def pending(self) -> list[Update]:
        """Return every undelivered update in the order they happened."""
        return sorted((update for queue in self.updates.values() for update in queue), key=lambda update: update.id)


class World:
    """All that is remembered. Take `lock` around every look and every change; say `changed()` after a change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.moved = threading.Condition(self.lock)
        self.version = 0
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.files: dict[str, StoredFile] = {}
        self.listeners: list[Callable[[], None]] = []

    def changed(self) -> None:
        """Tell everybody who waits that there is something new to look at."""
        with self.lock:
            self.version += 1
            self.moved.notify_all()
            for listener in self.listeners:
                listener()

    def person(self, user_id: int) -> Person:
        """Return the person, who is born when first named."""
        return self.people.setdefault(user_id, Person(user_id))
