"""What YooKassa refuses, and in which words. https://yookassa.ru/developers/api, /developers/payment-acceptance/receipts"""

import re
from decimal import Decimal
from typing import Any

from .world import PAID, Json, World

SUM = re.compile(r"\d{1,10}\.\d{2}")
SUBJECTS = ("commodity", "excise", "job", "service", "payment", "another", "agent_commission", "composite")
MODES = ("full_prepayment", "partial_prepayment", "advance", "full_payment", "partial_payment", "credit")
TAX_SYSTEMS = (1, 2, 3, 4, 5, 6)
MAX_ITEMS = 100


class Invalid(Exception):
    """A refusal with the field it is about."""

    def __init__(self, parameter: str, words: str) -> None:
        super().__init__(words)
        self.parameter = parameter


def check_payment(asked: Json, world: World) -> None:
    """Raise `Invalid` for a payment that the real one would refuse."""
    amount = sum_of(asked.get("amount"), "amount")
    confirmation = asked.get("confirmation")
    if not isinstance(confirmation, dict) or confirmation.get("type") != "redirect":
        raise Invalid("confirmation.type", "Confirmation type is not supported")
    url = str(confirmation.get("return_url") or "")
    if not url.startswith(("https://", "http://")) or len(url) > 2048:
        raise Invalid("confirmation.return_url", "Invalid return URL")
    if len(str(asked.get("description") or "")) > 128:
        raise Invalid("description", "Incorrect length, expected length less than or equal 128")
    check_metadata(asked.get("metadata", {}))
    check_receipt(asked.get("receipt"), amount, is_wanted=world.fiscal)


def check_refund(asked: Json, world: World) -> None:
    """Raise `Invalid` for a refund that the real one would refuse."""
    payment = world.payments.get(str(asked.get("payment_id")))
    if payment is None:
        raise Invalid("payment_id", "Payment doesn't exist or access denied")
    if payment["status"] != PAID:
        raise Invalid("payment_id", "Payment is not succeeded")
    amount = sum_of(asked.get("amount"), "amount")
    if amount > world.left_of(payment):
        raise Invalid("amount", "Refund amount is greater than the payment's balance")
    is_whole = amount == Decimal(payment["amount"]["value"])
    check_receipt(asked.get("receipt"), amount, is_wanted=world.fiscal and not is_whole)


def check_metadata(metadata: Any) -> None:
    """At most 16 names of 32 characters with values of 512."""
    if not isinstance(metadata, dict) or len(metadata) > 16:
        raise Invalid("metadata", "Invalid metadata")
    for name, value in metadata.items():
        if len(name) > 32 or not isinstance(value, str) or len(value) > 512:
            raise Invalid(f"metadata.{name}", "Invalid metadata")


def check_receipt(receipt: Any, amount: Decimal, *, is_wanted: bool) -> None:
    """The sum of the lines is the sum that is paid."""
    if receipt is None:
        if is_wanted:
            raise Invalid("receipt", "Receipt is missing or illegal")
        return
    customer = receipt.get("customer") or {}
    if not re.fullmatch(r"\d{11,15}", str(customer.get("phone") or "")) and "@" not in str(customer.get("email") or ""):
        raise Invalid("receipt.customer", "Phone or e-mail of the customer is missing")
    if receipt.get("tax_system_code", 1) not in TAX_SYSTEMS:
        raise Invalid("receipt.tax_system_code", "Incorrect tax system")
    items = receipt.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        raise Invalid("receipt.items", "Incorrect number of items")
    if sum(check_item(item, f"receipt.items[{n}]") for n, item in enumerate(items)) != amount:
        raise Invalid("receipt.items", "Sum of the receipt's items does not equal the amount")


def check_item(item: Json, where: str) -> Decimal:
    """Check one line and return its sum."""
    if not 1 <= len(str(item.get("description") or "")) <= 128:
        raise Invalid(f"{where}.description", "Incorrect length")
    if item.get("vat_code") not in range(1, 13):
        raise Invalid(f"{where}.vat_code", "Incorrect VAT code")
    if item.get("payment_subject") not in SUBJECTS or item.get("payment_mode") not in MODES:
        raise Invalid(f"{where}.payment_mode", "Incorrect payment mode or subject")
    quantity = str(item.get("quantity") or "")
    if not re.fullmatch(r"\d+(\.\d{1,3})?", quantity) or not Decimal(quantity):
        raise Invalid(f"{where}.quantity", "Incorrect quantity")
    return sum_of(item.get("amount"), f"{where}.amount") * Decimal(quantity)


def sum_of(amount: Any, where: str) -> Decimal:
    """Return the sum of an amount object."""
    value = amount.get("value") if isinstance(amount, dict) else None
    if not isinstance(value, str) or not SUM.fullmatch(value) or not Decimal(value):
        raise Invalid(f"{where}.value", "Invalid amount")
    if amount.get("currency") != "RUB":
        raise Invalid(f"{where}.currency", "Incorrect currency")
    return Decimal(value)
