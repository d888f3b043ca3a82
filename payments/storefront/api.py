"""The shop's JSON doors, `/shop/api/<channel>/…`. Each is one call and back; the typed page of them is `/shop/api/docs`."""

from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Path, Router, Status

from content.menu.cart import Cart
from content.menu.pricing import mend, price
from content.menus import menu_of, places_of
from content.models import Place
from crm.models import Customer
from payments.shop import again, carts
from payments.storefront import guests, orders, quoting, refusals, showing, tokens
from payments.storefront.admission import GuestToken, admit_address
from payments.storefront.guests import Visit
from payments.storefront.quoting import Wish
from payments.storefront.schemas import (
    CartOut,
    CheckoutIn,
    Code,
    ErrorOut,
    FavouriteIn,
    FavouriteOut,
    LineIn,
    MenuOut,
    MeOut,
    MovedOut,
    OrderIn,
    OrderOut,
    PlacedOut,
    PlaceIn,
    QuoteOut,
    RepeatOut,
    SessionIn,
    SessionOut,
)

NO = {400: ErrorOut, 401: ErrorOut, 404: ErrorOut, 429: ErrorOut}

api = NinjaAPI(
    title="Shop",
    version="1",
    description="The menu, the cart and the orders of one guest. Money is whole kopecks, times are ISO 8601.",
    urls_namespace="shop-api",
    docs_decorator=staff_member_required,
)
router = Router(auth=GuestToken())
refusals.install(api)


@router.post("/session", auth=None, response={201: SessionOut, **NO})
def open_session(request: HttpRequest, channel_id: Path[int], proof: SessionIn) -> Status[SessionOut]:
    """Prove who one is. In Telegram by its launch data; elsewhere by a link of ours, or as a guest without a name."""
    admit_address(request, "session")
    channel = guests.channel_of(channel_id)
    session = guests.session_of(channel, **proof.model_dump(), now=timezone.now())
    return Status(201, SessionOut(token=tokens.issue(session), name=session.name))


@router.get("/menu", auth=None, response={200: MenuOut, 304: None, **NO})
def show_menu(request: HttpRequest, response: HttpResponse, channel_id: Path[int], place: Code = "") -> Any:
    """Show the menu of a place to anybody; ask with `If-None-Match` and an unchanged one is a 304."""
    admit_address(request, "read")
    channel = guests.channel_of(channel_id)
    menu = menu_of(guests.place_of(channel, place), timezone.now())
    tag = f'"{menu.version}"'
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    if tag in request.headers.get("If-None-Match", ""):
        return Status(304, None)
    return Status(200, showing.menu(menu, places_of(channel.scenario_key)))


@router.get("/me", response={200: MeOut, **NO})
def show_me(request: HttpRequest, channel_id: Path[int], place: Code) -> MeOut:
    """Show the guest's cart, favourites and orders; of one who never did anything, emptiness."""
    visit, row = _at(request, place)
    customer = visit.known_customer()
    if customer is None:
        return MeOut(
            name=visit.session.name, cart=_cart(Cart(place=row.code), row), favourites=[], orders=[], last=None
        )
    cart = carts.cart_of(customer, row)
    kept = [FavouriteOut(product=item.product_code, options=item.options) for item in again.favourites_of(customer)]
    return MeOut(
        name=cart.name or visit.session.name,
        cart=_cart(cart, row),
        favourites=kept,
        orders=orders.open_orders(customer),
        last=orders.last_of(customer, row),
    )


@router.put("/cart/line", response={200: CartOut, **NO})
def set_line(request: HttpRequest, channel_id: Path[int], line: LineIn) -> CartOut:
    """Say how many of a product, made so, the cart shall have; said twice it is the same."""
    visit, row = _at(request, line.place)
    product = menu_of(row, timezone.now()).product(line.product)
    is_known = product is not None and all(product.chosen(name) for name in line.options)
    if line.quantity and not is_known:
        raise refusals.NotThere("Этого больше нет в меню.")
    return _cart(carts.change(visit.customer(), row, lambda cart: _with(cart, line)), row)


