"""The parts of `manage.py connect` for payments: what it asks for, and the call it makes of it."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from bot.models import Channel
from payments.connecting import Connection, Taxes, connect_telegram_payments, connect_yookassa
from payments.models import Account
from payments.receipts import PAYMENT_MODES, PAYMENT_SUBJECTS, TAX_SYSTEMS, VAT_CODES


def add_to(kinds: Any) -> None:
    """Add `yookassa` and `telegram-pay`."""
    shop = kinds.add_parser("yookassa", help="a YooKassa shop, to be paid through")
    shop.add_argument("--shop-id", required=True, help="shopId of the shop")
    shop.add_argument("--secret-key", required=True, help="live_… or test_…")
    shop.add_argument("--api-url", default="", help="default: YooKassa's own")
    bills = kinds.add_parser("telegram-pay", help="invoices of a bot that is connected already")
    bills.add_argument("--bot", required=True, help="number of the channel, or the bot's @name")
    bills.add_argument("--provider-token", required=True, help="from @BotFather → Payments")
    for parser in (shop, bills):
        _add_taxes(parser)


def _add_taxes(parser: CommandParser) -> None:
    parser.add_argument("--title", default="")
    parser.add_argument("--serves", default="", choices=["", *Account.Serves.values], help="what it pays for")
    parser.add_argument("--vat-code", type=int, choices=VAT_CODES, help="1 no VAT … 11 22%%; a product's own wins")
    parser.add_argument("--tax-system", type=int, choices=TAX_SYSTEMS, help="1 ОСН, 2 УСН, 3 УСН доходы-расходы …")
    parser.add_argument("--payment-mode", default="", choices=["", *PAYMENT_MODES])
    parser.add_argument("--payment-subject", default="", choices=["", *PAYMENT_SUBJECTS])
    parser.add_argument("--receipt-email", default="", help="where receipts of buyers without phone and e-mail go")
    parser.add_argument("--no-receipts", action="store_true", help="somebody else makes the receipts")


def yookassa(options: dict[str, Any]) -> Connection:
    """Connect a shop."""
    return connect_yookassa(
        shop_id=options["shop_id"],
        secret_key=options["secret_key"],
        api_url=options["api_url"],
        **_about(options),
    )


def telegram(options: dict[str, Any]) -> Connection:
    """Let a bot send invoices."""
    return connect_telegram_payments(_bot(options["bot"]), provider_token=options["provider_token"], **_about(options))


def _about(options: dict[str, Any]) -> dict[str, Any]:
    taxes = Taxes(
        vat_code=options["vat_code"],
        tax_system=options["tax_system"],
        mode=options["payment_mode"],
        subject=options["payment_subject"],
        receipt_email=options["receipt_email"],
        receipts=False if options["no_receipts"] else None,
    )
    return {"title": options["title"], "serves": options["serves"], "taxes": taxes}


def _bot(name: str) -> Channel:
    bots = Channel.objects.filter(kind="telegram")
    found = bots.filter(pk=int(name)) if name.isdecimal() else bots.filter(options__username=name.removeprefix("@"))
    bot = found.first()
    if bot is None:
        raise CommandError(f"No Telegram bot {name!r} is connected; connect it first.")
    return bot
