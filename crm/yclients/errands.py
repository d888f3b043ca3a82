"""The queue of what YClients is to be asked and told: claimed, done outside any transaction, recorded.

When the answer to a write is lost its task becomes `unknown`: the record is looked for by our own id before anything is done
again, and only when YClients had time to finish and still shows nothing is it repeated.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.models import Appointment, CalendarTask
from crm.yclients import errors, outcomes
from crm.yclients.accounts import client_for, note_health
from crm.yclients.client import Visit, Yclients

log = logging.getLogger(__name__)
Status, Operation = CalendarTask.Status, CalendarTask.Operation

STALE = dt.timedelta(minutes=2)  # longer than any call may take: its worker died
SETTLED = dt.timedelta(seconds=40)  # only after this is "there is no such record" final
LOOK_AGAIN = dt.timedelta(seconds=10)
LONGEST_WAIT = dt.timedelta(minutes=5)
UNSURE_AFTER = dt.timedelta(minutes=3)  # a customer who hears nothing for so long is told that a manager looks
GIVE_UP_AFTER = dt.timedelta(minutes=10)

CLAIM_SQL = """
WITH head AS (
    SELECT t.id FROM crm_calendartask t JOIN crm_yclientsaccount a ON a.id = t.account_id
    WHERE t.status IN ('queued', 'unknown') AND t.run_after <= %(now)s AND a.is_active
      AND NOT EXISTS (SELECT 1 FROM crm_calendartask e WHERE e.appointment_id = t.appointment_id AND e.id < t.id
                      AND e.status IN ('queued', 'running', 'unknown'))
    ORDER BY t.run_after, t.id LIMIT 1
    FOR UPDATE OF t SKIP LOCKED
)
UPDATE crm_calendartask t SET
    status = CASE WHEN t.status = 'queued' THEN 'running' ELSE 'unknown' END,
    claimed_at = CASE WHEN t.status = 'queued' THEN %(now)s ELSE t.claimed_at END,
    attempts = t.attempts + 1, run_after = %(now)s + %(lease)s
FROM head WHERE t.id = head.id RETURNING t.id
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a task after one attempt; `result` is what its operation brought."""

    status: CalendarTask.Status
    error: str = ""
    wait: dt.timedelta = dt.timedelta()
    result: Any = None
    refusal: errors.YclientsError | None = None


def drain(*, limit: int = 50, clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Do what is due, at most `limit` tasks; return how many were tried."""
    for done in range(limit):
        task = claim(clock())
        if task is None:
            return done
        record(task, attempt(task, clock()), clock())
    return limit


def claim(now: dt.datetime) -> CalendarTask | None:
    """Take the oldest task that is due and first in its appointment's order."""
    params: Any = {"now": now, "lease": STALE}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, params)
        found = cursor.fetchone()
    rows = CalendarTask.objects.select_related("account", "chat", "appointment__customer", "appointment__chat")
    return (
        rows.select_related("appointment__lead__customer", "appointment__lead__manager").get(pk=found[0])
        if found
        else None
    )


def settle_stale(now: dt.datetime) -> int:
    """Turn tasks whose worker died into `unknown`: the request may have left before the worker did."""
    stale = CalendarTask.objects.filter(status=Status.RUNNING, claimed_at__lt=now - STALE)
    return stale.update(status=Status.UNKNOWN, error="the worker died between asking and recording", run_after=now)


def attempt(task: CalendarTask, now: dt.datetime) -> Verdict:
    """Do one claimed task, or look whether it has been done; no way it can end raises."""
    client = client_for(task.account)
    try:
        if task.status == Status.UNKNOWN and task.operation in FINDERS:
            return _look(task, client, now)
        return Verdict(Status.DONE, result=DOERS[task.operation](task, client))
    except (errors.Busy, errors.Refused) as error:
        return Verdict(Status.FAILED, str(error), refusal=error)
    except errors.OutcomeUnknown as error:
        return Verdict(Status.UNKNOWN, str(error), LOOK_AGAIN)
    except errors.TryLater as error:
        return _later(task, str(error), dt.timedelta(seconds=error.wait), now)
    except errors.NeedsOwner as error:
        note_health(task.account, str(error), is_well=False)
        return _later(task, str(error), LONGEST_WAIT, now, refusal=error)
    except Exception as error:
        log.exception("yclients.task_failed", extra={"operation": task.operation, "task": task.pk})
        text = f"{type(error).__name__}: our mistake or an answer that cannot be read, see the log"
        return Verdict(Status.FAILED, text, refusal=errors.Refused(text))


