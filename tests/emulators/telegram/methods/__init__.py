"""The methods of the Bot API, one function each, found by name without regard to case."""

from . import account, commands, edits, media, messages, payments, queries, webhook
from .call import METHODS, Call

__all__ = ["METHODS", "Call", "account", "commands", "edits", "media", "messages", "payments", "queries", "webhook"]