@router.post("/cart/mend", response={200: CartOut, **NO})
def mend_cart(request: HttpRequest, channel_id: Path[int], at: PlaceIn) -> CartOut:
    """Take out of the cart, or make orderable, what cannot be ordered any more."""
    visit, row = _at(request, at.place)
    menu = menu_of(row, timezone.now())
    return _cart(carts.change(visit.customer(), row, lambda cart: mend(cart, menu)), row)


@router.put("/checkout", response={200: QuoteOut, **NO})
def check_out(request: HttpRequest, channel_id: Path[int], wanted: CheckoutIn) -> QuoteOut:
    """Keep what was filled in and tell what the order would come to now, and when it could be picked up."""
    visit, row = _at(request, wanted.place)
    words = wanted.model_dump(include={"name", "comment", "promo"})
    customer = visit.customer()
    cart = carts.change(customer, row, lambda before: before.describe(**words))
    wish = Wish(wanted.pickup_at, wanted.use_loyalty)
    return quoting.quote_of(customer, row, cart, wish, channel=visit.channel, now=timezone.now())


@router.post("/orders", response={201: PlacedOut, 409: MovedOut, **NO})
def place_order(request: HttpRequest, channel_id: Path[int], wanted: OrderIn) -> Status[PlacedOut]:
    """Order the cart. The server reckons all of it anew; what is not as `expected` is told with 409, and nothing ordered."""
    visit, row = _at(request, wanted.place)
    return Status(201, orders.place_order(visit, row, wanted, now=timezone.now()))


@router.get("/orders/{number}", response={200: OrderOut, **NO})
def show_order(request: HttpRequest, channel_id: Path[int], number: Code) -> OrderOut:
    """Show one order of the guest."""
    return orders.order_of(orders.ticket_of(_visit(request), number))


@router.post("/orders/{number}/cancel", response={200: OrderOut, 422: ErrorOut, **NO})
def cancel_order(request: HttpRequest, channel_id: Path[int], number: Code) -> OrderOut:
    """Cancel an order that nobody has begun to make."""
    return orders.cancel(_visit(request), number, now=timezone.now())


@router.post("/orders/{number}/repeat", response={200: RepeatOut, **NO})
def repeat_order(request: HttpRequest, channel_id: Path[int], number: Code, at: PlaceIn) -> RepeatOut:
    """Put what was ordered then into the cart, instead of what is in it."""
    visit, row = _at(request, at.place)
    items = list(orders.ticket_of(visit, number).order.items.all())
    menu = menu_of(row, timezone.now())
    missing: list[str] = []

    def fill(cart: Cart) -> Cart:
        repeated = again.repeat(cart.clear(), items, menu)
        missing[:] = repeated.missing
        return repeated.cart

    return RepeatOut(cart=_cart(carts.change(visit.customer(), row, fill), row), missing=missing)


@router.put("/favourites", response={200: list[FavouriteOut], **NO})
def set_favourite(request: HttpRequest, channel_id: Path[int], wanted: FavouriteIn) -> list[FavouriteOut]:
    """Keep a product made in one way at hand, or no more."""
    customer = _visit(request).customer()
    act = again.keep if wanted.is_kept else again.drop
    act(customer, wanted.product, wanted.options)
    return [FavouriteOut(product=item.product_code, options=item.options) for item in again.favourites_of(customer)]


def _visit(request: HttpRequest) -> Visit:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _at(request: HttpRequest, code: str) -> tuple[Visit, Place]:
    visit = _visit(request)
    return visit, guests.place_of(visit.channel, code)


def _with(cart: Cart, line: LineIn) -> Cart:
    """Return the cart with so many of this, whatever it had of it."""
    bare = cart
    for known in cart.lines:
        if (known.product, set(known.options)) == (line.product, set(line.options)):
            return bare.set_quantity(known.id, line.quantity)
    return bare.add(line.product, line.options, line.quantity) if line.quantity else bare


def _cart(cart: Cart, place: Place) -> CartOut:
    return showing.cart(cart, price(cart, menu_of(place, timezone.now())))


api.add_router("/{int:channel_id}", router)
__all__ = ["Customer", "api"]
