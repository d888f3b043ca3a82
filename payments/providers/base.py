"""What every payment provider can be asked. A provider speaks HTTP and knows no rows of ours but its account."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from payments.errors import Unsupported
from payments.facts import Deal
from payments.models import Account


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


@dataclass(frozen=True, slots=True)
class Link:
    """Where the customer pays. `external_id` is empty while the provider has no deal yet."""

    url: str
    external_id: str = ""


class Provider(ABC):
    """One payment provider. Every method that asks the outside raises `payments.errors.ProviderError` only."""

    title: str
    can_refund = False

    @abstractmethod
    def own_link(self, bill: Bill) -> Link | None:
        """Return a link that needs no request; None when only the provider can make one. Asks nobody."""

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

    def refund(self, account: Account, external_id: str, amount: Decimal) -> None:
        """Give money back."""
        raise Unsupported(f"{self.title}: a refund is made in its own cabinet")
