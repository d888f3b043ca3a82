"""What every payment provider can be asked. A provider speaks HTTP and knows no rows of ours but its account."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from bot.messages import Invoice
from payments.errors import Unsupported
from payments.facts import Deal
from payments.models import Account
from payments.receipts import Position


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid, by whom. `number` is our own order number: the same bill twice is one deal."""

    number: str
    amount: Decimal
    currency: str
    titles: tuple[str, ...]
    codes: tuple[str, ...]
    name: str = ""
    email: str = ""
    phone: str = ""
    page: str = ""  # the product's own page of payment, from its settings
    payment_id: int = 0  # our row: of two payments of one order each is a bill of its own
    positions: tuple[Position, ...] = ()  # as ordered, before discounts
    return_url: str = ""  # where the customer comes back to
    title: str = ""  # how people call the order


@dataclass(frozen=True, slots=True)
class Link:
    """Where the customer pays. `external_id` is empty while the provider has no deal yet.

    `invoice`: the channel itself takes the money, and the chat is sent a bill in place of a button.
    """

    url: str
    external_id: str = ""
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """What is to go back. `key` names this very refund: asked twice under it, it is one."""

    key: str
    external_id: str  # of the payment
    number: str  # of the order
    amount: Decimal
    currency: str
    is_whole: bool
    positions: tuple[Position, ...] = ()
    email: str = ""
    phone: str = ""


class RefundStatus(enum.StrEnum):
    """How a refund stands at the provider."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundState:
    """What the provider says of one refund."""

    external_id: str
    status: RefundStatus
    reason: str = ""


class Provider(ABC):
    """One payment provider. Every method that asks the outside raises `payments.errors.ProviderError` only."""

    title: ClassVar[str]
    # What `manage.py connect` and the admin ask for, name -> label; all of them are secrets.
    keys: ClassVar[Mapping[str, Any]] = {}
    can_refund: ClassVar[bool] = False  # through its API; else a person does it in the provider's cabinet
    needs_contact: ClassVar[bool] = False  # makes no link for a customer without an e-mail and a phone
    is_money_apart: ClassVar[bool] = False  # a second deal of one order is a payment of its own
    is_looked_at: ClassVar[bool] = False  # what waits for money is read back by itself, one deal at a time

    def own_link(self, bill: Bill) -> Link | None:
        """Return a link that needs no request; None when only the provider can make one. Asks nobody."""
        return None

    @abstractmethod
    def create_link(self, account: Account, bill: Bill) -> Link:
        """Ask the provider for a link; the same bill asked twice gives the same deal."""

    @abstractmethod
    def read(self, account: Account, external_id: str) -> Deal:
        """Read one deal back."""

    @abstractmethod
    def parse_notice(self, fields: Mapping[str, Any]) -> Deal:
        """Return what a notice says; tolerant of shape, `DealStatus.UNKNOWN` for unknown words. Raises `ValueError`."""

    @abstractmethod
    def check(self, account: Account) -> str:
        """Ask whether the keys work; return what was seen."""

    def begin_export(self, account: Account, *, since: str) -> str:
        """Ask for all deals made from the day `since` on; return the export's id."""
        raise Unsupported(f"{self.title}: no exports")

    def fetch_export(self, account: Account, export_id: str) -> Sequence[Deal]:
        """Return the deals of an export; raises `NotReady` while it is being made."""
        raise Unsupported(f"{self.title}: no exports")

    def refund(self, account: Account, back: MoneyBack) -> RefundState:
        """Give money back."""
        raise Unsupported(f"{self.title}: a refund is made in its own cabinet")

    def read_refund(self, account: Account, external_id: str) -> RefundState:
        """Read one refund back."""
        raise Unsupported(f"{self.title}: a refund cannot be read")
