"""Our own people's side of the messenger: the managers' chat, and each manager's private chat with the bot."""

from dialogs.staff.hearing import hear
from dialogs.staff.people import ours

__all__ = ["hear", "ours"]
