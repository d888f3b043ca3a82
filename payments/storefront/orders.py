"""A guest's orders as the page shows them: placing, looking, cancelling. Never somebody else's."""

import datetime as dt

from django.db.models import QuerySet

from content.menu.changes import Change
from content.models import Place
from crm.models import Customer
from payments.models import Checkout, Ticket
from payments.shop import asking, carts, placing, tickets
from payments.storefront import quoting, showing, ways
from payments.storefront.guests import Visit
from payments.storefront.quoting import Wish
from payments.storefront.refusals import HasMoved, NotThere, Refused, TooLate
from payments.storefront.schemas import LastOut, OrderIn, OrderOut, PlacedOut

MOVED = "Пока вы выбирали, кое-что изменилось."


def place_order(visit: Visit, place: Place, wanted: OrderIn, *, now: dt.datetime) -> PlacedOut:
    """Place the cart as an order; said again with the same key, the answer is the same. Raises `HasMoved`."""
    chat, customer = visit.chat(), visit.customer()
    if not ways.is_open(visit.channel, wanted.way):
        raise Refused("Так заплатить сейчас нельзя, выберите другой способ.")
    key = f"page:{customer.pk}:{wanted.key}"
    if not Checkout.objects.filter(key=key).exists():
        words = {"name": wanted.name, "comment": wanted.comment, "promo": wanted.promo}
        carts.change(customer, place, lambda cart: cart.describe(**words))
    checkout = asking.ask(
        customer,
        place,
        key=key,
        expected=wanted.expected.model_dump(),
        way=wanted.way,
        chat=chat,
        pickup_at=wanted.pickup_at,
        use_loyalty=wanted.use_loyalty,
        now=now,
    )
    # A worker would place it within a moment; the guest is looking at the button, so it is done here and now.
    settled = placing.settle(checkout.pk, now)
    if isinstance(settled, placing.Moved):
        raise _moved(visit, customer, place, wanted, settled.changes, now=now)
    shown = order_of(_rows(customer).get(pk=settled.ticket.pk))
    return PlacedOut(order=shown, pay=shown.pay)


def _moved(
    visit: Visit, customer: Customer, place: Place, wanted: OrderIn, changes: tuple[Change, ...], *, now: dt.datetime
) -> HasMoved:
    wish = Wish(wanted.pickup_at, wanted.use_loyalty)
    cart = carts.cart_of(customer, place)
    quote = quoting.quote_of(customer, place, cart, wish, channel=visit.channel, now=now)
    told = [item.model_dump(mode="json") for item in showing.changes(changes, place.time_zone)]
    return HasMoved(MOVED, more={"changes": told, "quote": quote.model_dump(mode="json")})


def order_of(ticket: Ticket) -> OrderOut:
    """Return an order as the page shows it."""
    return showing.order(ticket, ways.pay_of(ticket))


def open_orders(customer: Customer) -> list[OrderOut]:
    """Return what the guest waits for, newest first."""
    return [order_of(ticket) for ticket in _rows(customer).filter(status__in=Ticket.OPEN).order_by("-pk")[:10]]


def last_of(customer: Customer, place: Place) -> LastOut | None:
    """Return the order that could be repeated."""
    rows = _rows(customer).filter(place=place).exclude(status__in=Ticket.GIVEN_UP).order_by("-pk")
    ticket = rows.first()
    if ticket is None:
        return None
    return LastOut(number=ticket.order.number, words=", ".join(item.title for item in ticket.order.items.all()))


def ticket_of(visit: Visit, number: str) -> Ticket:
    """Return the guest's own order. Raises `NotThere`."""
    customer = visit.known_customer()
    ticket = _rows(customer).filter(order__number=number).first() if customer else None
    if ticket is None:
        raise NotThere("Такого заказа нет.")
    return ticket


def cancel(visit: Visit, number: str, *, now: dt.datetime) -> OrderOut:
    """Give the order up while it may be. Raises `TooLate`."""
    ticket = ticket_of(visit, number)
    if ticket.status != Ticket.Status.CANCELED and not tickets.cancel(ticket, by=Ticket.By.GUEST, now=now):
        raise TooLate("Заказ уже готовят, отменить его можно только у баристы.")
    return order_of(ticket_of(visit, number))


def _rows(customer: Customer) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(order__customer=customer)
    return rows.select_related("order__chat__channel", "order__customer", "place").prefetch_related("order__items")
