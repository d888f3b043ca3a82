"""The payment of an order that is not paid at the counter: a row; asking the provider is done elsewhere, later."""

import datetime as dt

from django.db import transaction

from bot.nudges import nudge
from payments.models import Account, Order, Payment, Ticket
from payments.ordering import LINK_TASK


def open_payment(order: Order, ticket: Ticket, now: dt.datetime) -> Payment:
    """Make the payment row of an order in the caller's transaction; a worker asks its provider for a link or an invoice."""
    account = Account.objects.filter(provider=ticket.way, is_active=True).order_by("pk").first()
    payment = Payment.objects.create(
        order=order,
        account=account,
        provider=ticket.way,
        amount=order.amount,
        currency=order.currency,
        run_after=now,
        payload={"ticket": ticket.number},
    )
    transaction.on_commit(lambda: nudge(LINK_TASK))
    return payment
