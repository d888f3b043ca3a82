"""What the portal's bot hears, in our own words. Pure.

`user.connector` marks the customer; neither connector nor bot is an employee, and an employee who writes has taken over. A
chat's `owner` that is neither nobody nor ours says the same without a word.
https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import BadPayload
from bot.messages import Envelope, EventKind, Incoming, Media, Person
from crm.bitrix24.php import as_list, as_map

LINES = "LINES"
KINDS = {"ONIMBOTV2JOINCHAT": EventKind.JOINED, "ONIMBOTV2MESSAGEADD": EventKind.TEXT}
KINDS |= {"ONIMBOTV2MESSAGEUPDATE": EventKind.EDITED}


def envelopes_of(body: Mapping[str, Any]) -> Sequence[Envelope]:
    """Return what to store of one fetched event: nothing, the event, or a takeover before it. Raises `BadPayload`."""
    data, event_id = as_map(body.get("data")), str(body.get("eventId") or "")
    chat = as_map(data.get("chat"))
    if str(chat.get("entityType") or "") != LINES:
        return []
    if not event_id.isdecimal() or not _number(chat.get("id")):
        raise BadPayload("an open-line event without its id or chat")
    kind = _kind_of(str(body.get("type") or ""), data)
    envelope = Envelope(
        external_id=event_id,
        chat_external_id=str(_number(chat["id"])),
        kind=kind,
        payload=data,
        person=_customer(data),
    )
    owner, own_ids = _number(chat.get("owner")), {0, _bot_id(data), *as_list(body.get("own_ids"))}
    if owner in own_ids or kind is EventKind.OPERATOR:
        return [envelope]
    return [_takeover(envelope, event_id), envelope]


def _takeover(envelope: Envelope, event_id: str) -> Envelope:
    """Return the news that a human owns the chat; it stands before the event that told us."""
    return Envelope(
        external_id=f"{event_id}:owner",
        chat_external_id=envelope.chat_external_id,
        kind=EventKind.OPERATOR,
        payload={"chat": envelope.payload["chat"]},
        person=envelope.person,
    )


def _kind_of(event_type: str, data: Mapping[str, Any]) -> EventKind:
    kind = KINDS.get(event_type, EventKind.IGNORED)
    if kind is EventKind.JOINED:
        return kind
    message, user = as_map(data.get("message")), as_map(data.get("user"))
    if kind is EventKind.IGNORED or _is_true(message.get("isSystem")) or _is_true(user.get("bot")):
        return EventKind.IGNORED
    if not _is_true(user.get("connector")):
        return EventKind.OPERATOR if kind is EventKind.TEXT else EventKind.IGNORED
    if kind is EventKind.TEXT and not str(message.get("text") or "").strip():
        return EventKind.MEDIA
    return kind


def incoming_of(kind: str, payload: Mapping[str, Any]) -> Incoming:
    """Return one stored event in the house's words; raises `BadPayload`."""
    message, chat = as_map(payload.get("message")), as_map(payload.get("chat"))
    if not chat:
        raise BadPayload("an open-line event without its chat")
    return Incoming(
        kind=EventKind(kind),
        text=str(message.get("text") or ""),
        media=tuple(
            Media("document", str(file_id)) for file_id in as_list(as_map(message.get("params")).get("FILE_ID"))
        ),
        person=_customer(payload),
        external_message_id=str(message.get("id") or ""),
        extra={"connector": str(chat.get("entityId") or "").partition("|")[0]},
    )


def bound_text(data: Mapping[str, Any]) -> str:
    """Return the chat's `entityData2`: what it is bound to in the CRM."""
    return str(as_map(data.get("chat")).get("entityData2") or "")


def _customer(data: Mapping[str, Any]) -> Person:
    """Return the customer if this event is theirs; an employee's name is not the chat's."""
    user = as_map(data.get("user"))
    if not _is_true(user.get("connector")):
        return Person()
    return Person(name=str(user.get("name") or ""), language=str(data.get("language") or ""))


def _bot_id(data: Mapping[str, Any]) -> int:
    return _number(as_map(data.get("bot")).get("id"))


def _number(value: Any) -> int:
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdecimal() else 0


def _is_true(value: Any) -> bool:
    """Return a flag of either road: native in fetch mode, "1" and "0" in a posted form."""
    return value in (True, "1", "Y", "true")
