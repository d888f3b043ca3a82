"""What the turns of a batch may know of the shop: a handful of queries for all guests, only for scripts that sell from a menu."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.conf import settings

from bot.models import Chat
from content.menu.cart import Line, canonical
from content.menu.values import Menu
from content.menus import menu_of
from content.models import Place
from content.models.scoped import usable
from crm.models import Customer
from dialogs.engine.shop.goods import OpenOrder, Promo, Shop, Spot
from payments.models import Account, CartRow, Favourite, Order, OrderItem, Ticket
from payments.shop import carts, loyalty, pickup, promos, slots
from payments.shop.pickup import Counter, Pickup
from payments.shop.rewards import Program, Purse
from payments.storefront.links import shop_url

ONLINE = ("telegram", "yookassa")  # providers that a guest of the shop may pay through
IN_CHANNEL = {"telegram": "telegram"}  # … and the channel that one is bound to
MOST_TIMES = 96
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Wish:
    """One guest who stands before the counter: of which scenario, in which kind of channel, at which place."""

    customer: Customer
    scenario_key: str
    channel_kind: str
    place: str = ""  # the code they chose; empty: the first
    chat: Chat | None = None  # where they may open the page of the shop


@dataclass(slots=True)
class _Rows:
    """All that is read for the batch."""

    places: tuple[Place, ...]
    providers: frozenset[str]
    carts: dict[tuple[int, int], CartRow] = field(default_factory=dict)
    taken: dict[int, dict[dt.datetime, int]] = field(default_factory=dict)
    favourites: dict[int, list[Favourite]] = field(default_factory=dict)
    tickets: dict[int, list[Ticket]] = field(default_factory=dict)
    last: dict[tuple[int, int], list[OrderItem]] = field(default_factory=dict)
    programs: dict[int, Program] = field(default_factory=dict)
    points: dict[tuple[int, str], int] = field(default_factory=dict)


def shops_of(wishes: Sequence[Wish], now: dt.datetime) -> list[Shop | None]:
    """Return the shop as each of the guests sees it, in order; None where a scenario has no place to sell at."""
    if not wishes:
        return []
    rows = _read([wish.customer.pk for wish in wishes if wish.customer.pk], now)
    return [_shop(wish, rows, now) for wish in wishes]


def _read(customers: Sequence[int], now: dt.datetime) -> _Rows:
    places = tuple(Place.objects.filter(is_active=True))
    providers = Account.objects.filter(is_active=True, provider__in=ONLINE).values_list("provider", flat=True)
    rows = _Rows(places, frozenset(providers))
    rows.taken = slots.taken([place.pk for place in places], now)
    rows.programs = {place.pk: loyalty.program_of(place) for place in places}
    if not customers:
        return rows
    for cart in CartRow.objects.filter(customer__in=customers):
        rows.carts[cart.customer_id, cart.place_id] = cart
    rows.favourites = _grouped(Favourite.objects.filter(customer__in=customers).order_by("-pk"))
    open_ones = Ticket.objects.filter(order__customer__in=customers, status__in=Ticket.OPEN)
    for ticket in open_ones.select_related("order", "place").order_by("-pk"):
        rows.tickets.setdefault(ticket.order.customer_id, []).append(ticket)
    rows.last = _last_orders(customers)
    for program in set(rows.programs.values()):
        for customer, purse in loyalty.purses_of(customers, program).items():
            rows.points[customer, program.unit] = purse.balance
    return rows


def _grouped(rows: Iterable[Favourite]) -> dict[int, list[Favourite]]:
    found: dict[int, list[Favourite]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(row)
    return found


def _last_orders(customers: Sequence[int]) -> dict[tuple[int, int], list[OrderItem]]:
    """Return what the newest order of each guest at each place was made of."""
    newest = (
        Order.objects.filter(customer__in=customers, ticket__isnull=False)
        .exclude(ticket__status__in=Ticket.GIVEN_UP)
        .order_by("customer_id", "ticket__place_id", "-pk")
        .distinct("customer_id", "ticket__place_id")
        .values_list("pk", "customer_id", "ticket__place_id")
    )
    owners = {pk: (customer, place) for pk, customer, place in newest}
    found: dict[tuple[int, int], list[OrderItem]] = defaultdict(list)
    for item in OrderItem.objects.filter(order__in=owners).order_by("pk") if owners else ():
        found[owners[item.order_id]].append(item)
    return found


def _shop(wish: Wish, rows: _Rows, now: dt.datetime) -> Shop | None:
    places = usable(rows.places, wish.scenario_key, name="code")
    place = next((item for item in places if item.code == wish.place), None) or next(iter(places), None)
    if place is None:
        return None
    pk = wish.customer.pk or NOBODY
    cart, menu = carts.cart_in(rows.carts.get((pk, place.pk)), place), menu_of(place, now)
    items, zone = rows.last.get((pk, place.pk), []), ZoneInfo(place.time_zone)
    soonest, times = _times(place, menu, [line.product for line in cart.lines], rows, now)
    program = rows.programs[place.pk]
    return Shop(
        menu=menu,
        cart=cart,
        places=tuple(Spot(item.code, item.name, item.address) for item in places),
        times=tuple(item.at.astimezone(zone) for item in times[:MOST_TIMES]),
        soonest=soonest.at.astimezone(zone) if soonest is not None else None,
        last=tuple(_line(number, item) for number, item in enumerate(items, 1)),
        titles={item.code: item.title for item in items},
        favourites=tuple(
            Line(row.pk, row.product_code, canonical(row.options)) for row in rows.favourites.get(pk, [])[:MOST_SHOWN]
        ),
        orders=tuple(_open_order(ticket, now) for ticket in rows.tickets.get(pk, [])),
        ways=ways_in(wish.channel_kind, rows.providers),
        promo=promo_of(cart.promo, wish.customer, place, now),
        page=page_for(wish.chat),
        purse=Purse(program, max(0, rows.points.get((pk, program.unit), 0))),
    )


MOST_SHOWN = 12  # favourites on one screen


def _line(number: int, item: OrderItem) -> Line:
    return Line(number, item.code, canonical(option["code"] for option in item.options), item.quantity)


def _times(
    place: Place, menu: Menu, codes: Iterable[str], rows: _Rows, now: dt.datetime
) -> tuple[Pickup | None, list[Pickup]]:
    """Return when an order of this cart could be fetched: the longest of its goods says how long."""
    own = place.prep_minutes
    items = [item for code in codes if (item := menu.product(code)) is not None]
    longest = max((own if item.prep_minutes is None else item.prep_minutes for item in items), default=own)
    minutes = longest + (place.busy_minutes if place.is_busy_at(now) else 0)
    counter, taken = Counter(place.hours, place.capacity, minutes), rows.taken.get(place.pk, {})
    return pickup.earliest(counter, now, taken), pickup.times(counter, now, taken)


def _open_order(ticket: Ticket, now: dt.datetime) -> OpenOrder:
    place = ticket.place
    return OpenOrder(
        order=ticket.order_id,
        ticket=str(ticket.number),
        status=ticket.status,
        ready_at=ticket.pickup_at.astimezone(ZoneInfo(place.time_zone)),
        amount=ticket.order.amount,
        place=", ".join(part for part in (place.name, place.address) if part),
        can_cancel=ticket.status in Ticket.CANCELABLE_BY_GUEST,
        is_paid=ticket.order.status == Order.Status.PAID,
    )


def ways_in(channel_kind: str, providers: Iterable[str]) -> tuple[str, ...]:
    """Return how a guest of this channel may pay: at the counter always."""
    online = (way for way in ONLINE if way in providers and IN_CHANNEL.get(way, channel_kind) == channel_kind)
    return ("counter", *online)


def page_for(chat: Chat | None) -> str:
    """Return the address of the shop's page; Telegram opens none but https, its stand-ins take any."""
    if chat is None or not (
        settings.PUBLIC_URL.startswith("https:") or chat.channel.api_url or chat.channel.kind != "telegram"
    ):
        return ""
    return shop_url(chat)


def promo_of(code: str, customer: Customer, place: Place, now: dt.datetime) -> Promo:
    """Return what a code does for this guest now."""
    if not code:
        return Promo()
    standing = promos.find(code, customer, place, now)
    return Promo(standing.code, standing.offer, standing.why)


def promo_now(code: str, customer: Customer, menu: Menu, now: dt.datetime) -> Promo:
    """Return what a code does at the place of this menu: one just written, or one of a cart."""
    place = None if not code else Place.objects.filter(code=menu.place).first()
    return promo_of(code, customer, place, now) if place is not None else Promo()
