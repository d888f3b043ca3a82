"""Invoices, the ten seconds of a pre-checkout, and refunds of Stars."""

import json
from decimal import Decimal
from typing import Any

from ..refusals import bad_request
from ..world import Json
from .call import Call, method
from .messages import send
from .queries import fresh_query

PRE_CHECKOUT_SECONDS = 10
LENGTHS = {"title": (1, 32), "description": (1, 255)}
MAX_PAYLOAD_BYTES = 128


def _prices(call: Call, currency: str) -> int:
    prices: Any = call.params.nested("prices")
    if not isinstance(prices, list) or not prices:
        raise bad_request("prices must be non-empty")
    if not all(isinstance(p, dict) and p.get("label") and isinstance(p.get("amount"), int) for p in prices):
        raise bad_request("can't parse labeled price: expected label and amount")
    if currency == "XTR" and len(prices) != 1:
        raise bad_request("STARS_INVOICE_INVALID")
    return sum(price["amount"] for price in prices)


def _invoice(call: Call) -> Json:
    for name, (least, most) in LENGTHS.items():
        if not least <= len(call.params.text(name)) <= most:
            raise bad_request(f"INVOICE_{name.upper()}_INVALID")
    if not 1 <= len(call.params.text("payload").encode()) <= MAX_PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    currency = call.params.text("currency")
    if len(currency) != 3 or not currency.isupper():
        raise bad_request("CURRENCY_INVALID")
    if bool(call.params.text("provider_token")) == (currency == "XTR"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    total = _prices(call, currency)
    if total <= 0:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    shown = {name: call.params.text(name) for name in ("title", "description", "start_parameter")}
    _check_receipt(call)
    return {**shown, "currency": currency, "total_amount": total}


def _check_receipt(call: Call) -> None:
    """The provider takes JSON in a string, and a receipt that adds up; Telegram itself only passes it on."""
    if not (text := call.params.text("provider_data")):
        return
    try:
        data = json.loads(text)
    except ValueError:
        raise bad_request("can't parse provider_data JSON object") from None
    items = (data.get("receipt") or {}).get("items", [])
    total = sum(Decimal(item["amount"]["value"]) * item["quantity"] for item in items)
    if items and total * 100 != _prices(call, call.params.text("currency")):
        raise bad_request("PROVIDER_ACCOUNT_INVALID")


@method("sendInvoice")
def send_invoice(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendinvoice"""
    chat = call.chat()
    message = send(call, chat, {"invoice": _invoice(call)}, invoice=True)
    call.bot.invoices[message["message_id"]] = call.params.text("payload")
    return message


@method("createInvoiceLink")
def create_invoice_link(call: Call) -> str:
    """https://core.telegram.org/bots/api#createinvoicelink"""
    slug = f"emulated{len(call.bot.invoice_links) + 1}"
    call.bot.invoice_links[slug] = {**_invoice(call), "payload": call.params.text("payload")}
    return f"https://t.me/${slug}"


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(call: Call) -> bool:
    """https://core.telegram.org/bots/api#answerprecheckoutquery"""
    query = fresh_query(call, "pre_checkout_query_id", PRE_CHECKOUT_SECONDS)
    agreed = call.params.flag("ok")
    if not agreed and not call.params.text("error_message"):
        raise bad_request("error message must be non-empty")
    query.answer = {"ok": agreed, "error_message": call.params.text("error_message")}
    return True


@method("refundStarPayment")
def refund_star_payment(call: Call) -> bool:
    """https://core.telegram.org/bots/api#refundstarpayment"""
    charge = call.bot.charges.get(call.params.text("telegram_payment_charge_id"))
    if charge is None or charge["user_id"] != call.params.integer("user_id"):
        raise bad_request("CHARGE_NOT_FOUND")
    if charge.get("refunded"):
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    charge["refunded"] = True
    return True
