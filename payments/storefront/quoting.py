"""What a guest's cart comes to right now, as the page shows it: menu, promo, loyalty, times, ways."""

import datetime as dt
from dataclasses import dataclass

from bot.models import Channel
from content.menu.cart import Cart
from content.menu.changes import Change, Kind
from content.menu.values import Menu
from content.menus import menu_of
from content.models import Place
from crm.models import Customer
from payments.shop import loyalty, pickups, promos
from payments.shop.quoting import Quote, quote
from payments.shop.rewards import Purse
from payments.storefront import showing, ways, words
from payments.storefront.schemas import Expected, LoyaltyOut, PickupOut, PromoOut, QuoteOut


@dataclass(frozen=True, slots=True)
class Wish:
    """What the guest asked for beside the goods."""

    pickup_at: dt.datetime | None = None
    use_loyalty: bool = False


def quote_of(
    customer: Customer, place: Place, cart: Cart, wish: Wish, *, channel: Channel, now: dt.datetime
) -> QuoteOut:
    """Reckon the cart; the channel decides how one can pay."""
    menu = menu_of(place, now, at=wish.pickup_at)
    standing = promos.find(cart.promo, customer, place, now)
    purse = loyalty.purse_of(customer, place)
    reckoned = quote(
        cart, menu, offer=standing.offer, promo_why=standing.why, purse=purse, use_loyalty=wish.use_loyalty
    )
    pickup = _pickup(place, reckoned, now)
    return QuoteOut(
        lines=showing.lines(cart, reckoned.priced),
        subtotal=showing.kopecks(reckoned.subtotal),
        total=showing.kopecks(reckoned.total),
        promo=PromoOut(
            code=cart.promo,
            why=words.PROMO_WHY.get(reckoned.promo_why, "") if cart.promo else "",
            amount=showing.kopecks(reckoned.reward.promo),
        ),
        loyalty=_loyalty(reckoned, purse),
        pickup=pickup,
        ways=ways.open_ways(channel),
        changes=showing.changes(_without_closed(reckoned.changes, pickup, menu), place.time_zone),
        expected=Expected.model_validate(reckoned.seen()),
        name=cart.name,
        comment=cart.comment,
    )


def _pickup(place: Place, reckoned: Quote, now: dt.datetime) -> PickupOut:
    soonest, times = pickups.times_of(place, reckoned.lines, now)
    return PickupOut(soonest=soonest.at if soonest else None, times=[item.at for item in times])


def _without_closed(changes: tuple[Change, ...], pickup: PickupOut, menu: Menu) -> tuple[Change, ...]:
    """A closed place still takes orders for when it opens: the times on offer say so."""
    if not pickup.times and pickup.soonest is None:
        return changes
    return tuple(item for item in changes if item.kind is not Kind.PLACE_CLOSED or menu.is_paused)


def _loyalty(reckoned: Quote, purse: Purse) -> LoyaltyOut:
    unit, every = reckoned.unit, purse.program.cost if reckoned.unit == "stamp" else 0
    offer = "Взять напиток в подарок" if unit == "stamp" else f"Списать баллы: {reckoned.balance}"
    return LoyaltyOut.model_validate(
        {
            "unit": unit,
            "balance": reckoned.balance,
            "every": every,
            "amount": showing.kopecks(reckoned.reward.loyalty),
            "earns": max(0, reckoned.reward.earns),
            "can_spend": reckoned.can_spend,
            "text": words.loyalty_text(unit, reckoned.balance, every) if unit else "",
            "offer": offer if unit else "",
        }
    )
