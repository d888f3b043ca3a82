"""Noticing: a lead of the portal was mentioned (by an event, the poll or our own writes) and must be looked at.

Noticing only marks a row; looking costs requests and is `crm.bitrix24.review`'s. The same lead noticed ten times is one row
and one look.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from bot.nudges import nudge
from crm.models import Portal, RemoteLead

TASK = "crm.tasks.review_leads"
LEASE = timedelta(minutes=2)  # longer than one review may take
LONGEST_WAIT = timedelta(minutes=15)


def notice(portal: Portal, entity: str, remote_id: int) -> None:
    """Mark a lead or deal as to be looked at, in the caller's transaction."""
    row = RemoteLead(portal=portal, entity=entity, remote_id=remote_id, noticed_at=timezone.now())
    RemoteLead.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["portal", "entity", "remote_id"], update_fields=["noticed_at"]
    )
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


def settle(remote: RemoteLead, *, looked_at: datetime) -> None:
    """The look has ended well; what was noticed after `looked_at` will be looked at again."""
    RemoteLead.objects.filter(pk=remote.pk).update(reviewed_at=looked_at, retry_at=None, attempts=0, error="")


def put_off(remote: RemoteLead, *, until: datetime, reason: str) -> None:
    """The look could not be finished; try again at `until`."""
    RemoteLead.objects.filter(pk=remote.pk).update(retry_at=until, error=reason)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many failed looks."""
    return min(LONGEST_WAIT, timedelta(seconds=5 * 2.0 ** min(attempts, 10)))
