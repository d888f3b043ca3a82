"""Whole money has come: does the order still take it? Asked inside `payments.settling`, under the payment's lock.

An order is paid once. Money that comes a second time, or for an order that is given up, is put aside: a person sees it and
gives it back, or the account's setting does so at once.
"""

import datetime as dt

from payments import consequences, giving_back
from payments.locking import lock_ticket
from payments.models import Order, Payment
from payments.ruling import Ruling
from payments.shop import tickets
from payments.shop.reviving import revive

PUT_BACK = ("paid_late", "paid_twice", "wrong_amount")  # what the setting gives back by itself


def take(payment: Payment, ruling: Ruling, *, now: dt.datetime) -> Ruling:
    """Return the ruling as it is, or the one that puts the money aside."""
    ticket = lock_ticket(payment.order_id)  # held already, see `payments.locking`
    # Two payments of one order at the same instant: the second waits here and finds the first.
    order = Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
    if consequences.is_paid_by_others(payment):
        return Ruling(Payment.Status.NEEDS_REVIEW, "paid_twice", alarms=True)
    if ticket is not None and not tickets.money_came(order, payment, now=now) and not revive(ticket, now=now):
        return Ruling(Payment.Status.NEEDS_REVIEW, "paid_late", alarms=True)
    return ruling


def put_aside(payment: Payment, verdict: str, *, now: dt.datetime) -> None:
    """Money and order do not fit: both sides are told; where the account says so, the money starts on its way back."""
    account = payment.account
    goes_back = verdict in PUT_BACK and account is not None and bool(account.options.get("refund_unwanted"))
    consequences.put_to_review(payment, verdict, goes_back=goes_back)
    if goes_back:
        giving_back.ask_for_all(payment, now=now, reason=verdict)
