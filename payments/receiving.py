"""Whole money has come: does the order still take it? Asked inside `payments.settling`, under the payment's lock.

An order is paid once. Money that comes a second time, or for an order that is given up, is put aside: a person sees it and
gives it back, or the account's setting does so at once.
"""

import datetime as dt

from payments import consequences, giving_back
from payments.models import Order, Payment
from payments.ruling import Ruling

PUT_BACK = ("paid_late", "paid_twice", "wrong_amount")  # what the setting gives back by itself


def take(payment: Payment, ruling: Ruling, *, now: dt.datetime) -> Ruling:
    """Return the ruling as it is, or the one that puts the money aside."""
    # Two payments of one order at the same instant: the second waits here and finds the first.
    Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
    if consequences.is_paid_by_others(payment):
        return Ruling(Payment.Status.NEEDS_REVIEW, "paid_twice", alarms=True)
    return ruling


def put_aside(payment: Payment, verdict: str, *, now: dt.datetime) -> None:
    """Money and order do not fit: both sides are told; where the account says so, the money starts on its way back."""
    consequences.put_to_review(payment, verdict)
    account = payment.account
    if verdict in PUT_BACK and account is not None and account.options.get("refund_unwanted"):
        giving_back.ask_for_all(payment, now=now, reason=verdict)
