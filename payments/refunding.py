"""Giving money back through the providers: claim (short transaction), ask (no transaction), record (short transaction).

Every refund has a key of its own: whatever was lost on the way, asked again under it, it is one refund. What cannot be done
is told to people; the money then stays where it was.
"""

import datetime as dt
import logging
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from payments import consequences
from payments.errors import NotReady, ProviderError, Unavailable
from payments.facts import Deal, DealStatus
from payments.locking import lock_ticket
from payments.models import Notice, Payment, Refund
from payments.ordering import positions_of
from payments.providers import provider_of
from payments.providers.base import MoneyBack, RefundState, RefundStatus
from payments.settling import settle

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=90)
RETRY_SECONDS = 5.0  # doubled with each attempt
LONGEST_RETRY = 3600.0
ATTEMPTS = 20  # about half a day: a provider remembers a key for a day
LOOK_SECONDS = 60.0  # how often a refund under way is looked at
BATCH = 20


def give_back(clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Go on with the refunds that are due; return how many."""
    refunds = _claim(clock())
    for refund in refunds:
        _go_on(refund, clock)
    return len(refunds)


def declare_done(refund: Refund, *, by: str, now: dt.datetime) -> bool:
    """A person has given the money back in the provider's cabinet; False when it was done before."""
    return _finish(refund, RefundState(f"by:{by}"[:120], RefundStatus.DONE), now, was=Refund.Status.BY_HAND)


def _claim(now: dt.datetime) -> list[Refund]:
    with transaction.atomic():
        due = Refund.objects.filter(status__in=Refund.UNDER_WAY, run_after__lte=now).order_by("run_after")
        ids = list(due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:BATCH])
        Refund.objects.filter(pk__in=ids).update(run_after=now + LEASE, attempts=F("attempts") + 1)
    rows = Refund.objects.filter(pk__in=ids)
    return list(rows.select_related("payment__account", "payment__order__customer", "payment__order__chat__channel"))


def _go_on(refund: Refund, clock: Callable[[], dt.datetime]) -> None:
    try:
        state = _ask(refund)
    except NotReady as error:  # 202: it is at it; no attempt was wasted
        _later(refund, error.retry_after or LOOK_SECONDS, str(error), clock(), wasted=False)
    except Unavailable as error:
        wait = error.retry_after or min(RETRY_SECONDS * 2 ** (refund.attempts - 1), LONGEST_RETRY)
        if refund.attempts < ATTEMPTS:
            _later(refund, wait, str(error), clock())
        else:
            _fail(refund, str(error))
    except (ProviderError, ValueError) as error:
        _fail(refund, str(error))
    else:
        _record(refund, state, clock())


def _ask(refund: Refund) -> RefundState:
    payment = refund.payment
    account, provider = payment.account, provider_of(payment.provider)
    if account is None:
        raise ValueError("the payment has no account")
    if refund.external_id:
        return provider.read_refund(account, refund.external_id)
    return provider.refund(account, _money_back(refund))


def _money_back(refund: Refund) -> MoneyBack:
    payment = refund.payment
    customer = payment.order.customer
    return MoneyBack(
        key=refund.key,
        external_id=payment.external_id,
        number=payment.order.number,
        amount=refund.amount,
        currency=payment.currency,
        is_whole=refund.amount == payment.paid_amount,
        positions=positions_of(payment.order),
        email=str(payment.payload.get("email") or customer.email),
        phone=str(payment.payload.get("phone") or customer.phone),
    )


def _record(refund: Refund, state: RefundState, now: dt.datetime) -> None:
    match state.status:
        case RefundStatus.DONE:
            _finish(refund, state, now, was=None)
        case RefundStatus.FAILED:
            _fail(refund, state.reason or "the provider canceled it", external_id=state.external_id)
        case RefundStatus.PENDING:
            under_way = Refund.objects.filter(pk=refund.pk, status__in=Refund.UNDER_WAY)
            next_look = now + dt.timedelta(seconds=LOOK_SECONDS)
            under_way.update(
                status=Refund.Status.PENDING, external_id=state.external_id, run_after=next_look, attempts=0, error=""
            )


def _finish(refund: Refund, state: RefundState, now: dt.datetime, *, was: str | None) -> bool:
    with transaction.atomic():  # the refund, what is left of the payment and the word to both sides come together
        lock_ticket(refund.payment.order_id)
        payment = (
            Payment.objects.select_for_update(no_key=True, of=("self",))
            .select_related("account", "order")
            .get(pk=refund.payment_id)
        )
        open_row = Refund.objects.filter(pk=refund.pk, status__in=[was] if was else Refund.UNDER_WAY)
        if not open_row.update(status=Refund.Status.DONE, external_id=state.external_id, error="", done_at=now):
            return False
        if payment.account is not None:
            settle(payment.account, _deal(payment, state), source=Notice.Source.READ, now=now)
    return True


def _deal(payment: Payment, state: RefundState) -> Deal:
    """Return the payment as it stands now that this went back."""
    done = payment.refunds.filter(status=Refund.Status.DONE).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    is_whole = done >= payment.paid_amount
    return Deal(
        payment.external_id,
        payment.order.number,
        DealStatus.REFUNDED if is_whole else DealStatus.PARTLY_REFUNDED,
        payment.paid_amount,
        payment.currency,
        refunded=done,
        part=state.external_id,
    )


def _later(refund: Refund, seconds: float, error: str, now: dt.datetime, *, wasted: bool = True) -> None:
    changes = {"run_after": now + dt.timedelta(seconds=seconds), "error": error}
    attempts = {} if wasted else {"attempts": F("attempts") - 1}
    Refund.objects.filter(pk=refund.pk, status__in=Refund.UNDER_WAY).update(**changes, **attempts)


def _fail(refund: Refund, reason: str, *, external_id: str = "") -> None:
    logger.error("a refund failed", extra={"refund": refund.pk, "reason": reason})
    with transaction.atomic():
        under_way = Refund.objects.filter(pk=refund.pk, status__in=Refund.UNDER_WAY)
        names = {"external_id": external_id} if external_id else {}
        if under_way.update(status=Refund.Status.FAILED, error=reason, **names):
            consequences.refund_failed(refund, reason)
