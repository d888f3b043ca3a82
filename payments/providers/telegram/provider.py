"""Telegram's own payments behind the interface of all providers. https://core.telegram.org/bots/payments

Nothing can be read back and nothing refunded through the Bot API (only Stars can): what Telegram tells our webhook is proven by
its secret, and money goes back in the cabinet of the provider behind the token, by a person.
"""

from collections.abc import Mapping
from typing import Any

from bot.channels.registry import adapter_for
from bot.errors import ChannelDown, MessageRejected, SendError
from payments.errors import AccessDenied, Rejected, Unavailable, Unsupported
from payments.facts import Deal
from payments.models import Account
from payments.providers.base import Bill, Link, Provider
from payments.providers.telegram.invoice import invoice_of


class TelegramPayments(Provider):
    """One bot's invoices; the token of the provider is a credential of the bot's channel."""

    title = "Telegram"
    is_money_apart = True

    def create_link(self, account: Account, bill: Bill) -> Link:
        """Make the invoice, as a message for the chat and as a link that a Mini App opens."""
        if account.channel is None:
            raise AccessDenied("the account names no bot")
        invoice = invoice_of(account, bill)
        try:
            url = adapter_for(account.channel.kind).invoice_link(account.channel, invoice)
        except MessageRejected as error:
            raise Rejected(f"Telegram: {error}") from error
        except ChannelDown as error:
            raise AccessDenied(f"Telegram: {error}") from error
        except SendError as error:
            raise Unavailable(f"Telegram: {error}") from error
        return Link(url, invoice=invoice)

    def read(self, account: Account, external_id: str) -> Deal:
        raise Unsupported("Telegram tells of a payment once: there is nothing to read back")

    def parse_notice(self, fields: Mapping[str, Any]) -> Deal:
        raise ValueError("Telegram tells of payments through the bot's webhook")

    def check(self, account: Account) -> str:
        """Ask whether the bot lives, and whether it has what invoices need."""
        channel = account.channel
        if channel is None:
            raise AccessDenied("Не выбран бот")
        if not channel.credentials.get("provider_token"):
            raise AccessDenied("У бота нет токена платежей: его даёт @BotFather → Payments")
        seen = adapter_for(channel.kind).check(channel)
        if not seen.ok:
            raise AccessDenied(seen.note)
        kind = "тестовый" if ":TEST:" in str(channel.credentials["provider_token"]) else "боевой"
        return f"{seen.note} Токен платежей {kind}."
