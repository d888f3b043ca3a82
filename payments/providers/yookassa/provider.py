"""YooKassa behind the interface of all providers. A payment is named by our order and our row of it."""

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.utils.translation import gettext_lazy as _

from payments.errors import AccessDenied, Rejected, Unavailable
from payments.facts import Deal
from payments.models import Account
from payments.providers.base import Bill, Link, MoneyBack, Provider, RefundState
from payments.providers.yookassa import client
from payments.providers.yookassa.client import Shop
from payments.providers.yookassa.parsing import deal_of, id_of, notice_of, refund_of
from payments.providers.yookassa.receipt import receipt_of

T = TypeVar("T")
MAX_DESCRIPTION = 128


class YooKassa(Provider):
    """One-step payments: the money is taken at once. https://yookassa.ru/developers/payment-acceptance"""

    title = "ЮKassa"
    keys: ClassVar[Mapping[str, Any]] = {"shop_id": _("shopId"), "secret_key": _("secret key")}
    can_refund = True
    is_money_apart = True
    is_looked_at = True

    def create_link(self, account: Account, bill: Bill) -> Link:
        body = _payment(account, bill)
        made = client.create_payment(_shop(account), body, key=key_of("pay", bill.number, str(bill.payment_id)))
        confirmation = made.get("confirmation")
        link = str(confirmation.get("confirmation_url") or "") if isinstance(confirmation, Mapping) else ""
        if not link.startswith(("https://", "http://")):
            raise Rejected("YooKassa made the payment, but gave no page to pay on")
        return Link(link, _known(lambda: id_of(made.get("id"))))

    def read(self, account: Account, external_id: str) -> Deal:
        if not account.can_read:
            raise AccessDenied("the shop's keys are not set")
        told = client.read_payment(_shop(account), id_of(external_id))
        return _known(lambda: deal_of(told))

    def parse_notice(self, fields: Mapping[str, Any]) -> Deal:
        return notice_of(fields)

    def check(self, account: Account) -> str:
        """Read the shop's own settings; say what would go wrong later."""
        if not account.can_read:
            raise AccessDenied("Не заданы shopId и секретный ключ")
        told = client.read_shop(_shop(account))
        if told.get("status", "enabled") != "enabled":
            raise AccessDenied("Магазин в ЮKassa отключён")
        kind = "тестовый магазин" if told.get("test") else "магазин"
        return f"ЮKassa отвечает: {kind} {told.get('account_id', '')}. {_on_receipts(account, told)}".strip()

    def refund(self, account: Account, back: MoneyBack) -> RefundState:
        body: dict[str, Any] = {
            "payment_id": back.external_id,
            "amount": _amount(back.amount, back.currency),
            "description": f"Возврат по заказу {back.number}"[:MAX_DESCRIPTION],
        }
        # A whole refund repeats the payment's own receipt; a part must say of what.
        if not back.is_whole and (receipt := receipt_of(account, back)) is not None:
            body["receipt"] = receipt
        made = client.create_refund(_shop(account), body, key=key_of("refund", back.number, back.key))
        return _known(lambda: refund_of(made))

    def read_refund(self, account: Account, external_id: str) -> RefundState:
        told = client.read_refund(_shop(account), id_of(external_id))
        return _known(lambda: refund_of(told))


def key_of(operation: str, number: str, which: str) -> str:
    """Return the Idempotence-Key of an operation on an order: the same again for a repeat, at most 64 characters."""
    plain = f"{operation}-{number}-{which}"
    return plain if len(plain) <= client.MAX_KEY else f"{operation}-{hashlib.sha256(plain.encode()).hexdigest()[:48]}"


def _shop(account: Account) -> Shop:
    keys = account.credentials
    url = (account.api_url or client.API_URL).rstrip("/")
    return Shop(url, str(keys.get("shop_id") or ""), str(keys.get("secret_key") or ""))


def _payment(account: Account, bill: Bill) -> dict[str, Any]:
    body: dict[str, Any] = {
        "amount": _amount(bill.amount, bill.currency),
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": bill.return_url},
        "description": f"Заказ {bill.number}: {', '.join(bill.titles)}"[:MAX_DESCRIPTION],
        "metadata": {"order_id": bill.number, "payment": str(bill.payment_id)},
    }
    receipt = receipt_of(account, bill)
    return {**body, "receipt": receipt} if receipt is not None else body


def _amount(value: Decimal, currency: str) -> dict[str, str]:
    return {"value": f"{value:.2f}", "currency": currency}


def _on_receipts(account: Account, told: Mapping[str, Any]) -> str:
    fiscal = told.get("fiscalization")
    is_on = bool(fiscal.get("enabled")) if isinstance(fiscal, Mapping) else bool(told.get("fiscalization_enabled"))
    if account.options.get("receipts", True) and not is_on:
        return "Внимание: в ЮKassa не подключена отправка чеков, а в настройках счёта она включена."
    return "Чеки по 54-ФЗ отправляются." if is_on else "Чеки не отправляются."


def _known(read: Callable[[], T]) -> T:
    """Read an answer; one of another shape is no answer, and may be asked for again."""
    try:
        return read()
    except (ValueError, KeyError, TypeError):
        raise Unavailable("YooKassa answered what we cannot read") from None
