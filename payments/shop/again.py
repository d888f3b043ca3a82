"""Ordering as before: the last order and the favourites, by the menu of today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content.menu.cart import Cart, CartFull, canonical
from content.menu.choosing import at_first, unfit
from content.menu.values import Menu, Product
from content.models import Place
from crm.models import Customer
from payments.models import Favourite, Order, OrderItem, Ticket


@dataclass(frozen=True, slots=True)
class Again:
    """A cart as before, and the names of what is no longer to be had."""

    cart: Cart
    missing: tuple[str, ...]


def last_order(customer: Customer, place: Place) -> Order | None:
    """Return the guest's last order at a place that was not given up."""
    rows = Order.objects.filter(customer=customer, ticket__place=place).exclude(ticket__status__in=Ticket.GIVEN_UP)
    return rows.prefetch_related("items").order_by("-pk").first()


def repeat(cart: Cart, items: Iterable[OrderItem], menu: Menu) -> Again:
    """Put the lines of an order into a cart; what is not there today is told, not left out silently."""
    missing: list[str] = []
    for item in items:
        product = menu.product(item.code)
        if product is None or not product.is_available:
            missing.append(item.title)
            continue
        names = {option["code"]: option["name"] for option in item.options}
        kept, gone = _still_there(product, names)
        if unfit(product, kept):
            kept = _with_defaults(product, kept)
        if unfit(product, kept):
            missing.append(item.title)
            continue
        missing += [f"{item.title}: {names[code]}" for code in gone]
        try:
            cart = cart.add(item.code, kept, item.quantity)
        except CartFull:
            missing.append(item.title)
    return Again(cart, tuple(missing))


def favourites_of(customer: Customer) -> list[Favourite]:
    """Return what the guest keeps at hand, newest first."""
    return list(Favourite.objects.filter(customer=customer).order_by("-pk")[:20])


def keep(customer: Customer, product: str, options: Sequence[str]) -> bool:
    """Keep a product with its options at hand; False when it was kept already."""
    row = Favourite(customer=customer, product_code=product, options=list(canonical(options)))
    before = Favourite.objects.filter(customer=customer).count()
    Favourite.objects.bulk_create([row], ignore_conflicts=True)
    return Favourite.objects.filter(customer=customer).count() > before


def drop(customer: Customer, product: str, options: Sequence[str]) -> None:
    """Keep it at hand no more."""
    Favourite.objects.filter(customer=customer, product_code=product, options=list(canonical(options))).delete()


def _still_there(product: Product, codes: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    kept: list[str] = []
    gone: list[str] = []
    for code in codes:
        found = product.chosen(code)
        (kept if found is not None and found[1].is_available else gone).append(code)
    return canonical(kept), gone


def _with_defaults(product: Product, kept: tuple[str, ...]) -> tuple[str, ...]:
    """A choice that must be made and whose option has gone begins with the default."""
    for group in unfit(product, kept):
        others = [code for code in kept if not code.startswith(f"{group.code}:")]
        kept = canonical([*others, *(code for code in at_first(product) if code.startswith(f"{group.code}:"))])
    return kept
