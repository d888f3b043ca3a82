"""Noticing: a lead of the portal was mentioned (by an event, the poll or our own writes) and must be looked at.

Noticing only marks a row; looking costs requests and is `crm.bitrix24.review`'s. The same lead noticed ten times is one row
and one look.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from bot.masking import mask
from bot.nudges import nudge
from crm.models import Portal, RemoteLead

TASK = "crm.tasks.review_leads"
LEASE = timedelta(minutes=2)  # longer than one review may take
# The database's clock, and always later than before: machines whose clocks differ must not hide each other's notices.
NOTICE_SQL = """
INSERT INTO crm_remotelead (portal_id, entity, remote_id, has_phone, stage, attempts, error, noticed_at)
VALUES (%(portal)s, %(entity)s, %(remote_id)s, false, '', 0, '', clock_timestamp())
ON CONFLICT (portal_id, entity, remote_id) DO UPDATE SET noticed_at =
    greatest(clock_timestamp(), crm_remotelead.noticed_at + interval '1 microsecond')
"""
LONGEST_WAIT = timedelta(minutes=15)


def notice(portal: Portal, entity: str, remote_id: int) -> None:
    """Mark a lead or deal as to be looked at, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(NOTICE_SQL, {"portal": portal.pk, "entity": entity, "remote_id": remote_id})
    transaction.on_commit(lambda: nudge(TASK))


def claim_noticed(now: datetime) -> RemoteLead | None:
    """Take the lead that has waited longest, for one lease; a worker that dies gives it back by dying."""
    unseen = Q(reviewed_at=None) | Q(reviewed_at__lt=F("noticed_at"))
    due = Q(retry_at=None) | Q(retry_at__lte=now)
    with transaction.atomic(durable=True):
        rows = RemoteLead.objects.filter(unseen, due, noticed_at__isnull=False, deleted_at=None, portal__is_active=True)
        remote = (
            rows.select_for_update(skip_locked=True, of=("self",))
            .select_related("portal__channel")
            .order_by("noticed_at")
            .first()
        )
        if remote is not None:
            remote.retry_at, remote.attempts = now + LEASE, remote.attempts + 1
            remote.save(update_fields=["retry_at", "attempts"])
    return remote


def settle(remote: RemoteLead) -> None:
    """The look has ended well; what was noticed since it was claimed will be looked at again."""
    RemoteLead.objects.filter(pk=remote.pk).update(reviewed_at=remote.noticed_at, retry_at=None, attempts=0, error="")


def put_off(remote: RemoteLead, *, until: datetime, reason: str) -> None:
    """The look could not be finished; try again at `until`."""
    RemoteLead.objects.filter(pk=remote.pk).update(retry_at=until, error=mask(reason))


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many failed looks."""
    return min(LONGEST_WAIT, timedelta(seconds=5 * 2.0 ** min(attempts, 10)))
