"""One event of our own people, being answered: who, where, and what the presser is to see."""

from dataclasses import dataclass

from bot import outbox
from bot.messages import Incoming, Outgoing
from bot.models import Chat
from crm.cards import Buttons


@dataclass(slots=True)
class Desk:
    """Where one event of ours is answered. `toast` is shown to whoever pressed a button, and to nobody else."""

    chat: Chat
    incoming: Incoming
    key: str  # names the event: everything said about it is said once
    toast: str = ""
    is_alert: bool = False
    _said: int = 0

    def say(self, text: str, *, buttons: Buttons = (), about: str = "") -> None:
        """Answer in the chat."""
        self._said += 1
        outbox.say(self.chat, Outgoing(text, buttons, about=about), dedupe_key=f"{self.key}:staff{self._said}")

    def tell(self, text: str, *, is_alert: bool = False) -> None:
        """Answer the one who pressed: a line that fades, or a window they must close."""
        self.toast, self.is_alert = text, is_alert

    @property
    def sender_id(self) -> int:
        """The account that did it; in a private chat it is the chat's."""
        own = int(self.chat.external_id) if self.chat.external_id.isdigit() else 0
        return int(self.incoming.extra.get("from_id") or own)
