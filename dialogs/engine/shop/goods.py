"""What a turn may know of the shop: the menu, the guest's cart, the times, their orders, what they have saved up."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from content.menu.cart import Cart, Line
from content.menu.values import Menu
from payments.shop.rewards import Offer, Purse

HELD, RECEIVED, MAKING, READY = "held", "received", "making", "ready"


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of several."""

    code: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Promo:
    """A promo code as this guest may use it: what it takes off, else why not."""

    code: str = ""
    offer: Offer | None = None
    why: str = ""  # unknown, not_yet, over, used_up, used_by_guest


NO_PROMO, NO_PURSE, EMPTY = Promo(), Purse(), Cart()


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order under way."""

    order: int
    ticket: str  # as it is called at the counter
    status: str  # one of the above
    ready_at: dt.datetime  # by the place's clock
    amount: Decimal
    place: str = ""
    can_cancel: bool = False
    is_paid: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop as of this turn, for one guest at one place."""

    menu: Menu
    cart: Cart = EMPTY
    places: tuple[Spot, ...] = ()
    times: tuple[dt.datetime, ...] = ()  # a pickup may be at, by the place's clock
    soonest: dt.datetime | None = None  # when an order placed now would be ready
    last: tuple[Line, ...] = ()  # of the last order
    titles: Mapping[str, str] = field(default_factory=dict)  # of its products, as they were called then
    favourites: tuple[Line, ...] = ()
    orders: tuple[OpenOrder, ...] = ()  # newest first
    ways: tuple[str, ...] = ("counter",)
    promo: Promo = NO_PROMO  # of the cart
    tried: Promo = NO_PROMO  # of the words just written
    purse: Purse = NO_PURSE
    page: str = ""  # address of the same menu as a page, where the channel can open one
