"""Asking for a refund: the row that says so, and how much may still go back. Rows only; `payments/refunding.py` does the asking.

Two presses, a press and a rule, two managers: the payment's row lock lets one after another, and together they never give back
more than came.
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from bot.errors import Refused
from bot.nudges import nudge
from payments.models import Payment, Refund
from payments.providers import provider_of

REFUND_TASK = "payments.tasks.give_back"


def left_of(payment: Payment) -> Decimal:
    """Return how much of what came could still go back."""
    counted = payment.refunds.filter(status__in=Refund.COUNTED)
    sums = {row["status"]: row["sum"] for row in counted.values("status").annotate(sum=Sum("amount"))}
    done = sums.pop(Refund.Status.DONE, Decimal(0))
    # What was given back in the provider's own cabinet is in the payment, and in no row of ours.
    under_way: Decimal = sum(sums.values(), Decimal(0))
    gone: Decimal = max(done, payment.refunded_amount)
    left: Decimal = payment.paid_amount - gone - under_way
    return max(left, Decimal(0))


def ask(
    payment: Payment, amount: Decimal, *, now: dt.datetime, key: str = "", by: str = "", reason: str = ""
) -> Refund:
    """Have money given back; the same `key` twice is one refund. Raises `Refused`."""
    with transaction.atomic():
        locked = (
            Payment.objects.select_for_update(no_key=True, of=("self",)).select_related("account").get(pk=payment.pk)
        )
        if key and (known := Refund.objects.filter(key=key).first()) is not None:
            return known
        if not locked.is_refundable:
            raise Refused(_("There is no money here that could be returned."))
        if not Decimal(0) < amount <= left_of(locked):
            raise Refused(_("Less than that is left of this payment."))
        names = {"key": key} if key else {}
        status = Refund.Status.WANTED if _is_asked_for(locked) else Refund.Status.BY_HAND
        refund = Refund(payment=locked, amount=amount, status=status, reason=reason, by=by, run_after=now, **names)
        refund.save(force_insert=True)
        if status == Refund.Status.WANTED:
            transaction.on_commit(lambda: nudge(REFUND_TASK))
    return refund


def ask_for_all(payment: Payment, *, now: dt.datetime, reason: str, by: str = "") -> Refund | None:
    """Have all that is left given back; None when nothing is left. The same reason twice is one refund."""
    with transaction.atomic():
        locked = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
        left = left_of(locked)
        if not locked.is_refundable or not left:
            return None
        return ask(locked, left, now=now, key=f"{payment.pk}:{reason}:{left}", by=by, reason=reason)


def _is_asked_for(payment: Payment) -> bool:
    """Tell whether the provider takes refunds from us, and this account may ask."""
    return payment.account is not None and payment.account.can_create and provider_of(payment.provider).can_refund
