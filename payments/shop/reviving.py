"""Money that came after the order had expired: it is taken up again where the slot and the goods are still free.

Never one that was canceled, and never one whose promo code or points were given back: those may be spent by now.
"""

import datetime as dt

from django.db import transaction

from content.models import Place, Product
from payments.models import LoyaltyEntry, PromoUse, StockHold, Ticket
from payments.shop import pickup, slots, stock, tickets
from payments.shop.pickup import Counter, Pickup


class _NoRoom(Exception):
    """Rolls back what was taken so far."""


def revive(ticket: Ticket, *, now: dt.datetime) -> bool:
    """Take an expired order up again; False when that is impossible. The caller holds the ticket's lock."""
    if ticket.status != Ticket.Status.EXPIRED or ticket.place.is_paused_at(now):
        return False
    try:
        with transaction.atomic():  # slot, goods and the ticket's state come together or not at all
            when = _take_back(ticket, now) if ticket.slot_returned_at is not None else _kept(ticket, now)
            return tickets.revive(ticket, when, now=now)
    except _NoRoom:
        return False


def _kept(ticket: Ticket, now: dt.datetime) -> Pickup:
    """Nothing was given back yet: what was held is still held."""
    if ticket.is_asap or ticket.pickup_at > now:
        # Promised for as soon as possible: the preparation begins now.
        at = max(ticket.pickup_at, now + _counter(ticket, now).preparation) if ticket.is_asap else ticket.pickup_at
        return Pickup(at, ticket.slot_at, ticket.business_day)
    raise _NoRoom


def _take_back(ticket: Ticket, now: dt.datetime) -> Pickup:
    if _discounts_are_gone(ticket):
        raise _NoRoom
    held = StockHold.objects.filter(order=ticket.order_id).exclude(stop=None).values_list("stop_id", "quantity")
    if not stock.take({pk: count for pk, count in held if pk is not None}):
        raise _NoRoom
    StockHold.objects.filter(order=ticket.order_id).update(released_at=None)
    when = _when(ticket, now)
    if when is None or when.day != ticket.business_day or not slots.take(ticket.place, when.slot_at):
        raise _NoRoom
    return when


def _when(ticket: Ticket, now: dt.datetime) -> Pickup | None:
    counter = _counter(ticket, now)
    taken = slots.taken([ticket.place_id], now)[ticket.place_id]
    if ticket.is_asap:
        return pickup.earliest(counter, now, taken)
    return pickup.fit(counter, now, ticket.pickup_at, taken)


def _counter(ticket: Ticket, now: dt.datetime) -> Counter:
    place: Place = ticket.place
    codes = ticket.order.items.values_list("code", flat=True)
    theirs = Product.objects.filter(code__in=codes).values_list("prep_minutes", flat=True)
    longest = max((place.prep_minutes if own is None else own for own in theirs), default=place.prep_minutes)
    busy = place.busy_minutes if place.is_busy_at(now) else 0
    return Counter(place.hours, place.capacity, longest + busy)


def _discounts_are_gone(ticket: Ticket) -> bool:
    returned = LoyaltyEntry.objects.filter(order=ticket.order_id, kind=LoyaltyEntry.Kind.RETURNED).exists()
    return returned or PromoUse.objects.filter(order=ticket.order_id).exclude(returned_at=None).exists()
