"""What is said to a guest later, each once: that the order waits, that a word about it is welcome, that its hold is over."""

import datetime as dt

from django.db import transaction

from bot.models import Chat
from payments.models import Review, Ticket
from payments.shop import news, tickets

BATCH = 100
JOINED = ("place", "order__chat__channel", "order__customer")


def tend(now: dt.datetime) -> int:
    """Do all that is due; return how many tickets were looked at."""
    return expire(now) + remind(now) + ask_for_reviews(now)


def expire(now: dt.datetime) -> int:
    """Give up the orders whose money did not come in time."""
    held = Ticket.objects.filter(status=Ticket.Status.HELD, held_until__lte=now).select_related(*JOINED)
    return sum(tickets.expire(ticket, now=now) for ticket in held.order_by("held_until")[:BATCH])


def remind(now: dt.datetime) -> int:
    """Tell who has not come that their order waits."""
    due = Ticket.objects.filter(status=Ticket.Status.READY, remind_at__lte=now).select_related(*JOINED)
    told = 0
    for ticket in due.order_by("remind_at")[:BATCH]:
        # The claim and the word are one transaction: two workers tell once, a lost one tells again.
        with transaction.atomic():
            rows = Ticket.objects.filter(pk=ticket.pk, status=Ticket.Status.READY, remind_at=ticket.remind_at)
            if rows.update(remind_at=None):
                news.tell(ticket.order, "waiting")
                told += 1
    return told


def ask_for_reviews(now: dt.datetime) -> int:
    """Ask for a word about orders picked up a while ago: each once, and never a guest who wants to be left alone."""
    due = Ticket.objects.filter(status=Ticket.Status.PICKED_UP, review_at__lte=now).select_related(*JOINED)
    asked = 0
    for ticket in due.order_by("review_at")[:BATCH]:
        with transaction.atomic():  # as above
            if not Ticket.objects.filter(pk=ticket.pk, review_at=ticket.review_at).update(review_at=None):
                continue
            if _is_welcome(ticket):
                news.tell(ticket.order, "review")
            asked += 1
    return asked


def _is_welcome(ticket: Ticket) -> bool:
    order, chat = ticket.order, ticket.order.chat
    if chat is None or chat.blocked_at is not None or chat.speaker != Chat.Speaker.BOT:
        return False
    if order.customer.unsubscribed_at is not None or order.customer.erased_at is not None:
        return False
    return not Review.objects.filter(order=order).exists()
