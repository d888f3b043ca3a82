"""One row per event. The same event twice is one row; the chat is the mailbox.

Both roads in use the same statement: the webhook door (async, many requests gathered into one call) and everything inside
Django (`put`). It never waits for a turn: existing chats are only looked at, so a turn that holds a chat's row is no obstacle.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from bot.messages import Envelope, EventKind
from bot.models import Chat
from bot.nudges import nudge_turns

# Parameters: six arrays of one length. A new chat takes name, username and language from its first event.
STORE_SQL = """
WITH incoming AS (
    SELECT * FROM unnest(
        %(channels)s::bigint[], %(chats)s::text[], %(ids)s::text[], %(kinds)s::text[], %(payloads)s::jsonb[],
        %(delays)s::float8[], %(people)s::jsonb[], %(requests)s::text[]
    ) WITH ORDINALITY AS t(channel_id, chat_ext, external_id, kind, payload, delay, person, request_id, ord)
), new_chats AS (
    INSERT INTO bot_chat (channel_id, external_id, name, username, language, speaker, epoch, extras, created_at, updated_at)
    SELECT DISTINCT ON (channel_id, chat_ext) channel_id, chat_ext, left(coalesce(person->>'name', ''), 190),
           left(coalesce(person->>'username', ''), 190), left(coalesce(person->>'language', ''), 16), 'bot', 0, '{}'::jsonb,
           now(), now()
    FROM incoming WHERE NOT EXISTS (
        SELECT 1 FROM bot_chat c WHERE c.channel_id = incoming.channel_id AND c.external_id = incoming.chat_ext)
    ORDER BY channel_id, chat_ext, ord
    ON CONFLICT (channel_id, external_id) DO NOTHING
    RETURNING id, channel_id, external_id
), known AS (
    SELECT id, channel_id, external_id FROM new_chats
    UNION ALL
    SELECT c.id, c.channel_id, c.external_id FROM bot_chat c
    JOIN (SELECT DISTINCT channel_id, chat_ext FROM incoming) i ON c.channel_id = i.channel_id AND c.external_id = i.chat_ext
)
INSERT INTO bot_inboxevent (channel_id, chat_id, external_id, kind, payload, ready_at, request_id)
SELECT i.channel_id, k.id, i.external_id, i.kind, i.payload, now() + make_interval(secs => i.delay), i.request_id
FROM incoming i JOIN known k ON k.channel_id = i.channel_id AND k.external_id = i.chat_ext
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
    """Return how many seconds an event waits for company: words do, a press is answered at once."""
    return window if kind in (EventKind.TEXT, EventKind.MEDIA) else 0.0


def store_params(arrivals: Sequence[Arrival], *, window: float) -> dict[str, Any]:
    """Return the arrays for `STORE_SQL`."""
    return {
        "channels": [a.channel_id for a in arrivals],
        "chats": [a.envelope.chat_external_id for a in arrivals],
        "ids": [a.envelope.external_id for a in arrivals],
        "kinds": [str(a.envelope.kind) for a in arrivals],
        "payloads": [to_jsonb(a.envelope.payload) for a in arrivals],
        "delays": [delay_of(a.envelope.kind, window=window) for a in arrivals],
        "people": [_person_json(a.envelope) for a in arrivals],
        "requests": [a.request_id for a in arrivals],
    }


def _person_json(envelope: Envelope) -> str:
    person = envelope.person
    return to_jsonb({"name": person.name, "username": person.username, "language": person.language})


def to_jsonb(value: Any) -> str:
    """Return `value` as JSON that PostgreSQL takes: a NUL character has no place in its text, so it is left out."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(_without_nul(value), ensure_ascii=False) if "\\u0000" in text else text


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
    return store([Arrival(chat.channel_id, envelope, request_id)], window=0) > 0


def postpone(event_ids: Sequence[int], *, until: dt.datetime) -> None:
    """Let pending events wait until `until`, e.g. while the person is still typing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bot_inboxevent SET ready_at = %s WHERE id = ANY(%s) AND handled_at IS NULL",
            [until, list(event_ids)],
        )
