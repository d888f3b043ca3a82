"""Writing an order of the shop down: the order, its lines, its ticket with the day's next number. In the caller's transaction."""

import datetime as dt
from decimal import Decimal

from django.db import connection

from content.models import Place
from payments.models import Checkout, Order, OrderItem, Ticket, Way
from payments.shop.live import wake_boards
from payments.shop.pickup import Pickup
from payments.shop.quoting import Quote


def write(checkout: Checkout, reckoned: Quote, now: dt.datetime) -> Order:
    """Make the order with its lines, their discounts adding up to the whole one."""
    is_free = reckoned.total == Decimal(0)
    order = Order.objects.create(
        customer=checkout.customer,
        chat=checkout.chat,
        amount=reckoned.total,
        status=Order.Status.PAID if is_free else Order.Status.NEW,
        paid_at=now if is_free else None,
    )
    OrderItem.objects.bulk_create(
        OrderItem(
            order=order,
            code=line.product,
            title=line.title,
            price=line.unit,
            quantity=line.quantity,
            options=[{"code": item.code, "name": item.name, "price": str(item.price)} for item in line.options],
            discount=reckoned.reward.discounts.get(line.id, Decimal(0)),
            vat_code=line.vat_code,
        )
        for line in reckoned.lines
    )
    return order


def write_ticket(checkout: Checkout, order: Order, reckoned: Quote, when: Pickup, now: dt.datetime) -> Ticket:
    """Give the order its number; what must be paid first is held, the rest goes to the counter at once."""
    waits = checkout.way != Way.COUNTER and order.amount > 0
    place = checkout.place
    wake_boards(place.pk)
    return Ticket.objects.create(
        order=order,
        place=place,
        business_day=when.day,
        number=_next_number(place, when.day),
        status=Ticket.Status.HELD if waits else Ticket.Status.RECEIVED,
        way=checkout.way,
        pickup_at=when.at,
        is_asap=checkout.pickup_at is None,
        slot_at=when.slot_at,
        held_until=now + dt.timedelta(minutes=place.hold_minutes) if waits else None,
        received_at=None if waits else now,
        name=checkout.name,
        comment=checkout.comment,
        earns=max(0, reckoned.reward.earns),
        earns_unit=reckoned.unit,
        changed_at=now,
    )


def _next_number(place: Place, day: dt.date) -> int:
    """Return the next number of the day: the counter's lock makes two at once one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_ticketcounter AS c (place_id, business_day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (place_id, business_day) DO UPDATE SET last = c.last + 1 RETURNING last",
            [place.pk, day],
        )
        return int(cursor.fetchone()[0])
