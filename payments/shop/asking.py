"""The wish to order: a row that a worker, or whoever asked, makes an order of."""

import datetime as dt
from typing import Any

from django.utils import timezone

from bot.models import Chat
from content.models import Place
from crm.models import Customer
from payments.models import CartRow, Checkout, Way
from payments.shop import carts
from payments.shop.errors import EmptyCart
from payments.shop.waking import wake


def ask(
    customer: Customer,
    place: Place,
    *,
    key: str,
    expected: dict[str, Any],
    way: str = Way.COUNTER,
    chat: Chat | None = None,
    pickup_at: dt.datetime | None = None,
    use_loyalty: bool = False,
    now: dt.datetime | None = None,
) -> Checkout:
    """Keep the wish to order the cart as it is; the same key twice is one wish. Raises `EmptyCart`.

    `expected` is `Quote.seen()` of what the guest was shown; a worker places it within a moment.
    """
    kept = CartRow.objects.filter(customer=customer, place=place).first()
    cart = carts.cart_in(kept, place)
    known = Checkout.objects.filter(key=key, customer=customer).first()
    if known is not None:
        return known
    if kept is None or not cart.lines:
        raise EmptyCart
    row = Checkout(
        key=key, customer=customer, chat=chat, place=place, cart=cart.to_json(), cart_version=kept.version,
        expected=expected, pickup_at=pickup_at, way=way, name=cart.name, comment=cart.comment, promo=cart.promo,
        use_loyalty=use_loyalty, run_after=now or timezone.now(),
    )  # fmt: skip
    Checkout.objects.bulk_create([row], ignore_conflicts=True)
    wake()
    return Checkout.objects.get(key=key)
