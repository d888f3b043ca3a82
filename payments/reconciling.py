"""Comparing our payments with a provider's exports: what a lost notice left behind is found here.

GetCourse allows 100 requests in two hours and one export at a time, so an export is a thing that goes on over several looks:
begun, asked for, read. `Account.export` remembers where we are.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from bot.limits import seconds_to_wait
from bot.nudges import broker, nudge
from payments.checking import CHECK_TASK
from payments.errors import NotReady, ProviderError, Unsupported
from payments.facts import Deal
from payments.models import Account, Notice, Order, Payment, SeenProof
from payments.providers import PROVIDERS, provider_of
from payments.settling import settle

logger = logging.getLogger(__name__)
EVERY = dt.timedelta(hours=6)
SOON = dt.timedelta(minutes=10)  # when somebody waits for the answer
PATIENCE = dt.timedelta(minutes=40)  # an export that takes longer is begun anew
FARTHEST = dt.timedelta(days=60)  # an unpaid order older than this is not looked for any more
REQUESTS, REQUESTS_SECONDS = 90, 7200  # GetCourse's own limit is 100; people need some too
OVERDUE = dt.timedelta(minutes=3)  # a provider tells within seconds, when it tells
YOUNG = dt.timedelta(hours=2)
FORGOTTEN = dt.timedelta(days=7)
PROOFS_KEPT = dt.timedelta(hours=48)
LOCK_MILLISECONDS = 45_000


def reconcile(clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Go one step on with every account; return how many deals were read."""
    SeenProof.objects.filter(seen_at__lt=clock() - PROOFS_KEPT).delete()
    return sum(_step(account, clock()) for account in Account.objects.filter(is_active=True) if account.can_create)


def look_again(clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Have the payments read back whose notice is overdue, where a provider tells one deal at a time; return how many."""
    now = clock()
    names = [name for name, provider in PROVIDERS.items() if provider.is_looked_at]
    waiting = Payment.objects.filter(provider__in=names, status__in=Payment.SENDABLE, check_after=None)
    # Looked at as often as it is young: a card is charged within minutes, a forgotten page ends within days.
    overdue = waiting.filter(sent_at__lt=now - OVERDUE, created_at__gte=now - FORGOTTEN, updated_at__lt=now - OVERDUE)
    looked = overdue.filter(Q(created_at__gte=now - YOUNG) | Q(updated_at__lt=now - YOUNG))
    count = looked.update(check_after=now, attempts=0)
    if count:
        nudge(CHECK_TASK)
    return count


def _step(account: Account, now: dt.datetime) -> int:
    if not account.export and not _is_due(account, now):
        return 0
    if not broker().set(f"otklik:payments:export:{account.pk}", b"1", nx=True, px=LOCK_MILLISECONDS):
        return 0
    try:
        if seconds_to_wait(f"payments:export:{account.pk}", limit=REQUESTS, seconds=REQUESTS_SECONDS):
            return 0
        return _read(account, now) if account.export else _begin(account, now)
    except NotReady:
        return 0
    except Unsupported:
        return 0
    except ProviderError as error:
        logger.warning("no reconciliation", extra={"account": account.pk, "reason": str(error)})
        return 0
    finally:
        broker().delete(f"otklik:payments:export:{account.pk}")


def _is_due(account: Account, now: dt.datetime) -> bool:
    since = now - account.reconciled_at if account.reconciled_at else None
    if not Payment.objects.filter(account=account, created_at__gte=now - FARTHEST).exists():
        return False
    return since is None or since >= EVERY or (since >= SOON and _waiting(account).exists())


def _waiting(account: Account) -> QuerySet[Notice]:
    """Return the hints that only an export can confirm."""
    return Notice.objects.filter(account=account, verified_at=None, verdict="hint", check_after=None)


def _begin(account: Account, now: dt.datetime) -> int:
    recent = Payment.objects.filter(account=account, created_at__gte=now - FARTHEST)
    oldest = recent.order_by("created_at").values_list("created_at", flat=True).first() or now
    since = (oldest - dt.timedelta(days=1)).date().isoformat()
    export_id = provider_of(account.provider).begin_export(account, since=since)
    _remember(account, {"id": export_id, "begun_at": now.isoformat()})
    return 0


def _read(account: Account, now: dt.datetime) -> int:
    begun_at = dt.datetime.fromisoformat(account.export["begun_at"])
    try:
        deals = provider_of(account.provider).fetch_export(account, str(account.export["id"]))
    except NotReady:
        if now - begun_at > PATIENCE:
            _remember(account, {})
        raise
    ours = _ours(account, deals)
    for deal in ours:
        settle(account, deal, source=Notice.Source.EXPORT, now=now)
    # What was told before the export began and is not in it was not true.
    told_before = Notice.objects.filter(account=account, verified_at=None, verdict="hint", last_at__lt=begun_at)
    told_before.update(verdict="not_confirmed", verified_at=now)
    _remember(account, {}, reconciled_at=now)
    return len(ours)


def _ours(account: Account, deals: Iterable[Deal]) -> list[Deal]:
    """Return the deals that are tied to a payment or an order of ours; a school sells elsewhere too."""
    found = list(deals)
    ids = {deal.external_id for deal in found if deal.external_id}
    numbers = {deal.order_number.upper() for deal in found if deal.order_number}
    tied = set(
        Payment.objects.filter(provider=account.provider, external_id__in=ids).values_list("external_id", flat=True)
    )
    known = set(Order.objects.filter(number__in=numbers).values_list("number", flat=True))
    return [deal for deal in found if deal.external_id in tied or deal.order_number.upper() in known]


def _remember(account: Account, export: dict[str, str], *, reconciled_at: dt.datetime | None = None) -> None:
    changes: dict[str, object] = {"export": export}
    if reconciled_at is not None:
        changes["reconciled_at"] = reconciled_at
    Account.objects.filter(pk=account.pk).update(**changes)
    for name, value in changes.items():
        setattr(account, name, value)
