"""The queue of what the portal is to be told: in order per lead, several leads at once, never repeated blindly.

A row is claimed (short transaction), written (no transaction), recorded (short transaction). When the answer to a write is
lost its row becomes `unknown`: from then on it is only read back, and it is written again only once the portal has had
time to finish whatever it was doing and still shows nothing.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from bot.masking import mask
from bot.nudges import nudge
from crm.bitrix24 import errors
from crm.bitrix24.noticing import notice
from crm.bitrix24.operations import OPERATIONS, NotYet, Operation, Write
from crm.bitrix24.portals import client_for
from crm.bitrix24.webhook import BadWebhookUrl
from crm.models import Portal, WriteBack
from crm.reports import WRITE_TASK

log = logging.getLogger(__name__)
Status = WriteBack.Status

STALE = timedelta(minutes=3)  # longer than any write may take: its worker died
SETTLED = timedelta(seconds=65)  # a request lives sixty seconds in the portal; only then "not done" is final
LOOK_AGAIN = timedelta(seconds=15)
OWNER_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=15)
PATIENCE = 3.0  # seconds a write waits for room inside the call; longer waits go back to the queue
DENIED_ATTEMPTS = 5
NOT_YET_ATTEMPTS = 20

CLAIM_SQL = """
WITH head AS (
    SELECT w.id FROM crm_writeback w JOIN crm_portal p ON p.id = w.portal_id
    WHERE w.status IN ('queued', 'unknown') AND w.run_after <= %(now)s AND p.is_active
      AND NOT EXISTS (SELECT 1 FROM crm_writeback e WHERE e.lead_id = w.lead_id AND e.id < w.id
                      AND e.status IN ('queued', 'running', 'unknown'))
    ORDER BY w.run_after, w.id LIMIT 1
    FOR UPDATE OF w SKIP LOCKED
)
UPDATE crm_writeback w SET
    status = CASE WHEN w.status = 'queued' THEN 'running' ELSE 'unknown' END,
    claimed_at = CASE WHEN w.status = 'queued' THEN %(now)s ELSE w.claimed_at END,
    attempts = w.attempts + CASE WHEN w.status = 'queued' THEN 1 ELSE 0 END,
    run_after = %(now)s + %(lease)s
FROM head WHERE w.id = head.id RETURNING w.id
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a row after one attempt; `wait` counts from now."""

    status: Status
    error: str = ""
    wait: timedelta = timedelta()
    result: Mapping[str, Any] = field(default_factory=dict)
    counts: bool = True  # False: the attempt did not reach the portal and is not counted


def claim(now: datetime) -> WriteBack | None:
    """Take the oldest write that is due and first in its lead's order, so that nobody else does it."""
    params: Any = {"now": now, "lease": STALE}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, params)
        found = cursor.fetchone()
    rows = WriteBack.objects.select_related("portal__channel", "lead__chat__channel")
    return rows.get(pk=found[0]) if found else None


def drain(*, limit: int = 100, clock: Callable[[], datetime] = timezone.now) -> int:
    """Do what is due, at most `limit` writes; return how many were tried."""
    for done in range(limit):
        row = claim(clock())
        if row is None:
            return done
        record(row, attempt(row, clock()), clock())
    return limit


def attempt(row: WriteBack, now: datetime) -> Verdict:
    """Do one claimed row, or look whether it has been done; no way it can end raises."""
    operation = OPERATIONS[row.operation]
    try:
        client = client_for(row.portal, patience=PATIENCE)
        write = Write(client, row.portal, row.params, row.lead, row.attempts)
        if row.status == Status.UNKNOWN:
            return _look(row, operation, write, now)
        return Verdict(Status.DONE, result=operation.run(write))
    except NotYet as error:
        status = Status.QUEUED if row.attempts < NOT_YET_ATTEMPTS else Status.FAILED
        return Verdict(status, str(error), timedelta(seconds=error.wait) or _backoff(row.attempts))
    except BadWebhookUrl as error:
        return Verdict(row_status_while_waiting(row), str(error), OWNER_WAIT)
    except errors.Bitrix24Error as error:
        return _verdict(row, operation, error, now)
    except Exception as error:
        log.exception("bitrix24.write_failed", extra={"operation": row.operation, "write": row.pk})
        return Verdict(Status.FAILED, f"{type(error).__name__}: our mistake, see the log")


