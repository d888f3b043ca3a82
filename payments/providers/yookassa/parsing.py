"""From YooKassa's objects to our words. Pure, tolerant of shape."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from payments.facts import Deal, DealStatus
from payments.masking import masked
from payments.money import amount_of
from payments.providers.base import RefundState, RefundStatus

# https://yookassa.ru/developers/payment-acceptance/getting-started/payment-process#lifecycle
STATUSES = {
    "pending": DealStatus.PENDING,
    "succeeded": DealStatus.PAID,
    "canceled": DealStatus.CANCELED,
}
REFUNDS = {
    "pending": RefundStatus.PENDING,
    "succeeded": RefundStatus.DONE,
    "canceled": RefundStatus.FAILED,
}
_ID = re.compile(r"[0-9A-Za-z-]{1,50}")


def id_of(value: object) -> str:
    """Return an id of YooKassa's fit for an address; raises `ValueError`."""
    text = str(value or "")
    if not _ID.fullmatch(text):
        raise ValueError("not an id of YooKassa")
    return text


def deal_of(payment: Mapping[str, Any]) -> Deal:
    """Return what a payment object says. Raises `ValueError` for what is none."""
    metadata = payment.get("metadata")
    amount, currency = money_of(payment.get("amount"))
    refunded, _ = money_of(payment.get("refunded_amount"))
    status = STATUSES.get(str(payment.get("status")), DealStatus.UNKNOWN)
    if status is DealStatus.PAID and refunded:
        status = DealStatus.REFUNDED if amount is not None and refunded >= amount else DealStatus.PARTLY_REFUNDED
    return Deal(
        external_id=id_of(payment.get("id")),
        order_number=str((metadata if isinstance(metadata, Mapping) else {}).get("order_id") or "")[:64],
        status=status,
        paid=amount if status in MONEY else None,
        currency=currency,
        payload=dict(masked(payment)),
        refunded=refunded or Decimal(0),
        reason=_reason(payment),
    )


MONEY = (DealStatus.PAID, DealStatus.REFUNDED, DealStatus.PARTLY_REFUNDED)


def notice_of(fields: Mapping[str, Any]) -> Deal:
    """Return what a notification says; a refund's is about the payment it belongs to. Raises `ValueError`."""
    told, event = fields.get("object"), str(fields.get("event") or "")
    if fields.get("type") != "notification" or not isinstance(told, Mapping):
        raise ValueError("not a notification of YooKassa")
    kind, _, word = event.partition(".")
    if kind == "payment":
        return deal_of(told)
    if kind == "refund":
        amount, currency = money_of(told.get("amount"))
        status = DealStatus.REFUNDED if word == "succeeded" else DealStatus.UNKNOWN
        return Deal(id_of(told.get("payment_id")), "", status, amount, currency, masked(told), part=id_of(told["id"]))
    raise ValueError("an event we have not asked for")


def refund_of(answer: Mapping[str, Any]) -> RefundState:
    """Return how a refund stands. Raises `ValueError`."""
    status = REFUNDS.get(str(answer.get("status")), RefundStatus.PENDING)
    return RefundState(id_of(answer.get("id")), status, _reason(answer))


def money_of(value: object) -> tuple[Decimal | None, str]:
    """Return sum and currency of an amount object."""
    if not isinstance(value, Mapping):
        return None, ""
    return amount_of(value.get("value")), str(value.get("currency") or "")[:3]


def _reason(thing: Mapping[str, Any]) -> str:
    """Return the code of why a payment or a refund was canceled."""
    details = thing.get("cancellation_details")
    return str(details.get("reason") or "")[:100] if isinstance(details, Mapping) else ""
