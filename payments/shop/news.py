"""Telling an order's chat what became of it; the script says the rest. Rows only, in the caller's transaction."""

import datetime as dt
from typing import Any

from bot import inbox
from bot.messages import EventKind
from bot.models import Chat
from crm.models import Event
from payments import money
from payments.models import Checkout, Order, Ticket

WHATS = (
    *("placed", "moved", "failed", "paid", "making", "ready", "waiting", "picked_up", "canceled", "expired"),
    *("delayed", "refunded", "review", "cancel_late"),
)


def tell(order: Order, what: str, *, key: str = "", **facts: Any) -> None:
    """Put the news of an order into the inbox of its chat; the same `what` with the same `key` is told once."""
    ticket = order.ticket
    if order.chat is not None:
        payload = {**facts_of(ticket), **facts, "what": what}
        name = f"order:{order.pk}:{what}:{key}" if key else f"order:{order.pk}:{what}"
        inbox.put(order.chat, EventKind.ORDER, external_id=name[:190], payload=payload)
    log(order, f"order.{what}", ticket=ticket.number)


def tell_checkout(checkout: Checkout, what: str, **facts: Any) -> None:
    """Tell the chat that a checkout became no order: something has moved, or it failed."""
    if checkout.chat is None:
        return
    payload = {"what": what, "checkout": checkout.pk, "key": checkout.key, "place": checkout.place.code, **facts}
    inbox.put(checkout.chat, EventKind.ORDER, external_id=f"checkout:{checkout.pk}:{what}", payload=payload)


def tell_of_nothing(chat: Chat, key: str) -> None:
    """Tell a chat that there was nothing to order any more."""
    payload = {"what": "failed", "key": key}
    inbox.put(chat, EventKind.ORDER, external_id=f"nothing:{key}"[:190], payload=payload)


def facts_of(ticket: Ticket) -> dict[str, Any]:
    """Return what a text may say about an order."""
    order = ticket.order
    return {
        "order": order.pk,
        "order_number": order.number,
        "ticket": ticket.number,
        "status": ticket.status,
        "way": ticket.way,
        "place": ticket.place.code,
        "place_name": ticket.place.name,
        "address": ticket.place.address,
        "pickup_at": ticket.pickup_at.astimezone(dt.UTC).isoformat(),
        "zone": ticket.place.time_zone,
        "is_asap": ticket.is_asap,
        "amount": money.shown(order.amount, order.currency),
        "is_paid": order.status == Order.Status.PAID,
        "delay": ticket.delay_minutes,
        "reason": ticket.cancel_reason,
        "canceled_by": ticket.canceled_by,
        "can_cancel": ticket.status in Ticket.CANCELABLE_BY_GUEST,
    }


def log(order: Order, kind: str, **facts: Any) -> None:
    """Count it."""
    payload = {"order": order.number, "amount": f"{order.amount:.2f}", **facts}
    Event.objects.create(customer_id=order.customer_id, type=kind[:48], payload=payload)


def speaks_bot(chat: Chat) -> bool:
    """Tell whether the bot has the word in this chat."""
    return chat.speaker == Chat.Speaker.BOT
