"""The shop's books: payments, refunds, used keys, addresses to notify. Plain values under one lock; no HTTP here."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Json = dict[str, Any]
PENDING, PAID, CANCELED = "pending", "succeeded", "canceled"
# What the page of payment does with a card; the real test cards differ by their last digits too.
CARDS = {
    "5555 5555 5555 4444": "paid",
    "5555 5555 5555 4477": "3ds",
    "5555 5555 5555 4600": "insufficient_funds",
    "5555 5555 5555 4535": "card_expired",
}
TRUE_EVENTS = ("payment.succeeded", "payment.canceled", "payment.waiting_for_capture", "refund.succeeded")


@dataclass
class World:
    """Everything of one shop; `on_change` is told after each change."""

    shop_id: str = "506751"
    secret_key: str = "test_shop-secret-key"
    is_test: bool = True
    fiscal: bool = True  # receipts go out: every payment must bring one
    slow: int = 0  # how many POSTs are answered with 202 first, though the work is done
    refund_looks: int = 0  # how often a refund is "pending" before it is done
    refund_refusal: str = ""  # the reason for which refunds are canceled
    payments: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, Json] = field(default_factory=dict)  # Idempotence-Key -> what was asked and answered
    hooks: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    on_change: Callable[[], None] = lambda: None

    def by_order(self, number: str) -> Json:
        """Return the newest payment of an order of ours."""
        return [item for item in self.payments.values() if item["metadata"].get("order_id") == number][-1]

    def add_payment(self, asked: Json, *, page: str) -> Json:
        """Make a payment that waits for its card."""
        with self.lock:
            number = str(uuid.uuid4())
            confirmation = {"type": "redirect", "confirmation_url": f"{page}/{number}"}
            self.payments[number] = {
                "id": number, "status": PENDING, "paid": False, "amount": asked["amount"],
                "confirmation": {**confirmation, "return_url": asked["confirmation"]["return_url"]},
                "created_at": _now(), "description": asked.get("description", ""),
                "metadata": asked.get("metadata", {}), "recipient": {"account_id": self.shop_id, "gateway_id": "1"},
                "refundable": False, "test": self.is_test, "receipt": asked.get("receipt"),
            }  # fmt: skip
            self.on_change()
            return self.payments[number]

    def pay(self, number: str, *, card: str = "5555 5555 5555 4444") -> Json:
        """The card is charged."""
        amount = self.payments[number]["amount"]
        method = {"type": "bank_card", "card": {"last4": card[-4:]}, "title": f"Bank card *{card[-4:]}"}
        more = {"paid": True, "refundable": True, "captured_at": _now(), "payment_method": method}
        return self._change(number, PAID, **more, refunded_amount={"value": "0.00", "currency": amount["currency"]})

    def cancel(self, number: str, reason: str, *, party: str = "payment_network") -> Json:
        """The payment comes to nothing."""
        return self._change(number, CANCELED, paid=False, cancellation_details={"party": party, "reason": reason})

    def _change(self, number: str, status: str, **more: Any) -> Json:
        with self.lock:
            payment = self.payments[number]
            if payment["status"] == PENDING:
                payment.update(status=status, **more)
                self.on_change()
            return payment

    def left_of(self, payment: Json) -> Decimal:
        """Return what may still be given back."""
        back = sum(
            (Decimal(item["amount"]["value"]) for item in self.refunds.values() if item["payment_id"] == payment["id"]
             and item["status"] != CANCELED), Decimal(0),
        )  # fmt: skip
        return Decimal(payment["amount"]["value"]) - back

    def add_refund(self, asked: Json) -> Json:
        """Begin to give money back; done at once unless it is told to take its time or to fail."""
        with self.lock:
            number = str(uuid.uuid4())
            refund = {"id": number, "payment_id": asked["payment_id"], "amount": asked["amount"], "created_at": _now()}
            refund |= {"status": PENDING, "description": asked.get("description", ""), "receipt": asked.get("receipt")}
            self.refunds[number] = {**refund, "looks": self.refund_looks}
            if self.refund_refusal:
                details = {"party": "yoo_money", "reason": self.refund_refusal}
                self.refunds[number] |= {"status": CANCELED, "cancellation_details": details}
            self.look_at(number)
            self.on_change()
            return self.refunds[number]

    def look_at(self, number: str) -> Json:
        """Return a refund; one that takes its time is a look nearer to its end."""
        with self.lock:
            refund = self.refunds[number]
            if refund["status"] == PENDING and refund["looks"] <= 0:
                refund["status"] = PAID
                payment = self.payments[refund["payment_id"]]
                back = Decimal(payment["refunded_amount"]["value"]) + Decimal(refund["amount"]["value"])
                payment["refunded_amount"]["value"] = f"{back:.2f}"
                self.on_change()
            refund["looks"] -= 1
            return refund

    # --- on disk

    def keep_in(self, path: Path) -> None:
        """Take up what `path` holds, and write every change there."""
        names = ("payments", "refunds", "keys", "hooks")
        if path.exists():
            saved = json.loads(path.read_text(encoding="utf-8"))
            for name in names:
                setattr(self, name, saved[name])

        def save() -> None:
            draft = path.with_suffix(".new")
            draft.write_text(json.dumps({name: getattr(self, name) for name in names}, ensure_ascii=False), "utf-8")
            draft.replace(path)

        self.on_change = save


def shown(thing: Json) -> Json:
    """Return an object as the API answers it."""
    hidden = ("receipt", "looks")
    answer = {name: value for name, value in thing.items() if name not in hidden}
    if "confirmation" in answer and answer["status"] != PENDING:
        del answer["confirmation"]
    return answer


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
