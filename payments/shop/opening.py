"""The payment of an order that is not paid at the counter: a row; asking the provider is done elsewhere, later."""

import datetime as dt

from django.db import transaction

from bot.nudges import nudge
from payments import money
from payments.models import Account, Order, Payment, Ticket, Way
from payments.ordering import LINK_TASK


def open_payment(order: Order, ticket: Ticket, now: dt.datetime) -> Payment:
    """Make the payment row of an order in the caller's transaction; a worker asks its provider for a link or an invoice."""
    customer = order.customer
    payment = Payment.objects.create(
        order=order,
        account=account_of(order, ticket.way),
        provider=ticket.way,
        amount=order.amount,
        currency=order.currency,
        run_after=now,
        payload={
            "ticket": ticket.number,
            "text": _words(order, ticket),
            "button": f"💳 Оплатить {money.shown(order.amount, order.currency)}",
            # To whom the receipt goes stays as it is now: the same request again must be the same words.
            "email": customer.email,
            "phone": customer.phone,
        },
    )
    transaction.on_commit(lambda: nudge(LINK_TASK))
    return payment


def account_of(order: Order, way: str) -> Account | None:
    """Return the account the shop is paid through: of Telegram's invoices the one of the very bot that was ordered in."""
    rows = Account.objects.filter(provider=way, is_active=True).exclude(serves=Account.Serves.COURSES)
    if way != Way.TELEGRAM:
        return rows.order_by("pk").first()
    return rows.filter(channel=order.chat.channel_id).first() if order.chat is not None else None


def _words(order: Order, ticket: Ticket) -> str:
    until = ticket.held_until.astimezone(ticket.place.hours.zone) if ticket.held_until else None
    kept = f" Держим его для вас до {until:%H:%M}." if until else ""
    return f"Заказ № {ticket.number} ждёт оплаты: {money.shown(order.amount, order.currency)}.{kept}"
