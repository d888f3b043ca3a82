"""Money for an order that was given up goes back."""

import datetime as dt

from payments.models import Order


def want(order: Order, now: dt.datetime) -> None:
    """Have the money of a given-up order sent back, if any has come."""
