"""The receipt of 54-FZ in YooKassa's words. https://yookassa.ru/developers/payment-acceptance/receipts/54fz/yoomoney/basics"""

import re
from typing import Any

from payments.errors import Rejected
from payments.models import Account
from payments.providers.base import Bill, MoneyBack
from payments.receipts import Position, Terms, spread


def receipt_of(account: Account, what: Bill | MoneyBack) -> dict[str, Any] | None:
    """Return the receipt of a payment or of a partial refund, None where the account makes none."""
    if not account.options.get("receipts", True) or not what.positions:
        return None
    terms = account.terms
    items = [_item(line, terms, what.currency) for line in spread(what.positions, what.amount)]
    receipt: dict[str, Any] = {"customer": _customer(account, what), "items": items}
    return {**receipt, "tax_system_code": terms.tax_system} if terms.tax_system else receipt


def _customer(account: Account, what: Bill | MoneyBack) -> dict[str, str]:
    """To whom the receipt is sent: the buyer, else the shop's own mailbox."""
    digits = re.sub(r"\D", "", what.phone)
    if digits:
        return {"phone": digits}
    email = what.email or str(account.options.get("receipt_email") or "")
    if not email:
        raise Rejected("a receipt needs the buyer's phone or e-mail, or the account's own for receipts")
    return {"email": email}


def _item(line: Position, terms: Terms, currency: str) -> dict[str, Any]:
    return {
        "description": line.title,
        "quantity": f"{line.quantity}.00",
        "amount": {"value": f"{line.price:.2f}", "currency": currency},
        "vat_code": line.vat_code or terms.vat_code,
        "payment_subject": terms.subject,
        "payment_mode": terms.mode,
        "measure": "piece",
    }
