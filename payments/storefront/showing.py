"""From our values to what the page shows."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from content.menu import values
from content.menu.cart import Cart
from content.menu.changes import Change, Kind
from content.menu.pricing import Priced, PricedLine
from content.models import Place
from payments.models import Order, Ticket
from payments.storefront import words
from payments.storefront.schemas import (
    CartLineOut,
    CartOut,
    ChangeOut,
    GroupOut,
    MenuOut,
    OptionOut,
    OrderLineOut,
    OrderOut,
    PlaceOut,
    ProductOut,
    ShelfOut,
)

FEW = 5  # so few left are told on the card


def kopecks(amount: Decimal) -> int:
    """Return roubles as whole kopecks."""
    return int((amount * 100).to_integral_value())


def menu(menu: values.Menu, places: Sequence[Place]) -> MenuOut:
    """Return the menu of one place, and where else one can order."""
    here = _place(menu)
    others = [here if row.code == menu.place else _other(row) for row in places]
    shelves = [
        ShelfOut(code=shelf.code, name=shelf.name, emoji=shelf.emoji, products=[item.code for item in shelf.products])
        for shelf in menu.categories
    ]
    products = {item.code: _product(item, shelf.emoji) for shelf in menu.categories for item in shelf.products}
    return MenuOut(version=menu.version, place=here, places=others, shelves=shelves, products=products)


def _place(menu: values.Menu) -> PlaceOut:
    return PlaceOut(
        code=menu.place,
        name=menu.place_name,
        address=menu.address,
        zone=menu.time_zone,
        is_open=menu.is_open and not menu.is_paused,
        notice=notice(menu),
    )


def _other(row: Place) -> PlaceOut:
    return PlaceOut(code=row.code, name=row.name, address=row.address, zone=row.time_zone, is_open=True, notice="")


def notice(menu: values.Menu) -> str:
    """Return how the place is doing, in one line."""
    if menu.is_paused:
        until = menu.paused_until.isoformat() if menu.paused_until else ""
        return words.change_text(
            Change(Kind.PLACE_PAUSED, None, {"reason": menu.pause_reason, "until": until}), menu.time_zone
        )
    if not menu.is_open:
        return (
            f"Закрыто, откроемся {words.moment(menu.opens_at.isoformat(), menu.time_zone)}"
            if menu.opens_at
            else "Закрыто"
        )
    wait = f"готовим около {menu.prep_minutes} мин" if menu.prep_minutes else ""
    until = f"Открыто до {words.clock(menu.closes_at.isoformat(), menu.time_zone)}" if menu.closes_at else "Открыто"
    return ", ".join(part for part in (until, wait) if part)


def _product(item: values.Product, emoji: str) -> ProductOut:
    return ProductOut(
        code=item.code,
        name=item.name,
        price=kopecks(item.price),
        details=item.details,
        description=item.description,
        photo=item.photo,
        emoji=emoji,
        groups=[_group(group) for group in item.groups],
        left=item.left,
        hours=item.hours,
        can=item.is_available,
        why="" if item.is_available else words.WHY_NOT.get(values.WhyNot(item.why_not), "Закончился"),
    )


def _group(group: values.Group) -> GroupOut:
    options = [
        OptionOut(code=row.code, name=row.name, price=kopecks(row.price), usual=row.is_default, left=row.left)
        for row in group.options
    ]
    return GroupOut(code=group.code, name=group.name, least=group.least, most=group.most, options=options)


def lines(cart: Cart, priced: Priced) -> list[CartLineOut]:
    """Return the lines of a cart; both have them in the same order."""
    made = {line.id: line.options for line in cart.lines}
    return [_line(row, list(made.get(row.id, ()))) for row in priced.lines]


def _line(row: PricedLine, codes: list[str]) -> CartLineOut:
    return CartLineOut(
        id=row.id,
        product=row.product,
        title=row.title,
        options=codes,
        details=row.details,
        quantity=row.quantity,
        unit=kopecks(row.unit),
        total=kopecks(row.total),
        problem=words.PROBLEMS.get(Kind(row.problem), "Сейчас нельзя") if row.problem else "",
    )


def cart(cart: Cart, priced: Priced) -> CartOut:
    """Return a cart with its prices."""
    return CartOut(
        lines=lines(cart, priced),
        subtotal=kopecks(priced.subtotal),
        name=cart.name,
        comment=cart.comment,
        promo=cart.promo,
    )


def changes(moved: Iterable[Change], zone: str) -> list[ChangeOut]:
    """Return what has moved, in words."""
    return [ChangeOut(kind=item.kind.value, line=item.line, text=words.change_text(item, zone)) for item in moved]


def order(ticket: Ticket, pay: Any) -> OrderOut:
    """Return an order; `ticket` comes with its order, the order's items and its place."""
    row = ticket.order
    return OrderOut(
        number=row.number,
        ticket=ticket.number,
        status=ticket.status,
        title=words.TITLES[Ticket.Status(ticket.status)],
        note=words.order_note(ticket),
        zone=ticket.place.time_zone,
        pickup_at=ticket.pickup_at,
        is_asap=ticket.is_asap,
        is_paid=row.status == Order.Status.PAID,
        can_cancel=ticket.status in Ticket.CANCELABLE_BY_GUEST,
        total=kopecks(row.amount),
        lines=[
            OrderLineOut(
                title=item.title,
                details=", ".join(str(option["name"]) for option in item.options),
                quantity=item.quantity,
                total=kopecks(item.amount),
            )
            for item in row.items.all()
        ],
        place=ticket.place.code,
        place_name=ticket.place.name,
        address=ticket.place.address,
        pay=pay,
    )


def instant(at: dt.datetime | None) -> str:
    """Return an instant as JSON."""
    return at.isoformat() if at else ""
