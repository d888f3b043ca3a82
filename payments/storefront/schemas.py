"""What goes through the shop's doors, typed: the OpenAPI page is made of these. Money is whole kopecks."""

import datetime as dt
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from content.menu import cart as limits

NO_NUL = r"^[^\x00]*$"  # what PostgreSQL takes as text


def _text(longest: int, pattern: str = NO_NUL) -> object:
    return StringConstraints(max_length=longest, pattern=pattern)


Code = Annotated[str, StringConstraints(min_length=1, max_length=limits.LONGEST_CODE, pattern=r"^[A-Za-z0-9_-]+$")]
OptionCode = Annotated[
    str, StringConstraints(max_length=limits.LONGEST_CODE, pattern=r"^[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$")
]
Options = Annotated[list[OptionCode], Field(max_length=40)]
Words = Annotated[str, _text(limits.LONGEST_COMMENT)]
Name = Annotated[str, _text(limits.LONGEST_NAME)]
PromoCode = Annotated[str, _text(limits.LONGEST_PROMO)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Sum = Annotated[str, StringConstraints(pattern=r"^-?\d{1,10}(\.\d{1,4})?$")]
Proof = Annotated[str, _text(8_192)]
# The years in which orders are placed: an instant of the year 9999 has no tomorrow.
Instant = Annotated[
    AwareDatetime, Field(ge=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), le=dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
]


class Asked(Schema):
    """What a page sends: a field we do not know is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")


class SessionIn(Asked):
    """Who is it: Telegram's launch data, the token of a link we sent, or the session of before."""

    init_data: Proof = ""
    guest: Proof = ""
    token: Proof = ""


class SessionOut(Schema):
    """`token` goes into `Authorization: Bearer` for a day."""

    token: str
    name: str


class LineIn(Asked):
    """So many of a product made so; said twice it is the same, none takes it out."""

    place: Code
    product: Code
    options: Options = []
    quantity: Annotated[int, Field(ge=0, le=limits.MOST_OF_ONE)]


class PlaceIn(Asked):
    """At which place."""

    place: Code


class FavouriteIn(Asked):
    """Keep it at hand, or no more."""

    product: Code
    options: Options = []
    is_kept: bool


class CheckoutIn(Asked):
    """What the guest has filled in; what is null stays as it was."""

    place: Code
    name: Name | None = None
    comment: Words | None = None
    promo: PromoCode | None = None
    pickup_at: Instant | None = None
    use_loyalty: bool = False


class SeenLine(Asked):
    """One line as it was shown."""

    title: Annotated[str, _text(250)]
    unit: Sum


class Expected(Asked):
    """What the guest was shown, as `PUT checkout` returned it: the order is compared with it, never reckoned from it."""

    lines: Annotated[dict[Annotated[str, StringConstraints(pattern=r"^\d{1,10}$")], SeenLine], Field(max_length=40)]
    subtotal: Sum
    total: Sum
    promo: Sum
    loyalty: Sum


class OrderIn(Asked):
    """The wish to order; one key is one order, however often it is sent."""

    key: Key
    place: Code
    expected: Expected
    name: Name = ""
    comment: Words = ""
    promo: PromoCode = ""
    pickup_at: Instant | None = None
    use_loyalty: bool = False
    way: Code


class OptionOut(Schema):
    """`price` is a difference; `left` null is uncounted, 0 is ended."""

    code: str
    name: str
    price: int
    usual: bool
    left: int | None


class GroupOut(Schema):
    """At least `least` and at most `most` of `options`."""

    code: str
    name: str
    least: int
    most: int
    options: list[OptionOut]


class ProductOut(Schema):
    """`can` tells whether it can be ordered now, `why` the reason when not."""

    code: str
    name: str
    price: int
    details: str
    description: str
    photo: str
    emoji: str
    groups: list[GroupOut]
    left: int | None
    hours: str
    can: bool
    why: str


class ShelfOut(Schema):
    """A category with the codes of its products."""

    code: str
    name: str
    emoji: str
    products: list[str]


class PlaceOut(Schema):
    """Where it is made. Times are told by its zone."""

    code: str
    name: str
    address: str
    zone: str
    is_open: bool
    notice: str


class MenuOut(Schema):
    """`version` changes with anything a guest can see."""

    version: str
    place: PlaceOut
    places: list[PlaceOut]
    shelves: list[ShelfOut]
    products: dict[str, ProductOut]


class CartLineOut(Schema):
    """A line with its words and its price; `problem` tells why it cannot be ordered."""

    id: int
    product: str
    title: str
    options: list[str]  # codes, as the cart keeps them
    details: str
    quantity: int
    unit: int
    total: int
    problem: str


class CartOut(Schema):
    """The guest's cart, one for the chat and the page."""

    lines: list[CartLineOut]
    subtotal: int
    name: str
    comment: str
    promo: str


class ChangeOut(Schema):
    """What is not as the guest saw it; `line` null is the whole order."""

    kind: str
    line: int | None
    text: str


class PromoOut(Schema):
    """`why` tells what keeps the code from working."""

    code: str
    why: str
    amount: int


class LoyaltyOut(Schema):
    """What was saved: stamps or points, "" when there is no program."""

    unit: Literal["", "stamp", "point"]
    balance: int
    every: int
    amount: int
    earns: int
    can_spend: bool
    text: str
    offer: str


class PickupOut(Schema):
    """The soonest time (null: none) and the ones to choose from."""

    soonest: dt.datetime | None
    times: list[dt.datetime]


class WayOut(Schema):
    """One way to pay."""

    code: str
    title: str
    note: str


class QuoteOut(Schema):
    """What the cart comes to; `expected` goes back with the wish to order."""

    lines: list[CartLineOut]
    subtotal: int
    total: int
    promo: PromoOut
    loyalty: LoyaltyOut
    pickup: PickupOut
    ways: list[WayOut]
    changes: list[ChangeOut]
    expected: Expected
    name: str
    comment: str


class PayOut(Schema):
    """What is to be done for the money: nothing, Telegram's own sheet, or the provider's page."""

    kind: Literal["none", "invoice", "link", "soon"]  # soon: the address is being made, ask for the order again
    url: str = ""


class OrderLineOut(Schema):
    """A line as it was ordered."""

    title: str
    details: str
    quantity: int
    total: int


class OrderOut(Schema):
    """An order on its way; `ticket` is the number that is called out."""

    number: str
    ticket: int
    status: str
    title: str
    note: str
    zone: str
    pickup_at: dt.datetime
    is_asap: bool
    is_paid: bool
    can_cancel: bool
    total: int
    lines: list[OrderLineOut]
    place: str
    place_name: str
    address: str
    pay: PayOut


class PlacedOut(Schema):
    """The order, and what is to be done for the money."""

    order: OrderOut
    pay: PayOut


class LastOut(Schema):
    """The order to be repeated."""

    number: str
    words: str


class FavouriteOut(Schema):
    """A product made in one way."""

    product: str
    options: list[str]


class MeOut(Schema):
    """All that the page needs to know of its guest."""

    name: str
    cart: CartOut
    favourites: list[FavouriteOut]
    orders: list[OrderOut]
    last: LastOut | None


class RepeatOut(Schema):
    """The cart as before, and the names of what is no longer to be had."""

    cart: CartOut
    missing: list[str]


class ErrorWords(Schema):
    """`code` is for the page, `message` for the guest."""

    code: str
    message: str


class ErrorOut(Schema):
    """Nothing was done."""

    error: ErrorWords


class MovedOut(ErrorOut):
    """Nothing was ordered: this has moved, and so it would be now."""

    changes: list[ChangeOut]
    quote: QuoteOut
