"""What a provider says of one deal, in our words. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class DealStatus(StrEnum):
    """How a deal stands at a provider, whatever the provider calls it."""

    PENDING = "pending"  # made, not paid
    PARTIAL = "partial"
    PAID = "paid"
    REFUNDED = "refunded"
    CANCELED = "canceled"
    FAILED = "failed"
    UNKNOWN = "unknown"  # a word we do not know


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal as it was told or read. `paid` is what has been paid so far, None when that was not said."""

    external_id: str
    order_number: str
    status: DealStatus
    paid: Decimal | None = None
    currency: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
