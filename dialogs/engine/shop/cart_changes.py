"""What a guest does to their cart, as values: the engine shows the cart as it will be, the till changes the one it keeps.

Each names a line by its id, which is never given twice: what an old button says of a line that is gone changes nothing.
"""

from dataclasses import dataclass

from content.menu.cart import Cart, CartFull


@dataclass(frozen=True, slots=True)
class Add:
    """One thing more."""

    product: str
    options: tuple[str, ...] = ()
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """So many in this line; none removes it."""

    line: int
    quantity: int


@dataclass(frozen=True, slots=True)
class SetOptions:
    """This line is made in another way."""

    line: int
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Describe:
    """Other words of the guest; None leaves them as they are."""

    promo: str | None = None
    comment: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Clear:
    """Everything out."""


CartChange = Add | SetQuantity | SetOptions | Describe | Clear


def applied(cart: Cart, change: CartChange) -> Cart:
    """Return the cart after this; as it was when it takes no more."""
    try:
        return _applied(cart, change)
    except CartFull:
        return cart


def _applied(cart: Cart, change: CartChange) -> Cart:
    match change:
        case Add():
            return cart.add(change.product, change.options, change.quantity)
        case SetQuantity():
            return cart.set_quantity(change.line, change.quantity)
        case SetOptions():
            return cart.set_options(change.line, change.options)
        case Describe():
            return cart.describe(promo=change.promo, comment=change.comment, name=change.name)
    return cart.clear()
