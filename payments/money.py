"""Sums of money as providers and people write them. Pure."""

import re
from decimal import Decimal, InvalidOperation

KOPECK = Decimal("0.01")
LARGEST = Decimal("9999999999.99")
SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸"}
# What stands beside the figures: "1 990,00 руб.", "1990 RUB", "₽ 1 990".
_CURRENCIES = {
    "RUB": ("руб", "₽", "rub", "rur", "р."),
    "USD": ("$", "usd", "долл"),
    "EUR": ("€", "eur", "евро"),
    "KZT": ("₸", "kzt", "тенге"),
}
_SUM = re.compile(r"-?\d[\d\s\u00a0\u202f']*(?:[.,]\d{1,4})?")


def amount_of(text: object) -> Decimal | None:
    """Return the sum written in `text`, None when there is none or more than one; a part of a kopeck is no sum."""
    found = _SUM.findall(str(text or ""))
    if len(found) != 1:
        return None
    plain = re.sub(r"[\s\u00a0\u202f']", "", found[0]).replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:  # pragma: no cover  # the pattern lets nothing else through
        return None
    is_exact = value == value.quantize(KOPECK) if abs(value) <= LARGEST else False
    return value.quantize(KOPECK) if is_exact and value >= 0 else None


def currency_of(text: object) -> str:
    """Return the currency named in `text` as three letters; empty when none is."""
    words = str(text or "").casefold()
    return next((code for code, marks in _CURRENCIES.items() if any(mark in words for mark in marks)), "")


def shown(amount: Decimal, currency: str) -> str:
    """Return the sum as people read it: "1 990 ₽", "1 990,50 ₽"."""
    whole, _, part = f"{amount:,.2f}".partition(".")
    digits = whole.replace(",", "\u00a0")
    return f"{digits}{'' if part == '00' else f',{part}'}\u00a0{SIGNS.get(currency, currency)}"
