"""Making an order of a checkout: everything is reckoned anew under locks, and either all of it stands or nothing.

Locks are taken in one order everywhere, so nobody waits in a ring: the guest (an advisory lock: what they saved and their uses
of a code), the lines of the stop-list by number, the slot, the promo code, the counter of tickets, the cart.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from content.menu.cart import Cart
from content.menu.changes import Change, Kind
from content.menus import menu_of
from content.models import Place
from payments.models import Checkout, Order, Payment, Ticket
from payments.shop import carts, loyalty, news, opening, orders, pickup, pickups, promos, slots, stock
from payments.shop.pickup import Pickup
from payments.shop.quoting import Quote, quote

logger = logging.getLogger(__name__)
GUEST_LOCK = 0x60E57  # first number of the advisory lock; the second is the guest's
BATCH, ATTEMPTS, RETRY = 50, 5, dt.timedelta(seconds=5)
Status = Checkout.Status


@dataclass(frozen=True, slots=True)
class Placed:
    """It is an order now; `payment` is None when there is nothing to pay before the pickup."""

    order: Order
    ticket: Ticket
    payment: Payment | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was ordered: this has changed since the guest looked."""

    changes: tuple[Change, ...]
    quote: Quote | None = None


class _HasMoved(Exception):
    """Rolls the transaction back; what changed is kept outside of it."""

    def __init__(self, changes: tuple[Change, ...], seen: Quote | None) -> None:
        super().__init__()
        self.changes, self.quote = changes, seen


