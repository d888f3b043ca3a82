"""Asking providers for links: claim (short transaction), ask (no transaction), record (short transaction).

A worker that dies after asking leaves the payment claimed for `LEASE`; asked again, the provider gives the same deal, because
the deal is named by our own number.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from payments import consequences, inviting
from payments.errors import AccessDenied, ProviderError, Rejected, Unavailable
from payments.models import Account, Payment
from payments.ordering import bill_of
from payments.providers import Link, provider_of

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=90)  # longer than a provider may take to answer
RETRY_SECONDS = 5.0  # doubled with each attempt
LONGEST_RETRY = 3600.0
ATTEMPTS = 8
BATCH = 20


def create_links(clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Make the links that are due; return how many payments were looked at."""
    payments = _claim(clock())
    for payment in payments:
        _create(payment, clock)
    return len(payments)


def _claim(now: dt.datetime) -> list[Payment]:
    with transaction.atomic():
        due = Payment.objects.filter(status=Payment.Status.CREATED, run_after__lte=now).order_by("run_after")
        ids = list(due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:BATCH])
        Payment.objects.filter(pk__in=ids).update(run_after=now + LEASE, attempts=F("attempts") + 1)
    return list(
        Payment.objects.filter(pk__in=ids).select_related("account__channel", "order__customer", "order__chat__channel")
    )


def _create(payment: Payment, clock: Callable[[], dt.datetime]) -> None:
    try:
        link = _ask(payment)
    except Unavailable as error:
        _try_later(payment, error, clock())
    except ProviderError as error:
        _give_up(payment, str(error), clock())
        if isinstance(error, AccessDenied) and payment.account is not None:
            down = {"health": Account.Health.DOWN, "health_note": str(error)}
            Account.objects.filter(pk=payment.account.pk).update(**down)
    else:
        _record(payment, link, clock())


def _ask(payment: Payment) -> Link:
    """Ask the provider; what it refuses for this buyer may still be paid on the product's own page."""
    provider, bill = provider_of(payment.provider), bill_of(payment)
    own = provider.own_link(bill)
    if payment.account is None or not payment.account.can_create:
        if own is None:
            raise Rejected("neither an API key nor a page of payment is set for this product")
        return own
    try:
        return provider.create_link(payment.account, bill)
    except Rejected:
        if own is None:
            raise
        return own


def _record(payment: Payment, link: Link, now: dt.datetime) -> None:
    with transaction.atomic():  # the link, the message with it and the word to our people come together or not at all
        changes = {"status": Payment.Status.SENT, "link": link.url, "external_id": link.external_id, "error": ""}
        waiting = Payment.objects.filter(pk=payment.pk, status=Payment.Status.CREATED)
        if not waiting.update(**changes, sent_at=now, updated_at=now):
            return  # another worker was first, or the money came already
        for name, value in changes.items():
            setattr(payment, name, value)
        if link.invoice is not None:
            inviting.say_invoice(payment, link.invoice)
        else:
            inviting.say_link(payment)
        inviting.tell_of_link(payment)


def _try_later(payment: Payment, error: Unavailable, now: dt.datetime) -> None:
    if payment.attempts >= ATTEMPTS:
        _give_up(payment, str(error), now)
        return
    wait = error.retry_after or min(RETRY_SECONDS * 2 ** (payment.attempts - 1), LONGEST_RETRY)
    logger.warning("no link yet", extra={"payment": payment.pk, "reason": str(error), "attempts": payment.attempts})
    waiting = Payment.objects.filter(pk=payment.pk, status=Payment.Status.CREATED)
    waiting.update(run_after=now + dt.timedelta(seconds=wait), error=str(error), updated_at=now)


def _give_up(payment: Payment, reason: str, now: dt.datetime) -> None:
    logger.error("no link can be made", extra={"payment": payment.pk, "reason": reason})
    with transaction.atomic():
        waiting = Payment.objects.filter(pk=payment.pk, status=Payment.Status.CREATED)
        if waiting.update(status=Payment.Status.FAILED, reason="no_link", error=reason, updated_at=now):
            payment.status = Payment.Status.FAILED
            consequences.link_failed(payment, reason)
