"""What a cart comes to: goods by the menu, promo, loyalty, and what is not as the guest saw it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from content.menu.cart import Cart
from content.menu.changes import Change, Kind
from content.menu.pricing import Priced, PricedLine, price
from content.menu.values import Menu
from payments.shop import rewards
from payments.shop.rewards import Goods, Offer, Purse, Reward

NO_PURSE = Purse()


@dataclass(frozen=True, slots=True)
class Quote:
    """A cart reckoned to the last kopeck; `changes` is empty when all is as the guest saw it."""

    priced: Priced
    reward: Reward
    promo: str  # the code that takes something off; "" when none does
    promo_why: str  # why a code takes nothing off: unknown, not_yet, over, used_up, used_by_guest, too_little
    unit: str  # what is saved up here: stamp, point, ""
    balance: int
    can_spend: bool  # what was saved would take something off
    uses_loyalty: bool
    changes: tuple[Change, ...]

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """The lines with words and prices."""
        return self.priced.lines

    @property
    def subtotal(self) -> Decimal:
        """What the goods cost."""
        return self.priced.subtotal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal - self.reward.total

    def seen(self) -> dict[str, Any]:
        """Return what the guest sees here, to be handed back as `expected` with the wish to order."""
        sums = {"total": str(self.total), "promo": str(self.reward.promo), "loyalty": str(self.reward.loyalty)}
        return {**self.priced.seen(), **sums}


def quote(
    cart: Cart,
    menu: Menu,
    *,
    offer: Offer | None = None,
    promo_why: str = "",
    purse: Purse = NO_PURSE,
    use_loyalty: bool = False,
    expected: Mapping[str, Any] | None = None,
) -> Quote:
    """Reckon a cart by the menu as it is now; `expected` is what `Quote.seen` returned when the guest looked last."""
    priced = price(cart, menu, expected)
    goods = [goods_of(line, menu) for line in priced.lines if not line.problem]
    reward = rewards.reckon(goods, offer, purse, use_loyalty=use_loyalty)
    if offer is not None and priced.subtotal < offer.least_amount:
        promo_why = "too_little"
    changes = (*priced.changes, *_moved(priced, reward, promo_why, cart, expected))
    return Quote(
        priced=priced,
        reward=reward,
        promo=offer.code if offer is not None and reward.promo else "",
        promo_why=promo_why,
        unit=purse.program.unit,
        balance=purse.balance,
        can_spend=rewards.can_spend(goods, purse),
        uses_loyalty=reward.loyalty > 0,
        changes=changes,
    )


def goods_of(line: PricedLine, menu: Menu) -> Goods:
    """Return a line as rewards see it."""
    product = menu.product(line.product)
    return Goods(line.id, product.category if product else "", line.unit, line.quantity)


def _moved(priced: Priced, reward: Reward, why: str, cart: Cart, expected: Mapping[str, Any] | None) -> list[Change]:
    """Tell what promo and loyalty no longer take off. What became better for the guest is no reason to ask."""
    if expected is None:
        return []
    changes = []
    promo, loyalty = _sum(expected, "promo"), _sum(expected, "loyalty")
    if reward.promo < promo:
        changes.append(Change(Kind.PROMO_OVER, None, {"promo": cart.promo, "reason": why or "less"}))
    if reward.loyalty < loyalty:
        changes.append(Change(Kind.LOYALTY_CHANGED, None, {"was": str(loyalty), "now": str(reward.loyalty)}))
    total = priced.subtotal - reward.total
    if not changes and not priced.changes and "total" in expected and total > _sum(expected, "total"):
        # Nothing above explains it (a cart changed elsewhere meanwhile): never charged silently all the same.
        facts = {"product": "", "was": str(expected["total"]), "now": str(total)}
        changes.append(Change(Kind.PRICE_CHANGED, None, facts))
    return changes


def _sum(expected: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(str(expected.get(name) or 0))
