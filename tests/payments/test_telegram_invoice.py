"""What an invoice says: kopecks, limits, a receipt that adds up; and what an update of money is taken for."""

import json
from decimal import Decimal
from typing import Any

import pytest

from bot.channels.telegram.invoices import fields_of, money_matter, reply_of
from bot.errors import BadPayload, MessageRejected
from bot.messages import Outgoing
from bot.till import Answer, Money, Question
from payments.models import Account
from payments.providers.base import Bill
from payments.providers.telegram.invoice import invoice_of
from payments.receipts import Position

KEYS = {"provider_token": "381764678:TEST:1"}


def bill(**fields: Any) -> Bill:
    positions = (Position("Латте (400 мл)", Decimal("310.00"), 2, None, Decimal("62.00")),)
    whole = {"number": "ABC2345678", "amount": Decimal("558.00"), "currency": "RUB", "titles": ("Латте",), "codes": ()}
    return Bill(**{**whole, "title": "Заказ № 12", "positions": positions, **fields})


def test_an_invoice_is_in_kopecks_and_brings_the_receipt() -> None:
    fields = fields_of(invoice_of(Account(options={"vat_code": 11, "tax_system": 2}), bill()), KEYS)
    assert (fields["title"], fields["description"], fields["payload"]) == (
        "Заказ № 12",
        "Латте (400 мл) × 2",
        "ABC2345678",
    )
    assert [(price.label, price.amount) for price in fields["prices"]] == [("Заказ № 12", 55800)]
    receipt = json.loads(fields["provider_data"])["receipt"]
    assert receipt["tax_system_code"] == 2
    [item] = receipt["items"]
    assert (item["amount"], item["quantity"], item["vat_code"]) == ({"value": "279.00", "currency": "RUB"}, 2, 11)
    assert fields["need_phone_number"] and fields["send_phone_number_to_provider"]


def test_without_receipts_no_phone_is_asked_for() -> None:
    fields = fields_of(invoice_of(Account(options={"receipts": False}), bill()), KEYS)
    assert (fields["provider_data"], fields["need_phone_number"]) == (None, None)


def test_what_is_too_long_is_cut_to_telegrams_limits() -> None:
    many = tuple(Position("Капучино на кокосовом молоке", Decimal("300.00")) for _ in range(30))
    fields = fields_of(invoice_of(Account(), bill(positions=many, title="З" * 50)), KEYS)
    assert (len(fields["title"]), len(fields["description"])) == (32, 255)


def test_a_bot_without_the_providers_token_sends_no_invoice() -> None:
    with pytest.raises(MessageRejected):
        fields_of(invoice_of(Account(), bill()), {})


def test_an_invoice_waits_in_the_outbox_as_it_is() -> None:
    message = Outgoing("Заказ ждёт оплаты.", invoice=invoice_of(Account(), bill()))
    stored = json.loads(json.dumps(message.to_json()))
    assert Outgoing.from_json(message.text, stored) == message
    assert "TEST" not in json.dumps(stored), "the token is no part of it"


def test_a_question_and_money_are_told_apart() -> None:
    query = {"id": "9", "from": {"id": 7}, "currency": "RUB", "total_amount": 55800, "invoice_payload": "ABC2345678"}
    assert money_matter({"update_id": 1, "pre_checkout_query": query}) == Question("9", "ABC2345678", 55800, "RUB")
    paid = {"currency": "RUB", "total_amount": 55800, "invoice_payload": "ABC2345678"}
    paid |= {"telegram_payment_charge_id": "t-1", "provider_payment_charge_id": "p-1"}
    found = money_matter({"update_id": 2, "message": {"successful_payment": paid}})
    assert isinstance(found, Money) and (found.charge, found.provider_charge) == ("t-1", "p-1")
    assert money_matter({"update_id": 3, "message": {"text": "successful_payment"}}) is None


@pytest.mark.parametrize("query", [{}, {"id": "9", "total_amount": "x", "invoice_payload": "", "currency": "RUB"}])
def test_half_a_question_is_refused(query: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        money_matter({"update_id": 1, "pre_checkout_query": query})


def test_the_answer_is_a_call_in_the_webhooks_reply() -> None:
    question = Question("9", "ABC2345678", 55800, "RUB")
    assert reply_of(question, Answer(ok=True)) == {
        "method": "answerPreCheckoutQuery",
        "pre_checkout_query_id": "9",
        "ok": True,
    }
    assert reply_of(question, Answer(ok=False, words="Закончилось"))["error_message"] == "Закончилось"
