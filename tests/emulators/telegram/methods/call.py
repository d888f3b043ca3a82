"""One call of a method: who calls, with what, and the checks every sending method shares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..limits import Limits
from ..markup import found_entities, parse_text, utf16_length
from ..params import Params
from ..refusals import ApiError, bad_request, forbidden, migrated
from ..sending import as_message, next_message
from ..world import Bot, Chat, Json, Message, World

MAX_TEXT = 4096
MAX_CAPTION = 1024


@dataclass(slots=True)
class Call:
    """Everything a method needs; `now` is the emulator's clock."""

    world: World
    bot: Bot
    params: Params
    now: float
    limits: Limits
    lenient: bool = False
    description: str = ""

    def chat(self, name: str = "chat_id") -> Chat:
        """Return the chat the bot may write to, or raise what the server would say."""
        chat = self.known_chat(name)
        if chat.migrated_to:
            raise migrated(chat.migrated_to)
        if chat.is_bot_kicked:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if chat.type == "private":
            self._check_person(chat)
        return chat

    def known_chat(self, name: str = "chat_id") -> Chat:
        """Return the chat whether or not the bot may write there."""
        if not self.params.text(name):
            raise bad_request("chat_id is empty")
        chat = self.bot.chats.get(self.params.integer(name))
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _check_person(self, chat: Chat) -> None:
        if self.world.person(chat.id).is_deactivated:
            raise forbidden("user is deactivated")
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.is_open:
            raise forbidden("bot can't initiate conversation with a user")

    def formatted(self, field: str) -> tuple[str, list[Json]]:
        """Return the visible text of `text` or `caption` and its entities."""
        given = "entities" if field == "text" else "caption_entities"
        entities = self.params.nested(given)
        return parse_text(self.params.text(field), self.params.text("parse_mode"), entities)

    def caption(self) -> Json:
        """Return the caption's fields of a message, checked."""
        text, entities = self.formatted("caption")
        if utf16_length(text) > MAX_CAPTION:
            raise bad_request("message caption is too long")
        fields: Json = {"caption": text} if text else {}
        return {**fields, "caption_entities": entities} if entities else fields

    def message(self, chat: Chat) -> Message:
        """Return the message named by `message_id`; the caller says what it wanted it for when there is none."""
        message = chat.messages.get(self.params.integer("message_id"))
        if message is None or message.is_deleted:
            raise LookupError
        return message


def text_content(call: Call) -> Json:
    """Return the body of a text message, checked."""
    text, entities = call.formatted("text")
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {**with_entities(text, entities), **_preview(call)}


def _preview(call: Call) -> Json:
    """https://core.telegram.org/bots/api#linkpreviewoptions: kept as it was asked for; the page draws it."""
    options: Any = call.params.nested("link_preview_options")
    if not isinstance(options, dict) or options.get("is_disabled") or not options.get("url"):
        return {}
    if not str(options["url"]).startswith(("http://", "https://")):
        raise bad_request("wrong HTTP URL specified")
    return {"link_preview_options": options}


def with_entities(text: str, entities: list[Json] | None = None) -> Json:
    """Return a text body; without given entities those the server finds by itself are marked."""
    marked = found_entities(text) if entities is None else entities
    return {"text": text, "entities": marked} if marked else {"text": text}


Method = Callable[[Call], Any]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as a method of the Bot API."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


__all__ = ["METHODS", "ApiError", "Call", "as_message", "method", "next_message", "text_content", "with_entities"]
