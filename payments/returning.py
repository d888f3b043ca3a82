"""Where a customer comes back to from a provider's page: how their payment stands, and the way to the chat.

The address holds the order's number, which nobody guesses; the page tells the sum and the state, no name. Coming back proves
nothing: it only makes us look.
"""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bot.channels.registry import adapter_for
from bot.nudges import nudge
from payments import money
from payments.checking import CHECK_TASK
from payments.models import Order, Payment

UNKNOWN = 403  # a guessed number is counted by the door like any other stranger
LOOKS = 40  # how often the page looks by itself: two minutes
LOOK_SECONDS = 3
ASKED_EVERY = dt.timedelta(seconds=3)
FAILED = (Payment.Status.CANCELED, Payment.Status.FAILED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page says."""

    state: str  # checking, paid, failed, review, refunded
    link: str = ""  # where it may be tried again


@never_cache
@require_safe
def return_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show how the payment of an order stands."""
    order = Order.objects.select_related("chat__channel").filter(number=number.upper()[:32]).first()
    if order is None:
        return TemplateResponse(request, "pay/unknown.html", status=UNKNOWN)
    payments = list(order.payments.order_by("-pk"))
    standing = _standing(order, payments)
    look = _number(request.GET.get("look", ""))
    if standing.state == "checking":
        _look(order)
    ticket = getattr(order, "ticket", None)
    context = {
        "state": standing.state,
        "link": standing.link,
        "title": ticket.number if ticket is not None else order.number,
        "sum": money.shown(order.amount, order.currency),
        "back": adapter_for(order.chat.channel.kind).link_to(order.chat.channel) if order.chat else "",
        "next_look": look + 1 if standing.state == "checking" and look < LOOKS else 0,
        "seconds": LOOK_SECONDS,
    }
    return TemplateResponse(request, "pay/return.html", context)


def _standing(order: Order, payments: list[Payment]) -> Standing:
    statuses = {payment.status for payment in payments}
    if order.status == Order.Status.REFUNDED:
        return Standing("refunded")
    if order.status == Order.Status.PAID:
        return Standing("paid")
    if Payment.Status.NEEDS_REVIEW in statuses:
        return Standing("review")
    newest = payments[0] if payments else None
    if order.status == Order.Status.CANCELED or newest is None or newest.status in FAILED:
        return Standing("failed")
    was_refused = any(payment.status in FAILED for payment in payments[1:])
    return Standing("failed", newest.link) if was_refused and newest.link else Standing("checking")


def _look(order: Order) -> None:
    """Have the provider asked, not more often than every few seconds however many pages are open."""
    now = timezone.now()
    waiting = Payment.objects.filter(order=order, status__in=Payment.SENDABLE, check_after=None)
    if waiting.exclude(external_id="").filter(updated_at__lt=now - ASKED_EVERY).update(check_after=now, attempts=0):
        nudge(CHECK_TASK)


def _number(text: str) -> int:
    return min(int(text), LOOKS) if text.isdecimal() and len(text) < 4 else 0
