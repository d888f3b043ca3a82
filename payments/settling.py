"""The one place where a provider's word changes a payment.

`settle` takes a word that is proven (signed, read back, exported, declared by a person), finds whose it is, and applies the
ruling, all in one transaction under the payment's row lock: the same word twice, or two words at once, are one change.
`keep_hint` takes a word that proves nothing: it is kept, and its truth is asked for later.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from payments import consequences, receiving
from payments.facts import Deal, DealStatus
from payments.locking import lock_ticket
from payments.models import Account, Notice, Order, Payment
from payments.providers import provider_of
from payments.ruling import Ruling, Standing, rule
from payments.words import verdict_words

MONEY = (DealStatus.PAID, DealStatus.PARTIAL)
Source = Notice.Source


def settle(account: Account, deal: Deal, *, source: str, now: dt.datetime) -> Notice:
    """Apply a proven word about a deal; return its row in the ledger."""
    with transaction.atomic():
        if (known := _find(account, deal)) is not None:
            lock_ticket(known.order_id)  # before the payment, see `payments.locking`
        payment = _find(account, deal, lock=True)
        notice = _keep(account, deal, source=source, payment=payment, now=now)
        ruling = _rule(payment, deal) if payment is not None else _unknown(source)
        if payment is not None and ruling.status == Payment.Status.PAID:
            ruling = receiving.take(payment, ruling, now=now)
        _conclude(notice, ruling, now)
        if payment is not None:
            _apply(payment, deal, ruling, now)
        if ruling.alarms:
            consequences.alarm(notice, payment)
    return notice


def keep_hint(account: Account, deal: Deal, *, now: dt.datetime) -> Notice:
    """Keep a word nobody has proven; it changes nothing but the time at which the deal is read back."""
    with transaction.atomic():
        payment = _find(account, deal)
        notice = _keep(account, deal, source=Source.HINT, payment=payment, now=now)
        # A hint about what is known already may still be news: the deal may have changed back and forth meanwhile.
        notice.check_after = now
        changes = {"check_after": now, "attempts": 0}
        if notice.verified_at is None:
            notice.verdict = "hint"
            changes["verdict"] = "hint"
        Notice.objects.filter(pk=notice.pk).update(**changes)
    return notice


def standing_of(payment: Payment) -> Standing:
    """Return how a payment stands, as the ruling reads it."""
    money = (payment.amount, payment.currency, payment.paid_amount, payment.refunded_amount)
    return Standing(payment.status, *money, payment.reason)


def _find(account: Account, deal: Deal, *, lock: bool = False) -> Payment | None:
    """Return the payment a deal is about: the one it is tied to, else the newest of the order it names."""
    rows = Payment.objects.filter(provider=account.provider)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("order__customer", "order__chat__channel", "order__lead")
    tied = rows.filter(external_id=deal.external_id).first() if deal.external_id else None
    if tied is not None or not deal.order_number:
        return tied
    named = rows.filter(order__number=deal.order_number.upper()).order_by("-pk").first()
    if lock and named is not None and _is_second(named, deal):
        # Told of by two at once: the second waited for the order's payment above, and now finds what the first has made.
        return rows.filter(external_id=deal.external_id).first() or _second(named, deal)
    return named


def _is_second(payment: Payment, deal: Deal) -> bool:
    """Tell whether the order's payment has its money already, and this is more of it, under another id."""
    return provider_of(payment.provider).is_money_apart and deal.status in MONEY and payment.has_money


def _second(first: Payment, deal: Deal) -> Payment:
    """Make a payment of its own for money that came a second time, so that it can be seen and given back."""
    same = {name: getattr(first, name) for name in ("order", "account", "provider", "amount", "currency")}
    return Payment.objects.create(**same, external_id=deal.external_id, status=Payment.Status.SENT)


def _unknown(source: str) -> Ruling:
    """A school sells elsewhere too: only who signs for our orders is expected to know them."""
    return Ruling("", "unknown_order", alarms=source == Source.SIGNED)


def _rule(payment: Payment, deal: Deal) -> Ruling:
    number = deal.order_number.upper()
    if number not in ("", payment.order.number) and Order.objects.filter(number=number).exists():
        return Ruling("", "other_order", alarms=True)  # tied to our payment, but it names another order of ours
    if payment.external_id and deal.external_id and deal.external_id != payment.external_id:
        # The page of payment was opened twice: two deals of one order. The one with the money counts, once.
        if deal.status in MONEY and payment.has_money:
            return Ruling("", "second_deal", alarms=True)
        if deal.status not in MONEY:
            return Ruling("", "other_deal")
    return rule(standing_of(payment), deal)


