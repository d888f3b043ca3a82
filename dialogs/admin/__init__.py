"""The back office of the mind."""

from dialogs.admin import conversations

__all__ = ["conversations"]
