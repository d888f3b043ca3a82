"""The shop of a simulation: the real menu, hours and codes; the cart and the orders are of this page alone."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from content.menu.cart import Cart, Line
from crm.models import Customer
from dialogs.engine.effects import Effect
from dialogs.engine.events import OrderTold
from dialogs.engine.script import Script
from dialogs.engine.shop.bill import quote_of, roubles
from dialogs.engine.shop.browsing import PROMO
from dialogs.engine.shop.cart_changes import applied
from dialogs.engine.shop.effects import CancelOrder, ChangeCart, KeepFavourite, PlaceOrder
from dialogs.engine.shop.goods import OpenOrder, Shop
from dialogs.engine.shop.words import promo_in
from dialogs.engine.state import State
from dialogs.shop_facts import Wish, promo_now, shops_of

STEPS = ("making", "ready", "picked_up")  # what `!making`, `!ready` and `!picked_up` let the shop do

Till = Mapping[str, Any]  # plain JSON: cart, orders, last, favourites


def shop_at(script: Script, till: Till, now: dt.datetime, *, state: State, text: str = "") -> Shop | None:
    """Return the shop as the simulated guest sees it; `text` is what they write, maybe a promo code."""
    if script.shop is None:
        return None
    nobody = Customer(name="")
    [shop] = shops_of([Wish(nobody, script.key, "simulator", state.values.get("place", ""))], now)
    if shop is None:
        return None
    cart = Cart.from_json(till["cart"]) if "cart" in till else shop.cart
    code = promo_in(text, is_asked=state.shop.asks == PROMO)
    return replace(
        shop,
        cart=replace(cart, place=shop.menu.place),
        last=_lines(till.get("last")),
        favourites=_lines(till.get("favourites")),
        orders=tuple(_order(item) for item in reversed(till.get("orders", ()))),
        promo=promo_now(cart.promo, nobody, shop.menu, now),
        tried=promo_now(code, nobody, shop.menu, now),
    )


def _lines(raw: Any) -> tuple[Line, ...]:
    return tuple(Line(place, item[0], tuple(item[1]), item[2]) for place, item in enumerate(raw or (), 1))


def _order(raw: Mapping[str, Any]) -> OpenOrder:
    moment = dt.datetime.fromisoformat(raw["ready_at"])
    can_cancel = raw["status"] == "received"
    return OpenOrder(
        raw["order"], str(raw["order"]), raw["status"], moment, Decimal(raw["amount"]), raw["place"], can_cancel
    )


def learned(till: Till, effect: Effect, shop: Shop | None) -> dict[str, Any]:
    """Return the till after an effect."""
    if shop is None:
        return dict(till)
    cart = Cart.from_json(till["cart"]) if "cart" in till else shop.cart
    match effect:
        case ChangeCart():
            return {**till, "cart": applied(cart, effect.change).to_json()}
        case PlaceOrder():
            return _placed(till, effect, cart, shop)
        case CancelOrder():
            return {**till, "orders": [item for item in till.get("orders", ()) if item["order"] != effect.order]}
        case KeepFavourite():
            kept = [item for item in till.get("favourites", ()) if item[:2] != [effect.product, list(effect.options)]]
            new = [[effect.product, list(effect.options), 1]] if effect.is_kept else []
            return {**till, "favourites": [*new, *kept]}
    return dict(till)


def _placed(till: Till, effect: PlaceOrder, cart: Cart, shop: Shop) -> dict[str, Any]:
    number = int(till.get("number", 0)) + 1
    moment = effect.pickup_at or shop.soonest
    order = {
        "order": number,
        "status": "received",
        "ready_at": moment.isoformat() if moment is not None else "",
        "amount": str(quote_of(shop, cart, spends=effect.spends).total),
        "place": shop.menu.place_name,
        "key": effect.key,
    }
    last = [[line.product, list(line.options), line.quantity] for line in cart.lines]
    return {
        **till,
        "number": number,
        "orders": [*till.get("orders", ()), order],
        "last": last,
        "cart": cart.clear().to_json(),
    }


def news_of(effects: Iterable[Effect], till: Till) -> Iterable[OrderTold]:
    """Return what the shop answers to a turn: it always makes the order."""
    for effect in effects:
        if isinstance(effect, PlaceOrder):
            yield _told("placed", till["orders"][-1])
        elif isinstance(effect, CancelOrder):
            yield OrderTold("canceled", order=effect.order, ticket=str(effect.order))


def done(till: Till, what: str) -> tuple[dict[str, Any], OrderTold | None]:
    """Let the shop take the next step with the newest order; return the till, and the news."""
    orders = list(till.get("orders", ()))
    if not orders:
        return dict(till), None
    newest = {**orders[-1], "status": what}
    rest = orders[:-1] if what == "picked_up" else [*orders[:-1], newest]
    return {**till, "orders": rest}, _told(what, newest)


def _told(what: str, order: Mapping[str, Any]) -> OrderTold:
    amount = roubles(Decimal(order["amount"]))
    return OrderTold(
        what,
        order=order["order"],
        ticket=str(order["order"]),
        status=order["status"],
        way="counter",
        place=order["place"],
        ready_at=dt.datetime.fromisoformat(order["ready_at"]) if order["ready_at"] else None,
        amount=amount,
        to_pay=amount,
        can_cancel=order["status"] == "received",
        key=order["key"],
    )
