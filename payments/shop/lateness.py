"""Orders that nobody accepts: the board rings by itself, and the owner is told, once for each order."""

import datetime as dt

from django.db import transaction

from crm import notifications
from payments import money
from payments.models import Ticket

LIMIT = 100  # at one look


def begins_at(ticket: Ticket) -> dt.datetime:
    """Return when it is time to make it: `prep_minutes` before it was promised, at once when that is over.

    "As soon as possible" is a promise, too: of an order that came at night it is the morning. What a busy place adds to its
    promises is time to make the order in, not to let it lie.
    """
    came_at, place = ticket.received_at or ticket.created_at, ticket.place
    minutes = place.prep_minutes + (place.busy_minutes if ticket.is_asap else 0)
    return max(came_at, ticket.pickup_at - dt.timedelta(minutes=minutes))


def look(now: dt.datetime) -> int:
    """Tell of what waits longer than its place allows at `now`; return how many orders that are."""
    waiting = Ticket.objects.filter(status=Ticket.Status.RECEIVED, late_told_at=None)
    rows = waiting.select_related("place", "order").order_by("pickup_at", "pk")[:LIMIT]
    return sum(_tell(ticket, now) for ticket in rows if _is_late(ticket, now))


def _is_late(ticket: Ticket, now: dt.datetime) -> bool:
    return now - begins_at(ticket) >= dt.timedelta(minutes=ticket.place.accept_minutes)


def _tell(ticket: Ticket, now: dt.datetime) -> bool:
    # The claim and the word are one transaction: two looks tell once, and an order accepted meanwhile is not told of.
    with transaction.atomic():
        claimed = Ticket.objects.filter(pk=ticket.pk, status=Ticket.Status.RECEIVED, late_told_at=None)
        if not claimed.update(late_told_at=now):
            return False
        minutes = int((now - begins_at(ticket)).total_seconds() // 60)
        sum_ = money.shown(ticket.order.amount, ticket.order.currency)
        words = f"⚠️ {ticket.place.name}: заказ №{ticket.number} на {sum_} ждёт {minutes} мин, и его никто не принял."
        notifications.tell_owner(words, key=f"ticket:{ticket.pk}:late")
    return True