def _apply(payment: Payment, deal: Deal, ruling: Ruling, now: dt.datetime) -> None:
    changes: dict[str, Any] = {"check_after": None}
    if ruling.verdict not in ("second_deal", "other_deal", "other_order") and deal.external_id:
        changes["external_id"] = deal.external_id
    if ruling.status:
        needs_words = ruling.alarms or ruling.status == Payment.Status.NEEDS_REVIEW
        changes |= {"status": ruling.status, "reason": ruling.verdict if needs_words else ""}
        changes["error"] = verdict_words(ruling.verdict) if needs_words else ""
        if deal.paid is not None:
            changes["paid_amount"] = deal.paid
        if deal.refunded > payment.refunded_amount:
            changes["refunded_amount"] = deal.refunded
        if ruling.status == Payment.Status.PAID:
            changes["paid_at"] = now
    Payment.objects.filter(pk=payment.pk).update(**changes, updated_at=now)
    for name, value in changes.items():
        setattr(payment, name, value)
    if (follow := FOLLOWS.get(ruling.status)) is not None:
        follow(payment, ruling, deal, now)


FOLLOWS: dict[str, Callable[[Payment, Ruling, Deal, dt.datetime], None]] = {
    Payment.Status.PAID: lambda payment, _ruling, _deal, now: consequences.paid(payment, now=now),
    Payment.Status.PARTIAL: lambda payment, _ruling, _deal, _now: consequences.partly_paid(payment),
    Payment.Status.REFUNDED: lambda payment, _ruling, _deal, now: consequences.refunded(payment, now=now),
    Payment.Status.PARTLY_REFUNDED: lambda payment, _ruling, _deal, now: consequences.partly_refunded(payment, now=now),
    Payment.Status.CANCELED: lambda payment, _ruling, deal, now: consequences.given_up(
        payment, reason=deal.reason, now=now
    ),
    Payment.Status.FAILED: lambda payment, _ruling, deal, now: consequences.given_up(
        payment, reason=deal.reason, now=now
    ),
    Payment.Status.NEEDS_REVIEW: lambda payment, ruling, _deal, now: receiving.put_aside(
        payment, ruling.verdict, now=now
    ),
}


def _conclude(notice: Notice, ruling: Ruling, now: dt.datetime) -> None:
    """Note what became of it; a repeat does not overwrite what the first did."""
    is_first = notice.verified_at is None or notice.verdict in ("unknown_order", "hint", "unconfirmed")
    changes: dict[str, Any] = {"check_after": None, "error": "", "verified_at": notice.verified_at or now}
    if is_first or ruling.status:
        changes["verdict"] = ruling.verdict
    if ruling.status:
        changes["applied_at"] = now
    Notice.objects.filter(pk=notice.pk).update(**changes)
    for name, value in changes.items():
        setattr(notice, name, value)


def _keep(account: Account, deal: Deal, *, source: str, payment: Payment | None, now: dt.datetime) -> Notice:
    """Write the ledger's row, or count one more time on it."""
    told = {"amount": deal.paid, "currency": deal.currency[:8], "payload": deal.payload}
    row = Notice(
        account=account,
        provider=account.provider,
        external_id=deal.ledger_id,
        status=deal.status,
        source=source,
        order_number=deal.order_number,
        payment=payment,
        last_at=now,
        **told,
    )
    known = _known(row) or _insert(row)
    if known is None:
        return row
    changes: dict[str, Any] = {"last_at": now}
    if source != Source.HINT or known.verified_at is None:  # a hint must not rewrite what was proven
        changes |= {**told, "source": source}
    if payment is not None:
        changes["payment"] = payment
    Notice.objects.filter(pk=known.pk).update(**changes, times=F("times") + 1)
    known.refresh_from_db()
    return known


def _known(row: Notice) -> Notice | None:
    same = Notice.objects.filter(provider=row.provider, external_id=row.external_id, status=row.status)
    return same.select_for_update().first()


def _insert(row: Notice) -> Notice | None:
    """Insert the row; return the one that another inserted in the same instant."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _known(row)
    return None
