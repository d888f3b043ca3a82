"""Invoices inside Telegram, paid through the provider whose token @BotFather gave the bot."""

from payments.providers.telegram.provider import TelegramPayments

__all__ = ["TelegramPayments"]
