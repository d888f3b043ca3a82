"""What promo codes and loyalty take off, and what an order earns. Pure: sums in, sums out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

KOPECK, NOTHING, HUNDRED = Decimal("0.01"), Decimal(0), Decimal(100)
STAMP, POINT = "stamp", "point"


@dataclass(frozen=True, slots=True)
class Goods:
    """One line as rewards see it."""

    line: int
    category: str
    unit: Decimal
    quantity: int

    @property
    def amount(self) -> Decimal:
        """The price of the line."""
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Program:
    """The rules of loyalty; `kind` is off, nth or points."""

    kind: str = "off"
    every: int = 0
    categories: frozenset[str] = frozenset()  # empty: all
    most_free: Decimal | None = None
    percent: Decimal = NOTHING
    max_share: int = 0

    @property
    def unit(self) -> str:
        """What is saved up."""
        return {"nth": STAMP, "points": POINT}.get(self.kind, "")

    @property
    def cost(self) -> int:
        """The stamps of one free drink: the Nth is the free one, so it takes one less."""
        return self.every - 1

    def counts(self, goods: Goods) -> bool:
        """Tell whether a line is of the program's categories."""
        return not self.categories or goods.category in self.categories


@dataclass(frozen=True, slots=True)
class Purse:
    """What a guest has saved under the rules in force."""

    program: Program = Program()
    balance: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a valid promo code takes off; `kind` is percent or amount."""

    code: str
    kind: str
    value: Decimal
    least_amount: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Reward:
    """What came out: sums taken off, what of the purse is spent, what is earned, and each line's part."""

    promo: Decimal = NOTHING
    loyalty: Decimal = NOTHING
    spent: int = 0
    earns: int = 0
    discounts: dict[int, Decimal] = field(default_factory=dict)  # by line

    @property
    def total(self) -> Decimal:
        """All that is taken off."""
        return self.promo + self.loyalty


def reckon(goods: Sequence[Goods], offer: Offer | None, purse: Purse, *, use_loyalty: bool) -> Reward:
    """Take off the free drink, then the promo, then the points: each from what is left."""
    taken = dict.fromkeys((item.line for item in goods), NOTHING)
    free, spent = _free_drink(goods, purse) if use_loyalty else ({}, 0)
    _add(taken, free)
    promo = _promo(goods, taken, offer)
    points = _points(goods, taken, purse) if use_loyalty else 0
    if points:
        _add(taken, _spread(Decimal(points), _left(goods, taken)))
    loyalty = sum(free.values(), NOTHING) + points
    earns = _earned(goods, purse.program, taken, free)
    return Reward(promo, loyalty, spent + points, earns, taken)


def can_spend(goods: Sequence[Goods], purse: Purse) -> bool:
    """Tell whether what was saved would take anything off these goods."""
    return reckon(goods, None, purse, use_loyalty=True).loyalty > 0


def _free_drink(goods: Sequence[Goods], purse: Purse) -> tuple[dict[int, Decimal], int]:
    """Take off one unit, the dearest that counts: the guest's gain is never less than they hoped."""
    program = purse.program
    eligible = [item for item in goods if program.counts(item) and item.unit > 0]
    if program.kind != "nth" or purse.balance < program.cost or not eligible:
        return {}, 0
    dearest = max(eligible, key=lambda item: (item.unit, -item.line))
    amount = dearest.unit if program.most_free is None else min(dearest.unit, program.most_free)
    return {dearest.line: amount}, program.cost


def _promo(goods: Sequence[Goods], taken: dict[int, Decimal], offer: Offer | None) -> Decimal:
    if offer is None or sum((item.amount for item in goods), NOTHING) < offer.least_amount:
        return NOTHING
    left = _left(goods, taken)
    whole = sum(left.values(), NOTHING)
    amount = offer.value if offer.kind == "amount" else _round(whole * offer.value / HUNDRED)
    amount = min(amount, whole)
    _add(taken, _spread(amount, left))
    return amount


def _points(goods: Sequence[Goods], taken: dict[int, Decimal], purse: Purse) -> int:
    if purse.program.kind != "points":
        return 0
    whole = sum(_left(goods, taken).values(), NOTHING)
    return max(0, min(purse.balance, int(whole * purse.program.max_share / HUNDRED)))


def _earned(goods: Sequence[Goods], program: Program, taken: dict[int, Decimal], free: dict[int, Decimal]) -> int:
    if program.kind == "nth":
        return sum(item.quantity for item in goods if program.counts(item)) - len(free)
    paid = sum(_left([item for item in goods if program.counts(item)], taken).values(), NOTHING)
    return int(paid * program.percent / HUNDRED) if program.kind == "points" else 0


def _left(goods: Sequence[Goods], taken: dict[int, Decimal]) -> dict[int, Decimal]:
    return {item.line: item.amount - taken[item.line] for item in goods}


def _add(taken: dict[int, Decimal], more: dict[int, Decimal]) -> None:
    for line, amount in more.items():
        taken[line] += amount


def _spread(amount: Decimal, weights: dict[int, Decimal]) -> dict[int, Decimal]:
    """Divide a sum over lines by their weight, to the kopeck and never more than the line: nothing is lost or invented."""
    whole, parts, rest = sum(weights.values(), NOTHING), dict[int, Decimal](), amount
    for line, weight in weights.items():
        part = min(weight, rest, _round(rest * weight / whole)) if whole else NOTHING
        parts[line], rest, whole = part, rest - part, whole - weight
    return parts


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(KOPECK, ROUND_HALF_UP)
