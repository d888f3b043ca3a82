"""Say: one message into the outbox."""

from bot.messages import Button, Outgoing
from bot.outbox import rows_for
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import Key, Say


def say(effect: Say, at: Occasion) -> None:
    """Queue one message under the chat's epoch as it will be after this turn."""
    outgoing = Outgoing(
        text=effect.text,
        buttons=tuple(tuple(_button(key) for key in row) for row in effect.keys),
        hide_keyboard=effect.hides_keyboard,
    )
    at.sheet.messages += rows_for(at.session.chat, outgoing, dedupe_key=at.key, request_id=at.request_id)


def _button(key: Key) -> Button:
    return Button(text=key.text, data=key.data, url=key.url, ask="contact" if key.asks_contact else "")
