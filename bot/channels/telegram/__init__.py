"""Telegram bots. The only folder that imports `telegram` (python-telegram-bot)."""

from bot.channels.telegram.adapter import TelegramAdapter

__all__ = ["TelegramAdapter"]
