"""The back office of the ears and the mouth."""

from bot.admin import channels, chats, ledgers

__all__ = ["channels", "chats", "ledgers"]
