"""One row per event. The same event twice is one row; the chat is the mailbox.

Both roads in use the same statement: the webhook door (async, many requests gathered into one call) and everything inside
Django (`put`). It never waits for a turn: existing chats are only looked at, so a turn that holds a chat's row is no obstacle.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from bot.messages import Envelope, EventKind
from bot.models import Chat
from bot.nudges import nudge_turns

# One parameter: the events as one JSON array, which costs Python a tenth of what arrays of text and jsonb do. A new chat takes
# name, username and language from its first event. A known chat is looked up by a subquery of its own: a join would be planned
# for a hundred rows and read the whole table of chats.
STORE_SQL = """
WITH incoming AS MATERIALIZED (
    SELECT t.*, (SELECT c.id FROM bot_chat c WHERE c.channel_id = t.channel_id AND c.external_id = t.chat_ext) AS chat_id
    FROM ROWS FROM (jsonb_to_recordset(%(events)s::jsonb) AS (
        channel_id bigint, chat_ext text, external_id text, kind text, payload jsonb, delay float8,
        name text, username text, language text, request_id text
    )) WITH ORDINALITY AS t(
        channel_id, chat_ext, external_id, kind, payload, delay, name, username, language, request_id, ord)
), new_chats AS (
    INSERT INTO bot_chat (channel_id, external_id, name, username, language, speaker, epoch, extras, created_at, updated_at)
    SELECT DISTINCT ON (channel_id, chat_ext) channel_id, chat_ext, left(coalesce(name, ''), 190),
           left(coalesce(username, ''), 190), left(coalesce(language, ''), 16), 'bot', 0, '{}'::jsonb, now(), now()
    FROM incoming WHERE chat_id IS NULL
    ORDER BY channel_id, chat_ext, ord
    ON CONFLICT (channel_id, external_id) DO NOTHING
    RETURNING id, channel_id, external_id
)
INSERT INTO bot_inboxevent (channel_id, chat_id, external_id, kind, payload, ready_at, request_id)
SELECT i.channel_id, coalesce(i.chat_id, n.id), i.external_id, i.kind, i.payload, now() + make_interval(secs => i.delay),
       i.request_id
FROM incoming i LEFT JOIN new_chats n ON n.channel_id = i.channel_id AND n.external_id = i.chat_ext
WHERE coalesce(i.chat_id, n.id) IS NOT NULL
ORDER BY i.ord
ON CONFLICT (channel_id, external_id) DO NOTHING
RETURNING external_id
"""
# Two doors may create the same chat in the same instant: the loser's statement sees neither the row it did not insert nor
# the winner's. Its events are then missing from the answer though no duplicate of them exists: call again, once is enough.


@dataclass(frozen=True, slots=True)
class Arrival:
    """An envelope with the channel it came through, ready to be stored."""

    channel_id: int
    envelope: Envelope
    request_id: str = ""


def delay_of(kind: str, *, window: float) -> float:
    """Return how many seconds an event waits for company.

    Words wait for the rest of the sentence, an opened chat for the first words, an answer of the assistant for whoever stores it
    to take the turn; a press is answered at once.
    """
    waits = (EventKind.TEXT, EventKind.MEDIA, EventKind.JOINED, EventKind.LEAD_OPENED, EventKind.PROPOSED)
    return window if kind in waits else 0.0


def store_params(arrivals: Sequence[Arrival], *, window: float) -> dict[str, Any]:
    """Return the parameter of `STORE_SQL`."""
    return {"events": to_jsonb([_row(arrival, window) for arrival in arrivals])}


def _row(arrival: Arrival, window: float) -> dict[str, Any]:
    envelope, person = arrival.envelope, arrival.envelope.person
    return {
        "channel_id": arrival.channel_id,
        "chat_ext": envelope.chat_external_id,
        "external_id": envelope.external_id,
        "kind": envelope.kind,
        "payload": envelope.payload,
        "delay": delay_of(envelope.kind, window=window),
        "name": person.name,
        "username": person.username,
        "language": person.language,
        "request_id": arrival.request_id,
    }


def to_jsonb(value: Any) -> str:
    """Return `value`, plain data or dataclasses, as JSON that PostgreSQL takes: NUL characters are left out, halves of a
    surrogate pair become `?`."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:  # a lone surrogate, or a number of more than 64 bits
        text = json.dumps(value, ensure_ascii=False, default=asdict).encode("utf-8", "replace").decode()
    if "\\u0000" in text:
        text = json.dumps(_without_nul(json.loads(text)), ensure_ascii=False)
    return text


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", "")
        case list():
            return [_without_nul(item) for item in value]
        case dict():
            return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value


def store(arrivals: Sequence[Arrival], *, window: float | None = None) -> int:
    """Store the events that are new and nudge the mind after commit; return how many were new."""
    if not arrivals:
        return 0
    params = store_params(arrivals, window=settings.COALESCE_SECONDS if window is None else window)
    with connection.cursor() as cursor:
        cursor.execute(STORE_SQL, params)
        new = len(cursor.fetchall())
        if new < len(arrivals):  # repeats, or the race named above
            cursor.execute(STORE_SQL, params)
            new += len(cursor.fetchall())
    nudge_turns()
    return new


def put(chat: Chat, kind: EventKind, *, external_id: str, payload: Mapping[str, Any], request_id: str = "") -> bool:
    """Tell a chat's dialogue that something happened in our own rooms; return False when it was told already."""
    envelope = Envelope(external_id=external_id, chat_external_id=chat.external_id, kind=kind, payload=payload)
    return store([Arrival(chat.channel_id, envelope, request_id)]) > 0


def postpone(event_ids: Sequence[int], *, until: dt.datetime) -> None:
    """Let pending events wait until `until`, e.g. while the person is still typing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bot_inboxevent SET ready_at = %s WHERE id = ANY(%s) AND handled_at IS NULL",
            [until, list(event_ids)],
        )


def mark_handled(event_ids: Sequence[int], now: dt.datetime) -> None:
    """Note that a turn has dealt with these events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bot_inboxevent SET handled_at = %s, error = '' WHERE id = ANY(%s)", [now, list(event_ids)]
        )
