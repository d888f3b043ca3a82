"""What stands on a receipt (54-FZ): the positions, to the kopeck, and the shop's terms. Pure.

https://yookassa.ru/developers/54fz/parameters-values
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

KOPECK = Decimal("0.01")
MAX_TITLE = 128  # characters of one position
# Rates of VAT: 1 none, 2 0%, 3 10%, 4 20%, 5 10/110, 6 20/120, 7 5%, 8 7%, 9 5/105, 10 7/107, 11 22%, 12 22/122.
VAT_CODES = range(1, 13)
TAX_SYSTEMS = (1, 2, 3, 5, 6)  # ОСН, УСН income, УСН income less costs, ЕСХН, ПСН; 4 (ЕНВД) is gone
PAYMENT_MODES = ("full_payment", "full_prepayment")  # handed over at once; ordered ahead (then a second receipt is due)
PAYMENT_SUBJECTS = ("commodity", "service", "payment", "another")


@dataclass(frozen=True, slots=True)
class Position:
    """One line: `price` is of one piece."""

    title: str
    price: Decimal
    quantity: int = 1
    vat_code: int | None = None  # None: the account's own
    discount: Decimal = Decimal(0)  # taken off the whole line

    @property
    def amount(self) -> Decimal:
        """What is paid for the whole line."""
        return self.price * self.quantity - self.discount


@dataclass(frozen=True, slots=True)
class Terms:
    """How a shop is taxed; settings of its account, for rates change by law."""

    vat_code: int = 1
    tax_system: int | None = None
    subject: str = "commodity"
    mode: str = "full_payment"


def spread(positions: Sequence[Position], total: Decimal) -> tuple[Position, ...]:
    """Return positions that add up to `total` exactly: what differs (a discount) falls on each by its weight.

    A line whose pieces cannot all cost the same becomes two lines. What costs nothing is left out: a receipt takes no zero.
    Raises `ValueError` when there is nothing to spread over.
    """
    weights = [_kopecks(item.amount) for item in positions]
    if any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError("a receipt needs positions that cost something")
    shares = _shares(weights, _kopecks(total))
    pieces = [part for item, share in zip(positions, shares, strict=True) for part in _pieces(item, share)]
    return tuple(item for item in pieces if item.price)


def _shares(weights: Sequence[int], total: int) -> list[int]:
    """Split `total` by `weights`; the kopecks left over go to the largest remainders, the earlier line first."""
    whole = sum(weights)
    shares = [weight * total // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda n: (-(weights[n] * total % whole), n))
    for number in rests[: total - sum(shares)]:
        shares[number] += 1
    return shares


def _pieces(item: Position, share: int) -> tuple[Position, ...]:
    price, dearer = divmod(share, item.quantity)
    cheap = _priced(item, price, item.quantity - dearer)
    return (cheap, _priced(item, price + 1, dearer)) if dearer else (cheap,)


def _priced(item: Position, kopecks: int, quantity: int) -> Position:
    return Position(item.title[:MAX_TITLE], Decimal(kopecks) * KOPECK, quantity, item.vat_code)


def _kopecks(amount: Decimal) -> int:
    kopecks = amount / KOPECK
    if kopecks != kopecks.to_integral_value():
        raise ValueError("a part of a kopeck is no money")
    return int(kopecks)
