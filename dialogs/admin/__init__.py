"""The back office of the mind."""

from dialogs.admin import conversations, scenarios, steps, versions

__all__ = ["conversations", "scenarios", "steps", "versions"]
