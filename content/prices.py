"""The one way a price of the menu changes: with its history."""

from decimal import Decimal

from django.db import transaction

from content.models import Option, PriceChange, Product


def change_price(row: Product | Option, new: Decimal, *, by: str) -> bool:
    """Set a price and remember who did and what it was; returns False when it is that already."""
    # The row is locked: of two changes at once each remembers the price it really replaced.
    with transaction.atomic():
        rows = type(row)._default_manager.select_for_update()
        old: Decimal = rows.values_list("price", flat=True).get(pk=row.pk)
        row.price = new
        if old == new:
            return False
        row.save(update_fields=["price", "updated_at"])
        remember_price(row, old, by=by)
    return True


def remember_price(row: Product | Option, old: Decimal, *, by: str) -> None:
    """Write the history of a price that a form or a file is saving in this transaction."""
    if old == row.price:
        return
    thing = {"product": row} if isinstance(row, Product) else {"option": row}
    PriceChange.objects.create(**thing, old=old, new=row.price, changed_by=by[:150])
