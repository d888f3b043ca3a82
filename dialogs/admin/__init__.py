"""The back office of the mind."""

from dialogs.admin import assistant_turns, conversations, scenarios, steps, versions

__all__ = ["assistant_turns", "conversations", "scenarios", "steps", "versions"]
