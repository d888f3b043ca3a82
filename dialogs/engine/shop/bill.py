"""What the cart costs this guest, by what is known now; it is reckoned again when the order is placed. Sums in words."""

from decimal import Decimal

from content.menu.cart import Cart
from content.menu.pricing import PricedLine
from payments.shop.quoting import Quote, quote

from dialogs.engine.shop.goods import NO_PROMO, Promo, Shop


def quote_of(shop: Shop, cart: Cart, *, spends: bool = False) -> Quote:
    """Return the quote of a cart."""
    promo = promo_of(shop, cart.promo)
    return quote(cart, shop.menu, offer=promo.offer, promo_why=promo.why, purse=shop.purse, use_loyalty=spends)


def promo_of(shop: Shop, code: str) -> Promo:
    """Return what is known of a promo code."""
    return next((item for item in (shop.tried, shop.promo) if code and item.code == code), NO_PROMO)


def orderable(quoted: Quote) -> tuple[PricedLine, ...]:
    """Return the lines that can be ordered."""
    return tuple(line for line in quoted.lines if not line.problem)


def roubles(amount: Decimal) -> str:
    """Return a sum as people read it: "1 990 ₽", "1 990,50 ₽"."""
    whole, _, part = f"{amount:,.2f}".partition(".")
    digits = whole.replace(",", "\u00a0")
    return f"{digits}{'' if part == '00' else f',{part}'}\u00a0₽"


def difference(amount: Decimal) -> str:
    """Return what an option adds: "+50 ₽", "−20 ₽", nothing for nothing."""
    if not amount:
        return ""
    return f"{'+' if amount > 0 else '−'}{roubles(abs(amount))}"
