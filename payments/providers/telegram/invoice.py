"""A bill as Telegram's invoice: kopecks, one line that is the whole sum, and the receipt for the provider behind it."""

from typing import Any

from bot.messages import Invoice
from payments.models import Account
from payments.providers.base import Bill
from payments.receipts import Position, Terms, spread

KOPECKS = 100
MAX_DESCRIPTION = 255


def invoice_of(account: Account, bill: Bill) -> Invoice:
    """Return the invoice of a bill; its payload is our own order number, and the same bill is the same invoice."""
    return Invoice(
        title=bill.title or f"Заказ {bill.number}",
        description=_cut(", ".join(_line(item) for item in bill.positions) or ", ".join(bill.titles)),
        payload=bill.number,
        currency=bill.currency,
        prices=((bill.title or f"Заказ {bill.number}", int(bill.amount * KOPECKS)),),
        provider_data=_receipt(account, bill),
        needs_phone=bool(_makes_receipts(account)),
    )


def _makes_receipts(account: Account) -> bool:
    return bool(account.options.get("receipts", True))


def _receipt(account: Account, bill: Bill) -> dict[str, Any]:
    """Return the receipt; the buyer's phone is asked for by Telegram and given to the provider."""
    if not _makes_receipts(account) or not bill.positions:
        return {}
    terms = account.terms
    items = [_item(line, terms, bill.currency) for line in spread(bill.positions, bill.amount)]
    receipt: dict[str, Any] = {"items": items}
    return {"receipt": {**receipt, "tax_system_code": terms.tax_system} if terms.tax_system else receipt}


def _item(line: Position, terms: Terms, currency: str) -> dict[str, Any]:
    return {
        "description": line.title,
        "quantity": line.quantity,
        "amount": {"value": f"{line.price:.2f}", "currency": currency},
        "vat_code": line.vat_code or terms.vat_code,
        "payment_mode": terms.mode,
        "payment_subject": terms.subject,
    }


def _line(item: Position) -> str:
    return item.title if item.quantity == 1 else f"{item.title} × {item.quantity}"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_DESCRIPTION else f"{text[: MAX_DESCRIPTION - 1]}…"
