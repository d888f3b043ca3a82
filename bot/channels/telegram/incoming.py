"""From a Telegram `Update` to our words, by plain dict access: it is fifty times cheaper than building the library's objects.

https://core.telegram.org/bots/api#update. Fields and kinds we do not know are passed over, never an error: the API grows
every month.
"""

from collections.abc import Mapping
from typing import Any

from bot.errors import BadPayload
from bot.messages import Envelope, EventKind, Incoming, Media, Person

Json = Mapping[str, Any]

FILES = ("photo", "document", "voice", "video", "audio", "video_note", "animation", "sticker")
OTHER_WORDS = ("dice", "poll", "story", "game", "checklist", "paid_media", "giveaway")  # said by a person, no use to us
KIND_OF_UPDATE = {
    "message": EventKind.TEXT,
    "edited_message": EventKind.EDITED,
    "callback_query": EventKind.PRESS,
    "my_chat_member": EventKind.BLOCKED,
}


def open_update(update: Json) -> list[Envelope]:
    """Return the envelope of one update, or none when it is nothing for us; raise `BadPayload` when it is not one."""
    number = update.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise BadPayload("no update_id")
    for name in KIND_OF_UPDATE:
        body = update.get(name)
        if isinstance(body, Mapping):
            return _enveloped(number, name, body, update)
    return []


def _enveloped(number: int, name: str, body: Json, update: Json) -> list[Envelope]:
    try:
        chat = _chat_of(name, body)
        kind = _kind_of(name, body)
        if chat["type"] == "private":
            return [Envelope(str(number), str(chat["id"]), kind, update, person_of(body.get("from") or {}))]
        if not _concerns_us(name, body):
            return []
        return [Envelope(str(number), str(chat["id"]), kind, update, Person(chat.get("title") or ""))]
    except (LookupError, TypeError, AttributeError) as error:
        raise BadPayload(f"a {name} without {error}") from error


def _concerns_us(name: str, body: Json) -> bool:
    """In groups we only speak; heard are a pressed button, a command, and that the bot was put in or thrown out."""
    return name != "edited_message" and (name != "message" or str(body.get("text") or "").startswith("/"))


def _chat_of(name: str, body: Json) -> Json:
    if name != "callback_query":
        return body["chat"]  # type: ignore[no-any-return]
    message = body.get("message")  # absent when the message is too old or was sent inline
    return message["chat"] if message else {"id": body["from"]["id"], "type": "private"}


def _kind_of(name: str, body: Json) -> EventKind:
    if name == "message":
        return _kind_of_message(body)
    if name == "my_chat_member":
        stopped = body["new_chat_member"]["status"] in ("kicked", "left")
        return EventKind.BLOCKED if stopped else EventKind.UNBLOCKED
    return KIND_OF_UPDATE[name]


def _kind_of_message(message: Json) -> EventKind:
    text = message.get("text")
    if text is not None:
        return EventKind.TEXT if start_payload(text) is None else EventKind.START
    if "contact" in message:
        return EventKind.CONTACT
    if message.get("caption"):
        return EventKind.TEXT
    if "location" in message or "venue" in message or any(name in message for name in (*FILES, *OTHER_WORDS)):
        return EventKind.MEDIA
    return EventKind.IGNORED  # a service message: pinned, auto-delete timer, payment …


def start_payload(text: str) -> str | None:
    """Return what stands after /start (a deep link's payload, maybe empty), or None when the text is no /start."""
    command, _, rest = text.partition(" ")
    return rest.strip() if command.partition("@")[0] == "/start" else None


def person_of(user: Json) -> Person:
    """Return what Telegram tells about a user."""
    name = f"{user.get('first_name', '')} {user.get('last_name', '')}".strip()
    return Person(name, user.get("username", ""), user.get("language_code", ""))


def parse_update(kind: str, update: Json) -> Incoming:
    """Return the event of one stored update; raise `BadPayload` when it is not of this kind."""
    try:
        match kind:
            case EventKind.PRESS:
                return _press(update["callback_query"])
            case EventKind.BLOCKED | EventKind.UNBLOCKED:
                member = update["my_chat_member"]
                return Incoming(EventKind(kind), person=person_of(member["from"]), extra=_room(member))
            case EventKind.EDITED:
                return _message(EventKind.EDITED, update["edited_message"])
        return _message(EventKind(kind), update["message"])
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise BadPayload(f"a stored {kind} without {error}") from error


def _press(query: Json) -> Incoming:
    message = query.get("message") or {}
    return Incoming(
        EventKind.PRESS,
        data=query.get("data", ""),
        person=person_of(query["from"]),
        external_message_id=str(message.get("message_id", "")),
        extra={"callback_id": query["id"], "from_id": query["from"]["id"]},
    )


def _message(kind: EventKind, message: Json) -> Incoming:
    sender = message.get("from") or {}
    text = message.get("text") or message.get("caption") or ""
    contact = message.get("contact") or {}
    replied = (message.get("reply_to_message") or {}).get("message_id")
    return Incoming(
        kind,
        extra={**_room(message), **({"reply_to": str(replied)} if replied else {})},
        text=text,
        data=(start_payload(text) or "") if kind is EventKind.START else "",
        phone=contact.get("phone_number", ""),
        # A person may attach anybody's card by hand: only the card with the sender's own id is the sender's own.
        own_contact=bool(contact) and contact.get("user_id") is not None and contact["user_id"] == sender.get("id"),
        media=_media(message),
        person=person_of(sender),
        external_message_id=str(message["message_id"]),
    )


def _room(body: Json) -> dict[str, Any]:
    """Return who did it in a room of several people; in a private chat the chat says it."""
    is_private = body["chat"].get("type", "private") == "private"
    return {} if is_private else {"from_id": (body.get("from") or {}).get("id", 0)}


def _media(message: Json) -> tuple[Media, ...]:
    for kind in FILES:
        if kind in message and not (kind == "document" and "animation" in message):
            body = (
                message[kind][-1] if kind == "photo" else message[kind]
            )  # a photo comes in sizes, the last is largest
            return (Media(kind, body["file_id"], body.get("file_name", ""), body.get("file_size")),)
    place = message.get("location") or (message.get("venue") or {}).get("location")
    if place:
        return (Media("location", f"{place['latitude']},{place['longitude']}"),)
    return tuple(Media(kind, "") for kind in OTHER_WORDS if kind in message)
