"""The rows of the ears and the mouth."""

from bot.models.channel import Channel
from bot.models.chat import Chat
from bot.models.inbox import InboxEvent
from bot.models.message import Message

__all__ = ["Channel", "Chat", "InboxEvent", "Message"]
