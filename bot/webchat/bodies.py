"""What a widget may post, checked to the letter: a stranger writes these. Raises `BadPayload`, nothing is stored then."""

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import BadPayload
from bot.messages import Envelope, EventKind, Person

MAX_TEXT = 4_000  # characters, as the widget's own counter says
MAX_DATA = 256
MAX_URL = 2_000
KINDS = {"start": EventKind.JOINED}  # the widget was opened; the other kinds have their own names
UTM = ("source", "medium", "campaign", "term", "content")
_CLIENT_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_PHONE = re.compile(r"^\+?[\d\s().\-]{5,31}$")
_VISITOR = re.compile(r"^[0-9a-f]{32}$")


def envelope(visitor: str, body: Mapping[str, Any]) -> Envelope:
    """Return the event of one posted body. The widget's own id makes a repeat the same row, within this visitor only."""
    if not _VISITOR.match(visitor):
        raise BadPayload("visitor: not one of ours")
    client_id = body.get("id")
    if not isinstance(client_id, str) or not _CLIENT_ID.match(client_id):
        raise BadPayload("id: 1 to 64 of A-Z a-z 0-9 _ -")
    kind = body.get("kind", "text")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise BadPayload(f"kind: one of {', '.join(_READERS)}")
    payload = {"kind": kind, "id": client_id, "lang": _words(body, "lang", 16), **reader(body)}
    return Envelope(
        external_id=f"{visitor}:{client_id}",
        chat_external_id=visitor,
        kind=KINDS.get(kind) or EventKind(kind),
        payload=payload,
        person=Person(language=payload["lang"]),
    )


def _text(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": _words(body, "text", MAX_TEXT, required=True)}


def _press(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "data": _words(body, "data", MAX_DATA, required=True),
        "text": _words(body, "text", MAX_DATA),
        "message": _words(body, "message", 64),
    }


def _contact(body: Mapping[str, Any]) -> dict[str, Any]:
    phone = _words(body, "phone", 32, required=True)
    if not _PHONE.match(phone) or sum(char.isdigit() for char in phone) < 5:
        raise BadPayload("phone: digits, spaces, +, -, (, ) only; at least 5 digits")
    if body.get("consent") is not True:
        raise BadPayload("consent: a phone is taken only with `true`")
    return {"phone": phone, "consent": True, "consent_text": _words(body, "consent_text", 1_000)}


def _start(body: Mapping[str, Any]) -> dict[str, Any]:
    page = body.get("page", {})
    if not isinstance(page, Mapping):
        raise BadPayload("page: an object")
    utm = page.get("utm", {})
    if not isinstance(utm, Mapping):
        raise BadPayload("page.utm: an object")
    return {
        "data": _words(body, "data", MAX_DATA),
        "page": {
            "url": _clipped(page, "url"),
            "title": _clipped(page, "title"),
            "referrer": _clipped(page, "referrer"),
            "utm": {name: _clipped(utm, name)[:200] for name in UTM if _clipped(utm, name)},
        },
    }


_READERS = {"text": _text, "press": _press, "contact": _contact, "start": _start}


def _words(body: Mapping[str, Any], name: str, limit: int, *, required: bool = False) -> str:
    """Return the trimmed words under `name`; PostgreSQL takes neither NUL nor half of a surrogate pair."""
    value = body.get(name, "")
    if not isinstance(value, str):
        raise BadPayload(f"{name}: a string")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadPayload(f"{name}: not valid Unicode") from None
    value = value.replace("\x00", "").strip()
    if len(value) > limit:
        raise BadPayload(f"{name}: at most {limit} characters")
    if required and not value:
        raise BadPayload(f"{name}: must not be empty")
    return value


def _clipped(body: Mapping[str, Any], name: str) -> str:
    """Return what the page told of itself, cut: a long address is no reason to lose a visitor."""
    value = body.get(name)
    return _words({name: value[:MAX_URL]}, name, MAX_URL) if isinstance(value, str) else ""
