"""A small coffee shop with a menu, and guests who order in it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.messages import EventKind
from bot.models import Channel, Chat, InboxEvent
from content import menus
from content.models import Category, Option, OptionGroup, Place, Product, ProductGroup
from crm.models import Customer, CustomerChat
from payments.models import Checkout, Order
from payments.shop import asking, carts, loyalty, placing, promos
from payments.shop.placing import Moved, Placed
from payments.shop.quoting import Quote, quote

NOON = dt.datetime(2026, 11, 18, 9, 0, tzinfo=dt.UTC)  # a Wednesday, 12:00 in Moscow
ALL_WEEK = {day: [["08:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@dataclass(frozen=True)
class Cafe:
    """The place, and what is sold there."""

    place: Place
    latte: Product
    croissant: Product
    large: Option
    oat: Option


def open_cafe(**fields: Any) -> Cafe:
    """Open a coffee shop: a latte with sizes and milks, and a croissant."""
    place = Place.objects.create(code="lenina", name="На Ленина", schedule=ALL_WEEK, **fields)
    drinks = Category.objects.create(code="coffee", name="Кофе", order=1)
    food = Category.objects.create(code="food", name="Выпечка", order=2)
    latte = Product.objects.create(code="latte", name="Латте", price=Decimal(250), category=drinks)
    croissant = Product.objects.create(code="croissant", name="Круассан", price=Decimal(180), category=food)
    size = OptionGroup.objects.create(code="size", name="Размер", min_choices=1, max_choices=1, order=1)
    milk = OptionGroup.objects.create(code="milk", name="Молоко", min_choices=0, max_choices=1, order=2)
    for group in (size, milk):
        ProductGroup.objects.create(product=latte, group=group, order=group.order)
    Option.objects.create(group=size, code="s", name="250 мл", is_default=True)
    large = Option.objects.create(group=size, code="l", name="400 мл", price=Decimal(60))
    oat = Option.objects.create(group=milk, code="oat", name="Овсяное", price=Decimal(70))
    menus.forget()
    return Cafe(place, latte, croissant, large, oat)


@dataclass(frozen=True)
class Guest:
    """Somebody with a cart."""

    customer: Customer
    chat: Chat

    def puts(self, place: Place, product: str, *options: str, quantity: int = 1) -> None:
        """Put a thing into the cart."""
        carts.change(self.customer, place, lambda cart: cart.add(product, options, quantity))

    def says(self, place: Place, **words: str) -> None:
        """Give a name, a comment, a promo code."""
        carts.change(self.customer, place, lambda cart: cart.describe(**words))

    def sees(self, place: Place, now: dt.datetime = NOON, *, use_loyalty: bool = False) -> Quote:
        """Look at the cart as it is priced."""
        cart = carts.cart_of(self.customer, place)
        standing = promos.find(cart.promo, self.customer, place, now)
        return quote(
            cart,
            menus.menu_of(place, now),
            offer=standing.offer,
            promo_why=standing.why,
            purse=loyalty.purse_of(self.customer, place),
            use_loyalty=use_loyalty,
        )

    def asks(self, place: Place, now: dt.datetime = NOON, *, key: str = "", **wishes: Any) -> Checkout:
        """Press "order" on what is seen."""
        seen = self.sees(place, now, use_loyalty=wishes.get("use_loyalty", False)).seen()
        key = key or f"press:{Checkout.objects.count()}"
        return asking.ask(self.customer, place, key=key, expected=seen, chat=self.chat, now=now, **wishes)

    def orders(self, place: Place, now: dt.datetime = NOON, **wishes: Any) -> Placed | Moved:
        """Press "order" and wait for the answer."""
        return placing.settle(self.asks(place, now, **wishes).pk, now)

    def buys(self, place: Place, product: str, *options: str, now: dt.datetime = NOON, **wishes: Any) -> Placed:
        """Order one thing; nothing must have moved."""
        self.puts(place, product, *options)
        answer = self.orders(place, now, **wishes)
        assert isinstance(answer, Placed), answer
        return answer

    def heard(self) -> list[str]:
        """What the chat was told, oldest first."""
        rows = InboxEvent.objects.filter(chat=self.chat, kind=EventKind.ORDER).order_by("pk")
        return [payload["what"] for payload in rows.values_list("payload", flat=True)]


def guests(count: int) -> list[Guest]:
    """Let so many come in."""
    channel, _made = Channel.objects.get_or_create(kind="telegram", title="Кофе рядом", credentials={"token": "1:c"})
    return [_guest(channel, number) for number in range(count)]


def _guest(channel: Channel, number: int) -> Guest:
    chat = Chat.objects.create(channel=channel, external_id=f"guest-{number}", name=f"Гость {number}")
    customer = Customer.objects.create(name=f"Гость {number}")
    CustomerChat.objects.create(customer=customer, chat=chat)
    return Guest(customer, chat)


def lines_of(order: Order) -> Iterable[tuple[str, Decimal, int]]:
    """Return what was ordered."""
    return [(item.name, item.price, item.quantity) for item in order.items.order_by("pk")]