def _look(task: CalendarTask, client: Yclients, now: dt.datetime) -> Verdict:
    """Look for what a lost answer may have been about."""
    found = FINDERS[task.operation](task, client)
    if found is not None:
        return Verdict(Status.DONE, result=found)
    if task.claimed_at is not None and now - task.claimed_at < SETTLED:
        return Verdict(Status.UNKNOWN, task.error, LOOK_AGAIN)
    return _later(task, "YClients shows that it was not done", dt.timedelta(), now)


def _later(
    task: CalendarTask, text: str, wait: dt.timedelta, now: dt.datetime, *, refusal: errors.YclientsError | None = None
) -> Verdict:
    """A task that was not done waits, as long as somebody may still be waiting for it; an unknown one stays unknown."""
    if now - task.created_at > GIVE_UP_AFTER and task.status != Status.UNKNOWN:
        return Verdict(Status.FAILED, text, refusal=refusal or errors.TryLater(text))
    pause = max(wait, min(LONGEST_WAIT, dt.timedelta(seconds=2.0 ** min(task.attempts, 8))))
    is_looked_for = task.status == Status.UNKNOWN and wait > dt.timedelta()
    return Verdict(Status.UNKNOWN if is_looked_for else Status.QUEUED, text, pause)


def record(task: CalendarTask, verdict: Verdict, now: dt.datetime) -> None:
    """Write down how an attempt ended, and what follows for the appointment and its chat: one transaction."""
    ended = verdict.status in (Status.DONE, Status.FAILED)
    changes: dict[str, Any] = {"status": verdict.status, "error": verdict.error, "run_after": now + verdict.wait}
    with transaction.atomic():
        CalendarTask.objects.filter(pk=task.pk).update(**changes, done_at=now if ended else None)
        if verdict.status == Status.DONE:
            outcomes.done(task, verdict.result, now)
        elif verdict.status == Status.FAILED:
            outcomes.failed(task, verdict.refusal, now)
        elif now - task.created_at > UNSURE_AFTER:
            outcomes.unsure(task)


# --- what each operation asks, and how its result is found when the answer was lost


def _look_up(task: CalendarTask, client: Yclients) -> list[str]:
    account = task.account
    until = timezone.now().date() + dt.timedelta(days=account.horizon_days)
    return [moment.isoformat() for moment in client.free_times(account.service_id, account.staff_id, until)]


def _book(task: CalendarTask, client: Yclients) -> tuple[int, str]:
    row, account = _appointment(task), task.account
    if task.attempts > 1 and (found := _find(task, client)):  # a repeat looks first, whatever became of the one before
        return found
    customer = row.customer
    visit = Visit(
        account.service_id,
        account.staff_id,
        row.local,
        phone=customer.phone,
        name=customer.name or "Клиент",
        email=customer.email,
        api_id=api_id_of(row),
        comment="Запись через бота",
    )
    return client.book(visit)


def _find(task: CalendarTask, client: Yclients) -> tuple[int, str] | None:
    row = _appointment(task)
    found = client.find(api_id_of(row), row.date)
    return (found.id, "") if found is not None and not found.is_deleted else None


def _move(task: CalendarTask, client: Yclients) -> bool:
    client.move(int(_appointment(task).external_id), dt.datetime.fromisoformat(task.params["starts_at"]))
    return True


def _is_moved(task: CalendarTask, client: Yclients) -> bool | None:
    found = client.record(int(_appointment(task).external_id))
    wanted = dt.datetime.fromisoformat(task.params["starts_at"])
    return True if found is not None and found.starts_at == wanted else None


def _cancel(task: CalendarTask, client: Yclients) -> bool:
    row = _appointment(task)
    try:
        client.cancel(int(row.external_id), row.external_hash)
    except errors.Gone:
        return True
    return True


def _is_canceled(task: CalendarTask, client: Yclients) -> bool | None:
    found = client.record(int(_appointment(task).external_id))
    return True if found is None or found.is_deleted else None


def _read(task: CalendarTask, client: Yclients) -> Any:
    return client.record(int(_appointment(task).external_id))


def _appointment(task: CalendarTask) -> Appointment:
    if task.appointment is None:
        raise RuntimeError(f"a task {task.operation!r} without an appointment")
    return task.appointment


def api_id_of(row: Appointment) -> str:
    """Return our own id of a record, by which it is found again."""
    return f"otklik-{row.pk}"


DOERS: dict[str, Callable[[CalendarTask, Yclients], Any]] = {
    Operation.LOOK: _look_up,
    Operation.BOOK: _book,
    Operation.MOVE: _move,
    Operation.CANCEL: _cancel,
    Operation.READ: _read,
}
FINDERS: dict[str, Callable[[CalendarTask, Yclients], Any]] = {
    Operation.BOOK: _find,
    Operation.MOVE: _is_moved,
    Operation.CANCEL: _is_canceled,
}
