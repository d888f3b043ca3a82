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
    PARTLY_REFUNDED = "part_refunded"  # of what was paid, a part went back
    CANCELED = "canceled"
    FAILED = "failed"
    UNKNOWN = "unknown"  # a word we do not know


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal as it was told or read. `paid` is what has been paid so far, None when that was not said.

    `part` is the id of what the word is about within the deal (a refund): two of them are two words.
    """

    external_id: str
    order_number: str
    status: DealStatus
    paid: Decimal | None = None
    currency: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    refunded: Decimal = Decimal(0)  # of what was paid, how much has gone back
    part: str = ""
    reason: str = ""  # the provider's own code of why it was canceled

    @property
    def ledger_id(self) -> str:
        """Under which the ledger keeps the word."""
        named = self.external_id or f"order:{self.order_number}"
        return f"{named}/{self.part}" if self.part else named
