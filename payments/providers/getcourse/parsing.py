"""What GetCourse and its relays write, read tolerantly: a query, a JSON body, API fields, rows of an export. Pure.

Empty variables of a template come as "" or literally (`{object.status}`); money comes with spaces and a currency; a status may be
a word of the interface.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from payments.facts import Deal, DealStatus
from payments.masking import masked
from payments.models.order import ALPHABET, NUMBER_LENGTH
from payments.money import amount_of, currency_of

MAX_ID = 120
MAX_NUMBER = 64
_OURS = re.compile(f"[{ALPHABET}]{{{NUMBER_LENGTH}}}")
_STATUSES: Mapping[DealStatus, tuple[str, ...]] = {
    DealStatus.PAID: ("payed", "paid", "succeeded", "success", "оплачен", "завершен", "завершён", "finished"),
    DealStatus.PARTIAL: ("part_payed", "part_paid", "partial", "частично оплачен"),
    DealStatus.REFUNDED: (
        "refunded",
        "returned",
        "waiting_for_return",
        "возврат",
        "ожидаем возврата",
        "возвращен",
        "возвращён",
    ),
    DealStatus.CANCELED: ("cancelled", "canceled", "отменен", "отменён"),
    DealStatus.FAILED: ("false", "failed", "ложный", "не оплачен"),
    DealStatus.PENDING: (
        *("new", "in_work", "payment_waiting", "not_confirmed", "pending", "created", "sent", "expected"),
        *("новый", "в работе", "ожидаем оплаты", "ожидается оплата", "не подтвержден", "не подтверждён"),
    ),
}
_WORDS = {word: status for status, words in _STATUSES.items() for word in words}
# By what names the same thing comes; the first that holds something counts.
_DEAL = ("deal_id", "dealId", "object_id", "ID заказа", "id")
_NUMBER = ("order_id", "deal_number", "deal_no", "number", "object_number", "Номер", "Заказ", "utm_content")
_STATUS = ("status", "deal_status", "state", "Статус")
_PAID = ("paid", "payed_money", "paid_amount", "amount", "payed", "Оплачено")
_LEFT = ("left_cost_money",)
_COST = ("cost_money_value", "cost_money", "deal_cost", "Стоимость, RUB", "Стоимость")
_CURRENCY = ("currency", "deal_currency", "Валюта")


def deal_of(fields: Mapping[str, Any]) -> Deal:
    """Return the deal that `fields` tell of; raises `ValueError` when they name neither a deal nor an order of ours."""
    external_id, number = _first(fields, _DEAL)[:MAX_ID], _number(fields)
    if not external_id and not number:
        raise ValueError("neither a deal nor an order is named")
    status = status_of(_first(fields, _STATUS))
    return Deal(
        external_id=external_id,
        order_number=number,
        status=status,
        paid=_paid(fields, status),
        currency=_currency(fields),
        payload=masked(dict(fields)),
    )


def status_of(words: str) -> DealStatus:
    """Return the status named; `UNKNOWN` for a word we do not know."""
    return _WORDS.get(" ".join(words.casefold().split()), DealStatus.UNKNOWN)


def deals_of(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Deal]:
    """Return the deals of an export; a row that names no deal is left out."""
    deals = []
    for row in rows:
        fields = dict(zip(headings, row, strict=False))
        try:
            deals.append(deal_of(fields))
        except ValueError:
            continue
    return deals


def _number(fields: Mapping[str, Any]) -> str:
    """Return our own number, wherever it stands: a deal made on a page has a number of the school's beside ours."""
    named = [_first(fields, (name,))[:MAX_NUMBER] for name in _NUMBER]
    ours = (name for name in named if _OURS.fullmatch(name.upper()))
    return next(ours, next(filter(None, named), ""))


def _paid(fields: Mapping[str, Any], status: DealStatus) -> Decimal | None:
    paid = amount_of(_first(fields, _PAID))
    cost, left = amount_of(_first(fields, _COST)), amount_of(_first(fields, _LEFT))
    if paid is None and cost is not None and left is not None and status in (DealStatus.PAID, DealStatus.PARTIAL):
        return max(cost - left, Decimal(0))
    return paid


def _currency(fields: Mapping[str, Any]) -> str:
    named = _first(fields, _CURRENCY)
    if named:
        return currency_of(named) or named[:8].upper()
    return currency_of(_first(fields, _PAID)) or currency_of(_first(fields, _COST))


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list | tuple):
            value = value[0] if value else None
        text = "" if value is None or isinstance(value, bool | dict) else str(value).strip()
        if text and not (text.startswith("{") and text.endswith("}")):
            return text
    return ""
