"""Invoices out, questions before a payment and the word of a payment in. https://core.telegram.org/bots/payments"""

import json
from collections.abc import Mapping
from typing import Any

from telegram import Bot, LabeledPrice

from bot.errors import BadPayload, MessageRejected
from bot.messages import Invoice
from bot.till import Answer, Money, Question

TOKEN = "provider_token"  # noqa: S105  # the name of a credential of the channel; @BotFather gives one to each bot
MAX_TITLE, MAX_DESCRIPTION, MAX_PAYLOAD = 32, 255, 128
Json = Mapping[str, Any]


def fields_of(invoice: Invoice, credentials: Json) -> dict[str, Any]:
    """Return what both ways of asking for money take. Raises `MessageRejected` for a bot that may not ask."""
    token = str(credentials.get(TOKEN) or "")
    if not token:
        raise MessageRejected("this bot has no provider token: connect its payments first")
    if len(invoice.payload.encode()) > MAX_PAYLOAD:
        raise MessageRejected("an order number of more than 128 bytes fits no invoice")
    return {
        "title": invoice.title[:MAX_TITLE],
        "description": invoice.description[:MAX_DESCRIPTION],
        "payload": invoice.payload,
        "provider_token": token,
        "currency": invoice.currency,
        "prices": [LabeledPrice(label, amount) for label, amount in invoice.prices],
        "provider_data": json.dumps(invoice.provider_data, ensure_ascii=False) if invoice.provider_data else None,
        "need_phone_number": invoice.needs_phone or None,
        "send_phone_number_to_provider": invoice.needs_phone or None,
    }


async def send_invoice(bot: Bot, chat_id: str, invoice: Invoice, credentials: Json) -> str:
    """Say it. https://core.telegram.org/bots/api#sendinvoice"""
    return str((await bot.send_invoice(chat_id, **fields_of(invoice, credentials))).message_id)


async def invoice_link(bot: Bot, invoice: Invoice, credentials: Json) -> str:
    """Make a link that opens the same. https://core.telegram.org/bots/api#createinvoicelink"""
    return await bot.create_invoice_link(**fields_of(invoice, credentials))


def money_matter(update: Json) -> Question | Money | None:
    """Return the question or the money an update brings. Raises `BadPayload`."""
    query = update.get("pre_checkout_query")
    message = update.get("message")
    paid = message.get("successful_payment") if isinstance(message, Mapping) else None
    try:
        if isinstance(query, Mapping):
            total = int(query["total_amount"])
            return Question(str(query["id"]), str(query["invoice_payload"]), total, str(query["currency"]))
        if isinstance(paid, Mapping):
            return Money(
                charge=str(paid["telegram_payment_charge_id"]),
                order=str(paid["invoice_payload"]),
                amount=int(paid["total_amount"]),
                currency=str(paid["currency"]),
                provider_charge=str(paid.get("provider_payment_charge_id") or ""),
                payload=paid,
            )
    except (LookupError, TypeError, ValueError) as error:
        raise BadPayload(f"a payment without {error}") from error
    return None


def reply_of(question: Question, answer: Answer) -> dict[str, Any]:
    """Return the answer as the body of the webhook's reply: no request of ours, so no slow road to Telegram.

    https://core.telegram.org/bots/api#making-requests-when-getting-updates
    """
    reply: dict[str, Any] = {"method": "answerPreCheckoutQuery", "pre_checkout_query_id": question.id, "ok": answer.ok}
    return reply if answer.ok else {**reply, "error_message": answer.words}
