"""May a held order be paid at this instant? Asked right before the money moves, in the channel's own ten seconds."""

import datetime as dt

from django.db.models import Q

from content import stops
from content.models import Place
from payments.models import Order, Ticket
from payments.shop.placing import recheck

OVER = "Время оплаты вышло, и заказ снят. Соберите его заново: это пара нажатий."
PAUSED = "Кофейня ненадолго перестала принимать заказы. Деньги не списаны."
GONE = "Закончилось: {what}. Деньги не списаны, соберите заказ заново без этого."


def why_not(ticket: Ticket, order: Order, now: dt.datetime) -> str:
    """Return why it may not be paid, as the guest reads it; empty when it may."""
    if ticket.status != Ticket.Status.HELD or ticket.held_until is None or ticket.held_until <= now:
        return OVER
    if recheck(order, now):
        return PAUSED
    gone = gone_of(order, ticket.place, now)
    return GONE.format(what=", ".join(gone)) if gone else ""


def gone_of(order: Order, place: Place, now: dt.datetime) -> list[str]:
    """Return what of the order was put on the stop-list altogether; what is counted is held for the order already."""
    items = list(order.items.all())
    theirs = Q(product__code__in=[item.code for item in items])
    for item in items:
        for option in item.options:
            group, _, code = str(option["code"]).partition(":")
            theirs |= Q(option__group__code=group, option__code=code)
    rows = stops.standing(now).filter(theirs, place=place, left=None).select_related("product", "option").order_by("pk")
    return [str(row.product.name if row.product else row.option.name if row.option else "") for row in rows]
