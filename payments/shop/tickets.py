"""The one place where an order of the shop changes its state: each verb is one UPDATE with the old state in its WHERE.

Two tablets, a guest and the clock may all act at the same instant: the row is changed once, whoever comes second hears False.
What was held (slot, goods, promo, loyalty) is given back by `holds`, once the state says that the order is given up.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from payments.models import Order, Payment, Ticket, Way
from payments.models.ticket import TransactionNumber
from payments.shop import loyalty, news, refunding
from payments.shop.live import wake_boards
from payments.shop.pickup import Pickup
from payments.shop.waking import wake

Status, By = Ticket.Status, Ticket.By
WAITS_AFTER = dt.timedelta(minutes=10)  # a ready order nobody has come for is told of once more
REVIEW_AFTER = dt.timedelta(minutes=30)  # after the pickup
# One step back, and what is forgotten with it.
BACK: dict[Ticket.Status, tuple[Ticket.Status, dict[str, Any]]] = {
    Status.MAKING: (Status.RECEIVED, {"accepted_by": "", "accepted_at": None}),
    Status.READY: (Status.MAKING, {"ready_at": None, "remind_at": None}),
    Status.PICKED_UP: (Status.READY, {"picked_up_at": None, "review_at": None}),
}


def of(order: Order) -> Ticket:
    """Return the ticket of an order with all that its news tell."""
    return Ticket.objects.select_related("place", "order__chat__channel", "order__customer").get(order=order)


def accept(ticket: Ticket, *, by: str, now: dt.datetime) -> bool:
    """Somebody behind the counter begins to make it."""
    with transaction.atomic():
        if not _move(ticket, [Status.RECEIVED], Status.MAKING, now, accepted_by=by[:150], accepted_at=now):
            return False
        news.tell(ticket.order, "making")
    return True


def ready(ticket: Ticket, *, now: dt.datetime) -> bool:
    """It stands on the counter; a barista in a hurry may say so of one they never accepted."""
    with transaction.atomic():
        if not _move(ticket, Ticket.TO_MAKE, Status.READY, now, ready_at=now, remind_at=now + WAITS_AFTER):
            return False
        news.tell(ticket.order, "ready", key=_again(ticket))
    return True


def pick_up(ticket: Ticket, *, now: dt.datetime) -> bool:
    """The guest has it: who pays at the counter has paid, what it earns is theirs."""
    with transaction.atomic():
        due = {"picked_up_at": now, "remind_at": None, "review_at": now + REVIEW_AFTER}
        if not _move(ticket, Ticket.ON_BOARD, Status.PICKED_UP, now, **due):
            return False
        unpaid = Order.objects.filter(pk=ticket.order_id, status=Order.Status.NEW)
        unpaid.update(status=Order.Status.PAID, paid_at=now)
        loyalty.earn(ticket.order, ticket.place)
        news.tell(ticket.order, "picked_up", key=_again(ticket))
    return True


def recall(ticket: Ticket, *, now: dt.datetime) -> bool:
    """Go one step back: pressed by mistake."""
    old = ticket.status
    if old not in BACK:
        return False
    new, forgotten = BACK[Ticket.Status(old)]
    with transaction.atomic():
        if not _move(ticket, [old], new, now, **forgotten):
            return False
        if old == Status.PICKED_UP and ticket.way == Way.COUNTER:
            Order.objects.filter(pk=ticket.order_id).update(status=Order.Status.NEW, paid_at=None)
        news.log(ticket.order, "order.recalled", ticket=ticket.number)
    return True


def cancel(ticket: Ticket, *, by: str, now: dt.datetime, reason: str = "") -> bool:
    """Give the order up: by the guest until it is being made, by the shop with a reason until it is handed over."""
    allowed = Ticket.CANCELABLE_BY_GUEST if by == By.GUEST else Ticket.CANCELABLE_BY_SHOP
    with transaction.atomic():
        facts = {"canceled_at": now, "canceled_by": by, "cancel_reason": reason[:190], "remind_at": None}
        if not _move(ticket, allowed, Status.CANCELED, now, **facts):
            return False
        give_up(ticket, now)
        news.tell(ticket.order, "canceled")
    return True


def expire(ticket: Ticket, *, now: dt.datetime) -> bool:
    """The money did not come in time."""
    with transaction.atomic():
        rows = Ticket.objects.filter(held_until__lte=now)
        if not _move(ticket, [Status.HELD], Status.EXPIRED, now, rows=rows, canceled_by=By.CLOCK, canceled_at=now):
            return False
        give_up(ticket, now)
        news.tell(ticket.order, "expired")
    return True


def money_came(order: Order, payment: Payment, *, now: dt.datetime) -> bool:
    """The order is paid: it goes to the counter. False when it was given up meanwhile: the money must go back."""
    with transaction.atomic():
        ticket = of(order)
        if not _move(ticket, [Status.HELD], Status.RECEIVED, now, received_at=now, held_until=None):
            return False
        news.tell(ticket.order, "paid")
    return True


def revive(ticket: Ticket, when: Pickup, *, now: dt.datetime) -> bool:
    """The money came after the order had expired, and what it held is held again (`payments.shop.reviving`)."""
    with transaction.atomic():
        facts: dict[str, Any] = {
            "pickup_at": when.at,
            "slot_at": when.slot_at,
            "slot_returned_at": None,
            "held_until": None,
        }
        facts |= {"received_at": now, "canceled_at": None, "canceled_by": ""}
        if not _move(ticket, [Status.EXPIRED], Status.RECEIVED, now, **facts):
            return False
        news.tell(ticket.order, "paid")
    return True


def delay(ticket: Ticket, minutes: int, *, now: dt.datetime) -> bool:
    """Tell the guest that it takes longer; the time promised moves by as much."""
    with transaction.atomic():
        facts = {
            "pickup_at": F("pickup_at") + dt.timedelta(minutes=minutes),
            "delay_minutes": F("delay_minutes") + minutes,
        }
        rows = Ticket.objects.filter(pk=ticket.pk, status__in=Ticket.TO_MAKE)
        if not rows.update(**facts, changed_at=now, seq=TransactionNumber()):
            return False
        wake_boards(ticket.place_id)
        _reread(ticket)
        news.tell(ticket.order, "delayed", key=str(ticket.delay_minutes), minutes=minutes)
    return True


def give_up(ticket: Ticket, now: dt.datetime) -> None:
    """What follows when an order is given up: nothing is to be paid any more, what was paid goes back."""
    unpaid = Order.objects.filter(pk=ticket.order_id, status=Order.Status.NEW)
    if unpaid.update(status=Order.Status.CANCELED):
        ticket.order.status = Order.Status.CANCELED
    refunding.want(ticket.order, now)
    wake()


def _move(
    ticket: Ticket, old: Iterable[str], new: str, now: dt.datetime, *, rows: Any = Ticket.objects, **facts: Any
) -> bool:
    """Change the state if it is still one of `old`; the row in hand is then the newest."""
    claimed = rows.filter(pk=ticket.pk, status__in=list(old))
    if not claimed.update(status=new, changed_at=now, seq=TransactionNumber(), **facts):
        return False
    wake_boards(ticket.place_id)
    _reread(ticket)
    return True


def _reread(ticket: Ticket) -> None:
    ticket.refresh_from_db(fields=[field.attname for field in Ticket._meta.concrete_fields if not field.is_relation])
    ticket.order.ticket = ticket


def _again(ticket: Ticket) -> str:
    """A step taken, recalled and taken again is news again."""
    return str(int(ticket.changed_at.timestamp() * 1000))