def _look(row: WriteBack, operation: Operation, write: Write, now: datetime) -> Verdict:
    """Read back a write whose answer was lost."""
    if operation.was_done(write):
        return Verdict(Status.DONE, result={"read_back": True})
    if row.claimed_at is not None and now - row.claimed_at < SETTLED:
        return Verdict(Status.UNKNOWN, row.error, LOOK_AGAIN)
    return Verdict(Status.QUEUED, "the portal shows that it was not done; written again")


def row_status_while_waiting(row: WriteBack) -> Status:
    """Return the status of a row that could not be tried: an unknown one stays unknown."""
    return Status.UNKNOWN if row.status == Status.UNKNOWN else Status.QUEUED


def _verdict(row: WriteBack, operation: Operation, error: errors.Bitrix24Error, now: datetime) -> Verdict:
    text, waiting = _safe(error), row_status_while_waiting(row)
    match error:
        case errors.OutcomeUnknown():
            return Verdict(Status.UNKNOWN, text, LOOK_AGAIN)
        case errors.Throttled(retry_after=seconds):
            return Verdict(waiting, text, timedelta(seconds=seconds), counts=False)
        case errors.MethodPaused(until=until):
            seconds = max(1.0, until - now.timestamp())
            return Verdict(waiting, text, timedelta(seconds=seconds), counts=False)
        case errors.TryLater():
            return Verdict(waiting, text, _backoff(row.attempts))
        case errors.PortalGone() | errors.MethodMissing():
            return Verdict(Status.FAILED, text)
        case errors.Denied() if row.attempts >= DENIED_ATTEMPTS:
            return Verdict(Status.FAILED, text)
        case errors.NeedsOwner():
            return Verdict(waiting, text, OWNER_WAIT)
        case errors.NotFound() if operation.about_lead:
            return Verdict(Status.CANCELED, text)
    return Verdict(Status.FAILED, text)


def record(row: WriteBack, verdict: Verdict, now: datetime) -> None:
    """Write down how an attempt ended, and what that says about the lead and the portal."""
    ended = verdict.status in (Status.DONE, Status.FAILED, Status.CANCELED)
    with transaction.atomic():
        # A portal that has forgotten leaves us nothing to remember it by.
        forgotten = ended and verdict.status != Status.FAILED and row.operation == WriteBack.Operation.ERASE
        WriteBack.objects.filter(pk=row.pk).update(
            status=verdict.status,
            **({"params": {}} if forgotten else {}),
            error=verdict.error,
            result=dict(verdict.result),
            run_after=now + verdict.wait,
            done_at=now if ended else None,
            attempts=F("attempts") - (0 if verdict.counts or row.status == Status.UNKNOWN else 1),
        )
        if verdict.status == Status.CANCELED and row.lead is not None and hasattr(row.lead, "remote"):
            notice(row.portal, row.lead.remote.entity, row.lead.remote.remote_id)  # it may have been deleted
        if verdict.wait == OWNER_WAIT and (note := mask(verdict.error)) != row.portal.health_note:
            Portal.objects.filter(pk=row.portal_id).update(health_note=note, checked_at=now)


def settle_stale(now: datetime) -> int:
    """Turn claims whose worker died into `unknown`: the write may have left before the worker did."""
    stale = WriteBack.objects.filter(status=Status.RUNNING, claimed_at__lt=now - STALE)
    return stale.update(status=Status.UNKNOWN, error="the worker died between writing and recording", run_after=now)


def retry(row: WriteBack, *, now: datetime) -> bool:
    """Put a failed write back into the queue (the admin's button); an unknown one stays so and is read back at once."""
    rows = WriteBack.objects.filter(pk=row.pk)
    changed = rows.filter(status=Status.FAILED).update(
        status=Status.QUEUED, run_after=now, attempts=0, error="", done_at=None
    ) or rows.filter(status=Status.UNKNOWN).update(run_after=now)
    transaction.on_commit(lambda: nudge(WRITE_TASK))
    return bool(changed)


def _backoff(attempts: int) -> timedelta:
    return min(LONGEST_WAIT, timedelta(seconds=5 * 2.0 ** min(attempts, 10)))


def _safe(error: Exception) -> str:
    """Return the error's words without any long number: a portal may quote the phone it refuses."""
    return re.sub(r"\+?\d[\d\s()-]{7,}\d", "***", str(error))
