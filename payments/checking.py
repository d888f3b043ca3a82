"""Asking providers how a deal stands: hints that prove nothing, customers who say they have paid, people who press *Check*.

Only what the deal itself says counts: it must name our order, or be tied to it already; what the hint named is not believed.

Claim (short transaction), read (no transaction), settle (its own transaction). What a customer claims is never believed: it
only makes us look.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone

from bot.nudges import nudge
from payments import consequences
from payments.errors import ProviderError, Rejected, Unavailable
from payments.facts import Deal, DealStatus
from payments.models import Account, Notice, Payment
from payments.providers import provider_of
from payments.settling import settle

logger = logging.getLogger(__name__)
CHECK_TASK = "payments.tasks.check_payments"
LEASE = dt.timedelta(seconds=90)
RETRY_SECONDS = 5.0  # doubled with each attempt
ATTEMPTS = 8
BATCH = 20


def ask_to_check(payment: Payment, *, now: dt.datetime, claimed: bool = False) -> None:
    """Let a worker read this payment's deal soon; `claimed`: the customer says they have paid, and waits for our word."""
    changes: dict[str, Any] = {"check_after": now, "attempts": 0}
    if claimed:
        changes["payload"] = {**payment.payload, "claimed_at": now.isoformat()}
    Payment.objects.filter(pk=payment.pk).update(**changes)
    nudge_checks()


def nudge_checks() -> None:
    """After the commit: something is to be looked at."""
    transaction.on_commit(lambda: nudge(CHECK_TASK))


def check_due(clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Look at what is due; return how many rows were looked at."""
    hints, payments = _claim(Notice, clock()), _claim(Payment, clock())
    for hint in hints:
        _look_at_hint(hint, clock)
    for payment in payments:
        _look_at_payment(payment, clock)
    return len(hints) + len(payments)


def _claim(model: type[Any], now: dt.datetime) -> list[Any]:
    with transaction.atomic():
        due = model.objects.filter(check_after__lte=now).order_by("check_after")
        ids = list(due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:BATCH])
        model.objects.filter(pk__in=ids).update(check_after=now + LEASE, attempts=F("attempts") + 1)
    return list(model.objects.filter(pk__in=ids).select_related("account"))


# --- hints


def _look_at_hint(hint: Notice, clock: Callable[[], dt.datetime]) -> None:
    account, deal_id = hint.account, _deal_of(hint)
    if not account.can_read or not deal_id:
        _leave_to_export(hint, account)
        return
    try:
        deal = provider_of(account.provider).read(account, deal_id)
    except Unavailable as error:
        if hint.attempts < ATTEMPTS:
            _look_later(hint, error, clock())
        else:
            _cannot_confirm(hint, str(error))
    except Rejected as error:  # the provider knows no such deal: whoever told us of it made it up
        unproven = Notice.objects.filter(pk=hint.pk, verified_at=None)
        unproven.update(verdict="not_confirmed", error=str(error))
        Notice.objects.filter(pk=hint.pk).update(check_after=None)
    except (ProviderError, ValueError) as error:
        _cannot_confirm(hint, str(error))
    else:
        settle(account, deal, source=Notice.Source.READ, now=clock())
        unproven = Notice.objects.filter(pk=hint.pk, verified_at=None)
        unproven.update(verdict=_verdict(hint, deal), verified_at=clock())
        Notice.objects.filter(pk=hint.pk).update(check_after=None, error="")


def _verdict(hint: Notice, deal: Deal) -> str:
    """Return what became of a hint whose very words the deal, read back, did not say."""
    if hint.external_id != deal.external_id and deal.refunded:
        return "refunded"  # told of a refund; the payment says how much went back
    # "Not paid yet" that has been paid meanwhile was no lie.
    return "came_late" if hint.status == DealStatus.PENDING else "not_confirmed"


def _deal_of(hint: Notice) -> str:
    """Return the deal's id; a hint that names only our order is about the deal we know of it."""
    if not hint.external_id.startswith("order:"):
        return hint.external_id.partition("/")[0]  # what stands behind it is a part of the deal, a refund
    return hint.payment.external_id if hint.payment is not None else ""


def _leave_to_export(hint: Notice, account: Account) -> None:
    """One deal cannot be read at once: the next reconciliation looks, or a person."""
    if account.can_create:
        Notice.objects.filter(pk=hint.pk).update(check_after=None)
    else:
        _cannot_confirm(hint, "")


def _cannot_confirm(hint: Notice, reason: str) -> None:
    logger.warning("a hint cannot be confirmed", extra={"notice": hint.pk, "reason": reason})
    with transaction.atomic():
        unproven = Notice.objects.filter(pk=hint.pk, verified_at=None)
        if unproven.update(check_after=None, verdict="unconfirmed", error=reason) and hint.payment is not None:
            hint.verdict = "unconfirmed"
            consequences.alarm(hint, hint.payment)
        Notice.objects.filter(pk=hint.pk).update(check_after=None)


# --- payments


def _look_at_payment(payment: Payment, clock: Callable[[], dt.datetime]) -> None:
    account = payment.account
    if account is None or not account.can_read or not payment.external_id:
        _cannot_look(payment)
        return
    try:
        deal = provider_of(account.provider).read(account, payment.external_id)
    except Unavailable as error:
        if payment.attempts < ATTEMPTS:
            _look_later(payment, error, clock())
        else:
            _cannot_look(payment, str(error))
    except (ProviderError, ValueError) as error:
        _cannot_look(payment, str(error))
    else:
        settle(account, deal, source=Notice.Source.READ, now=clock())
        _answer_claim(payment, "unpaid")


def _cannot_look(payment: Payment, reason: str = "") -> None:
    """A person must look: the customer is told so, and our people are asked."""
    Payment.objects.filter(pk=payment.pk).update(check_after=None, attempts=0, error=reason)
    _answer_claim(payment, "checking")


def _answer_claim(payment: Payment, what: str) -> None:
    """Tell who claimed to have paid what we found, unless the money itself has told it."""
    with transaction.atomic():
        row = Payment.objects.select_for_update(no_key=True, of=("self",)).select_related("order__chat__channel")
        fresh = row.get(pk=payment.pk)
        claimed_at = str(fresh.payload.get("claimed_at") or "")
        left = {name: value for name, value in fresh.payload.items() if name != "claimed_at"}
        Payment.objects.filter(pk=fresh.pk).update(payload=left, attempts=0)
        if not claimed_at:
            return
        key = f"payment:{fresh.pk}:{what}:{claimed_at}"
        if fresh.status in (
            Payment.Status.CREATED,
            Payment.Status.SENT,
            Payment.Status.FAILED,
            Payment.Status.CANCELED,
        ):
            consequences.tell_dialogue(fresh, what, key=key)
        if what == "checking":
            consequences.ask_people_to_look(fresh, key=key)


def _look_later(row: Model, error: Unavailable, now: dt.datetime) -> None:
    attempts: int = row.attempts  # type: ignore[attr-defined]
    wait = error.retry_after or RETRY_SECONDS * 2 ** (attempts - 1)
    later = {"check_after": now + dt.timedelta(seconds=wait), "error": str(error)}
    type(row)._default_manager.filter(pk=row.pk).update(**later)
