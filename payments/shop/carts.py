"""The guest's cart: one row for a guest and a place, changed under its lock, whoever holds it: chat or Mini App."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from content.menu.cart import Cart
from content.models import Place
from crm.models import Customer
from payments.models import CartRow


def cart_of(customer: Customer, place: Place) -> Cart:
    """Return what the guest has gathered at a place; an empty cart when nothing."""
    return cart_in(CartRow.objects.filter(customer=customer, place=place).first(), place)


def cart_in(row: CartRow | None, place: Place) -> Cart:
    """Return the cart that a row holds."""
    return Cart(place=place.code) if row is None or not row.body else Cart.from_json({**row.body, "place": place.code})


def change(customer: Customer, place: Place, operation: Callable[[Cart], Cart]) -> Cart:
    """Apply an operation to the cart and return it. What the operation raises changes nothing."""
    # The row's lock: a press in the chat and a tap in the Mini App at the same instant are both counted.
    with transaction.atomic():
        rows = CartRow.objects.select_for_update(no_key=True).filter(customer=customer, place=place)
        row = rows.first()
        if row is None:  # two first changes at once: one of them makes the row, both find it
            CartRow.objects.bulk_create([CartRow(customer=customer, place=place)], ignore_conflicts=True)
            row = rows.get()
        before = cart_in(row, place)
        after = operation(before)
        if after != before:
            row.body, row.version = after.to_json(), row.version + 1
            row.save(update_fields=["body", "version", "updated_at"])
    return after


def empty(customer: Customer, place: Place, *, version: int) -> None:
    """Empty the cart that was ordered; one that was changed meanwhile is the guest's next."""
    rows = CartRow.objects.filter(customer=customer, place=place, version=version)
    rows.update(body={}, version=F("version") + 1, updated_at=timezone.now())
