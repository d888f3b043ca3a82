"""The school's books: products, deals, hooks, exports. Plain values under one lock; nothing here speaks HTTP."""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

FIRST_DEAL, FIRST_USER = 1001, 501
# https://getcourse.ru/help/api: the statuses of an order
NEW, PAID, PARTIAL, RETURN, CANCELED = "new", "payed", "part_payed", "waiting_for_return", "cancelled"


@dataclass
class Product:
    """Something on sale with a page of its own."""

    code: str
    title: str
    cost: str


@dataclass
class Deal:
    """One order of the school."""

    id: int
    number: str
    title: str
    cost: str
    paid: str = "0.00"
    status: str = NEW
    currency: str = "RUB"
    email: str = ""
    phone: str = ""
    name: str = ""
    user_id: int = 0
    offer: str = ""
    utm_content: str = ""
    created_at: str = ""

    @property
    def left(self) -> Decimal:
        """What is still to be paid."""
        return max(Decimal(self.cost) - Decimal(self.paid), Decimal(0))


@dataclass
class Hook:
    """Where a process of the school calls: our address with its secret, or a relay that signs."""

    url: str
    method: str = "GET"
    secret: str = ""  # of the relay; then the notice is signed JSON


@dataclass
class World:
    """Everything of one school; `changed` is told after each change."""

    api_key: str = "school-api-key"
    developer_key: str = "developer-key"
    school_key: str = "school-key"
    string_flags: bool = True  # booleans as "true" and "false"
    spaced_money: bool = True  # "1 990,00 руб." where a plain number would do
    export_looks: int = 1  # how often an export is "not ready" first
    export_limit: int = 100
    export_seconds: float = 5.0  # how long one keeps others from beginning
    products: dict[str, Product] = field(default_factory=dict)
    deals: dict[int, Deal] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    exports: dict[int, dict[str, Any]] = field(default_factory=dict)
    export_requests: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    on_change: Callable[[], None] = lambda: None

    def find(self, number: str) -> Deal | None:
        """Return the deal with this number."""
        return next((deal for deal in self.deals.values() if deal.number == number), None)

    def by_order(self, order: str) -> Deal:
        """Return the newest deal that carries an order of ours, as number or as mark."""
        found = [deal for deal in self.deals.values() if order in (deal.number, deal.utm_content)]
        return found[-1]

    def add(self, **fields: Any) -> Deal:
        """Make a deal; without a number of its own it gets the next one."""
        with self.lock:
            deal_id = max(self.deals, default=FIRST_DEAL - 1) + 1
            fields = {"number": str(deal_id - FIRST_DEAL + 1), "created_at": datetime.now(UTC).isoformat(), **fields}
            deal = Deal(id=deal_id, user_id=FIRST_USER + deal_id - FIRST_DEAL, **fields)
            self.deals[deal_id] = deal
            self.on_change()
            return deal

    def pay(self, deal_id: int, amount: Decimal | None = None) -> Deal:
        """Money comes: all that is left, or `amount`."""
        with self.lock:
            deal = self.deals[deal_id]
            paid = Decimal(deal.paid) + (deal.left if amount is None else amount)
            deal.paid, deal.status = f"{paid:.2f}", PAID if paid >= Decimal(deal.cost) else PARTIAL
            self.on_change()
            return deal

    def set_status(self, deal_id: int, status: str) -> Deal:
        """A person of the school sets a status by hand."""
        with self.lock:
            deal = self.deals[deal_id]
            deal.status = status
            if status == RETURN:
                deal.paid = "0.00"
            self.on_change()
            return deal

    # --- on disk

    def dump(self) -> dict[str, Any]:
        """Return what a demo goes on with."""
        with self.lock:
            return {
                "products": [asdict(item) for item in self.products.values()],
                "deals": [asdict(item) for item in self.deals.values()],
                "hooks": [asdict(item) for item in self.hooks],
            }

    def keep_in(self, path: Path) -> None:
        """Take up what `path` holds, and write every change there."""
        if path.exists():
            saved = json.loads(path.read_text(encoding="utf-8"))
            self.products = {item["code"]: Product(**item) for item in saved["products"]}
            self.deals = {item["id"]: Deal(**item) for item in saved["deals"]}
            self.hooks = [Hook(**item) for item in saved["hooks"]]

        def save() -> None:
            draft = path.with_suffix(".new")
            draft.write_text(json.dumps(self.dump(), ensure_ascii=False), encoding="utf-8")
            draft.replace(path)

        self.on_change = save
