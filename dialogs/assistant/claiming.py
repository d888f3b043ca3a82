"""Which questions are ours to put: claimed in short transactions, given up by themselves when their worker dies.

A claim is a lease that the worker renews while it waits for the provider. A worker that was killed renews nothing: its questions
are claimed again, and after the second time answered by the scripted assistant.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from dialogs.models import AssistantTurn

LEASE_SECONDS = 15.0
RENEW_SECONDS = 4.0
CLAIM_SQL = """
UPDATE dialogs_assistantturn t SET claimed_at = clock_timestamp(), attempts = t.attempts + 1
WHERE t.id IN (
    SELECT id FROM dialogs_assistantturn WHERE status = 'asked'
      AND (claimed_at IS NULL OR claimed_at < now() - make_interval(secs => %(lease)s))
      AND (%(age)s = 0 OR asked_at <= now() - make_interval(secs => %(age)s))
    ORDER BY asked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING t.id
"""
RENEW_SQL = "UPDATE dialogs_assistantturn SET claimed_at = clock_timestamp() WHERE id = ANY(%s) AND status = 'asked'"
# Channels are prefetched, not joined: many chats have few of them, and their secrets take time to unseal.
JOINED, SHARED = ("conversation__chat", "conversation__customer"), "conversation__chat__channel"


def claim(limit: int, *, older_than: float = 0.0) -> list[AssistantTurn]:
    """Claim up to `limit` questions nobody works at, asked at least `older_than` seconds ago; the oldest first."""
    if limit <= 0:
        return []
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"lease": LEASE_SECONDS, "age": older_than, "limit": limit})
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return []
    turns = AssistantTurn.objects.filter(pk__in=ids).select_related(*JOINED).prefetch_related(SHARED)
    return list(turns.order_by("asked_at"))


def renew(ids: Sequence[int]) -> None:
    """Keep the claims of what is being thought about."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW_SQL, [list(ids)])
