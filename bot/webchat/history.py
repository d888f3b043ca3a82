"""What the two sides said, as the widget shows it: the visitor's events and our sent messages, in one order of time.

The cursor is an instant in microseconds. Rows of one chat may commit a moment out of order and machines' clocks differ, so
a page begins `OVERLAP` before its cursor; items carry ids and the widget shows each once.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from bot.messages import EventKind, Media
from bot.models import Message

OVERLAP = 30_000_000  # microseconds
PAGE = 100
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
VISIBLE = [str(kind) for kind in (EventKind.TEXT, EventKind.PRESS, EventKind.CONTACT)]
# A claimed message may be on the visitor's screen already; it belongs to the history from that moment.
SHOWN = [str(status) for status in (Message.Status.SENDING, Message.Status.SENT, Message.Status.UNKNOWN)]

SAID = """
WITH chat AS (SELECT id FROM bot_chat WHERE channel_id = %(channel)s AND external_id = %(visitor)s),
said AS (
    SELECT 'user' AS role, split_part(external_id, ':', 2) AS key, '' AS text, payload AS rest, received_at AS at, id
    FROM bot_inboxevent WHERE chat_id = (SELECT id FROM chat) AND kind = ANY(%(visible)s)
    UNION ALL
    SELECT role, id::text, text, extras, coalesce(sent_at, claimed_at, created_at), id
    FROM bot_message WHERE chat_id = (SELECT id FROM chat) AND role <> 'user' AND status = ANY(%(shown)s)
)
SELECT role, key, text, rest, at FROM said WHERE {where} ORDER BY at DESC, role = 'user', id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Items from old to new; `cursor` is where the next page begins, `has_earlier` tells of more before the first."""

    items: list[dict[str, Any]]
    cursor: str
    has_earlier: bool

    def to_json(self) -> dict[str, Any]:
        """Return the answer of the history door."""
        return {"items": self.items, "cursor": self.cursor, "has_earlier": self.has_earlier}


def page(channel_id: int, visitor: str, *, after: int | None = None, before: int | None = None) -> Page:
    """Return up to `PAGE` newest items; `after` and `before` are cursors."""
    where, params = "true", {}
    if after is not None:
        where, params = "at > %(since)s", {"since": _instant(max(0, after - OVERLAP))}
    elif before is not None:
        where, params = "at < %(until)s", {"until": _instant(before)}
    rows = _rows(where, limit=PAGE + 1, channel=channel_id, visitor=visitor, **params)
    items = [_item(row) for row in reversed(rows[:PAGE])]
    newest = items[-1]["cursor"] if items else str(max(after or 0, 0))
    return Page(items, max(newest, str(after or 0), key=int), has_earlier=len(rows) > PAGE)


def own_item(channel_id: int, visitor: str, client_id: str) -> dict[str, Any] | None:
    """Return what is stored of one message of the visitor, None when it is of the invisible kind."""
    rows = _rows("role = 'user' AND key = %(key)s", limit=1, channel=channel_id, visitor=visitor, key=client_id)
    return _item(rows[0]) if rows else None


def _rows(where: str, *, limit: int, channel: int, visitor: str, **params: Any) -> list[tuple[Any, ...]]:
    params |= {"channel": channel, "visitor": visitor, "limit": limit, "visible": VISIBLE, "shown": SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(SAID.format(where=where), params)  # `where` is one of our own sentences above
        return list(cursor.fetchall())


def _item(row: tuple[Any, ...]) -> dict[str, Any]:
    role, key, text, rest, at = row
    rest = orjson.loads(rest) if isinstance(rest, str | bytes) else rest
    if role == Message.Role.USER:
        return visitor_item(key, rest, at=at)
    return our_item(key, role, text, rest, at=at)


def visitor_item(client_id: str, payload: Mapping[str, Any], *, at: dt.datetime) -> dict[str, Any]:
    """Return one message of the visitor: the words, the label of the button or the number they gave."""
    shown = payload.get("phone") or payload.get("text") or payload.get("data") or ""
    return {"id": f"u{client_id}", "role": "user", "text": shown, **_when(at)}


def our_item(message_id: str, role: str, text: str, extras: Mapping[str, Any], *, at: dt.datetime) -> dict[str, Any]:
    """Return one message of the bot or of a manager, as the stream and the history both spell it."""
    item: dict[str, Any] = {"id": f"m{message_id}", "role": role, "text": text, **_when(at)}
    if buttons := extras.get("buttons"):
        item["buttons"] = buttons
    media = [_media(Media(**entry)) for entry in extras.get("media", ())]
    if picture := extras.get("picture"):
        media.append(_media(Media("photo", picture)))
    if media:
        item["media"] = media
    return item


def _media(media: Media) -> dict[str, str]:
    """Return a file that a browser can open; other references mean nothing outside their channel."""
    return {
        "kind": media.kind,
        "url": media.ref if media.ref.startswith(("https://", "http://")) else "",
        "name": media.name,
    }


def _when(at: dt.datetime) -> dict[str, str]:
    return {"at": at.astimezone(dt.UTC).isoformat(timespec="milliseconds"), "cursor": str(micros(at))}


def micros(at: dt.datetime) -> int:
    """Return an instant as a cursor."""
    return (at - EPOCH) // dt.timedelta(microseconds=1)


def _instant(cursor: int) -> dt.datetime:
    return EPOCH + dt.timedelta(microseconds=cursor)
