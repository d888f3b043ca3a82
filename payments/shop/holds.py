"""Keeping a slot and goods for an order, and giving them back once when it is given up.

Giving up is one row's state and may happen anywhere, even inside a turn of many chats; giving back touches rows that other
guests fight for, so it is a short transaction of its own, found by the state alone: `slot_returned_at` says it is done.
"""

import datetime as dt

from django.db import transaction

from payments.models import Ticket
from payments.shop import loyalty, promos, slots, stock

BATCH = 50


def give_back(now: dt.datetime) -> int:
    """Give back what given-up orders held; return how many there were."""
    waiting = Ticket.objects.filter(status__in=Ticket.GIVEN_UP, slot_returned_at=None).order_by("pk")
    pks = list(waiting.values_list("pk", flat=True)[:BATCH])
    return sum(_give_back(pk, now) for pk in pks)


def _give_back(pk: int, now: dt.datetime) -> bool:
    # Two workers, or a worker and the sweep: the first one's UPDATE claims the ticket, the second finds nothing.
    with transaction.atomic():
        claimed = Ticket.objects.filter(pk=pk, status__in=Ticket.GIVEN_UP, slot_returned_at=None)
        if not claimed.update(slot_returned_at=now):
            return False
        ticket = Ticket.objects.select_related("order").get(pk=pk)
        stock.give_back(ticket.order_id, now)
        slots.give_back(ticket.place_id, ticket.slot_at)
        promos.give_back(ticket.order_id, now)
        loyalty.give_back(ticket.order, now)
    return True