def drain(clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Place what was asked for; return how many checkouts were looked at."""
    due = Checkout.objects.filter(status=Status.ASKED, run_after__lte=clock()).order_by("run_after", "pk")
    pks = list(due.values_list("pk", flat=True)[:BATCH])
    for pk in pks:
        _try(pk, clock)
    return len(pks)


def _try(pk: int, clock: Callable[[], dt.datetime]) -> None:
    try:
        settle(pk, clock())
    except Exception as error:  # one that cannot be placed must not stop its neighbours; it is tried again, then shown
        logger.exception("a checkout could not be placed", extra={"checkout": pk})
        _put_off(pk, error, clock())


def _put_off(pk: int, error: Exception, now: dt.datetime) -> None:
    with transaction.atomic():
        rows = Checkout.objects.select_for_update(no_key=True, of=("self",)).select_related("chat__channel", "place")
        row = rows.filter(pk=pk, status=Status.ASKED).first()
        if row is None:
            return
        row.attempts, row.error = row.attempts + 1, type(error).__name__
        row.run_after = now + RETRY * row.attempts
        if row.attempts >= ATTEMPTS:
            row.status = Status.FAILED
            news.tell_checkout(row, "failed")
        row.save(update_fields=["attempts", "error", "run_after", "status"])


def settle(checkout_pk: int, now: dt.datetime) -> Placed | Moved:
    """Make the order of a checkout, or tell what has moved; called again, the answer is the same."""
    try:
        # One transaction: the last croissant, the last room and the last use of a code are taken together or not at all.
        with transaction.atomic():
            checkout = _claim(checkout_pk)
            if checkout.status != Status.ASKED:
                return _answer(checkout)
            return _place(checkout, now)
    except _HasMoved as moved:
        return _keep_moved(checkout_pk, moved)


def recheck(order: Order, now: dt.datetime) -> tuple[Change, ...]:
    """Tell what keeps a held order from being paid now; empty when what was held is still good."""
    ticket = Ticket.objects.select_related("place").get(order=order)
    if ticket.status != Ticket.Status.HELD or ticket.held_until is None or ticket.held_until <= now:
        return (Change(Kind.SLOT_FULL, None, {"pickup_at": ticket.pickup_at.isoformat()}),)
    return tuple(_stopped(ticket.place, now))


def _claim(pk: int) -> Checkout:
    rows = Checkout.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("customer", "place", "chat__channel").get(pk=pk)


def _answer(checkout: Checkout) -> Placed | Moved:
    """Repeat what became of a checkout that is settled.

    The order is read anew: who waited for the lock has the checkout's newest row, but joined rows of before the wait.
    """
    if checkout.order_id is None:
        return Moved(tuple(Change.from_json(item) for item in checkout.changes))
    ticket = Ticket.objects.select_related("place", "order").get(order=checkout.order_id)
    return Placed(ticket.order, ticket, ticket.order.payments.order_by("pk").first())


def _place(checkout: Checkout, now: dt.datetime) -> Placed:
    cart, place = Cart.from_json(checkout.cart), checkout.place
    _lock_guest(checkout.customer_id)
    stops = stock.locked(place, cart.lines, now)
    reckoned, standing = reckon(checkout, cart, now)
    if reckoned.changes:
        raise _HasMoved(reckoned.changes, reckoned)
    wanted = stock.wanted_of(stops, cart.lines)
    if not stock.take(wanted):  # pragma: no cover  # the rows are locked, the menu was read after: belt and braces
        raise _HasMoved((Change(Kind.TOO_FEW_LEFT, None, {"left": "0"}),), reckoned)
    when = _take_slot(checkout, reckoned, now)
    order = orders.write(checkout, reckoned, now)
    stock.hold(order, wanted)
    if reckoned.promo and standing.promo is not None and not promos.use(standing.promo, order, reckoned.reward.promo):
        raise _HasMoved((Change(Kind.PROMO_OVER, None, {"promo": reckoned.promo, "reason": "used_up"}),), reckoned)
    loyalty.spend(order, reckoned.unit, reckoned.reward)
    ticket = orders.write_ticket(checkout, order, reckoned, when, now)
    payment = opening.open_payment(order, ticket, now) if ticket.status == Ticket.Status.HELD else None
    Checkout.objects.filter(pk=checkout.pk).update(status=Status.PLACED, order=order)
    carts.empty(checkout.customer, place, version=checkout.cart_version)
    news.tell(order, "placed")
    return Placed(order, ticket, payment)


def reckon(checkout: Checkout, cart: Cart, now: dt.datetime) -> tuple[Quote, promos.Standing]:
    """Reckon a checkout by the menu, the code and the purse as they are this instant."""
    place, customer = checkout.place, checkout.customer
    standing = promos.find(checkout.promo, customer, place, now)
    quoted = quote(
        cart,
        menu_of(place, now, at=checkout.pickup_at, codes={line.product for line in cart.lines}),
        offer=standing.offer,
        promo_why=standing.why,
        purse=loyalty.purse_of(customer, place),
        use_loyalty=checkout.use_loyalty,
        expected=checkout.expected,
    )
    return quoted, standing


def _stopped(place: Place, now: dt.datetime) -> list[Change]:
    if place.is_paused_at(now):
        until = place.paused_until.isoformat() if place.paused_until else ""
        return [Change(Kind.PLACE_PAUSED, None, {"reason": place.pause_reason, "until": until})]
    return []


def _take_slot(checkout: Checkout, reckoned: Quote, now: dt.datetime) -> Pickup:
    """Take the wished time, or the soonest with room; each round looks anew, because somebody was quicker."""
    place, counter = checkout.place, pickups.counter_of(checkout.place, reckoned.lines, now)
    full: dict[dt.datetime, int] = {}
    for _round in range(20):
        taken = {**slots.taken([place.pk], now)[place.pk], **full}
        if checkout.pickup_at is None:
            when = pickup.earliest(counter, now, taken)
        else:
            when = pickup.fit(counter, now, checkout.pickup_at, taken)
        if when is None:
            break
        if slots.take(place, when.slot_at):
            return when
        full[when.slot_at] = place.capacity
    raise _HasMoved((_no_time(checkout, now),), reckoned)


def _no_time(checkout: Checkout, now: dt.datetime) -> Change:
    if checkout.pickup_at is None:
        opens_at = checkout.place.hours.opens_at(now)
        return Change(Kind.PLACE_CLOSED, None, {"opens_at": opens_at.isoformat() if opens_at else ""})
    return Change(Kind.SLOT_FULL, None, {"pickup_at": checkout.pickup_at.isoformat()})


def _lock_guest(customer_id: int) -> None:
    """Let one guest place one order at a time: what they saved is not spent twice. Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [GUEST_LOCK, customer_id])


def _keep_moved(pk: int, moved: _HasMoved) -> Moved:
    with transaction.atomic():
        checkout = _claim(pk)
        if checkout.status == Status.ASKED:
            changes = [change.to_json() for change in moved.changes]
            Checkout.objects.filter(pk=pk).update(status=Status.MOVED, changes=changes)
            news.tell_checkout(checkout, "moved", changes=changes)
    return Moved(moved.changes, moved.quote)
