"""Money for an order that was given up goes back."""

import datetime as dt

from payments import giving_back
from payments.models import Order, Payment


def want(order: Order, now: dt.datetime) -> None:
    """Have the money of a given-up order sent back, if any has come."""
    paid = Payment.objects.filter(order=order, status__in=Payment.REFUNDABLE, paid_amount__gt=0)
    for payment in paid.order_by("pk"):
        giving_back.ask_for_all(payment, now=now, reason="order_canceled")
