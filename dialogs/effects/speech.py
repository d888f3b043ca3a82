"""Say: one message into the outbox."""

from bot.messages import Button, Outgoing
from bot.models import Message
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import Key, Say


def say(effect: Say, at: Occasion) -> None:
    """Queue one message under the chat's epoch as it will be after this turn."""
    session = at.session
    outgoing = Outgoing(
        text=effect.text,
        buttons=tuple(tuple(_button(key) for key in row) for row in effect.keys),
        hide_keyboard=effect.hides_keyboard,
    )
    at.sheet.messages.append(
        Message(
            chat=session.chat,
            channel_id=session.chat.channel_id,
            role=Message.Role.BOT,
            text=effect.text,
            extras=outgoing.to_json(),
            dedupe_key=at.key,
            epoch=session.chat.epoch,
            created_at=at.sheet.now,
            send_after=at.sheet.now,
        )
    )


def _button(key: Key) -> Button:
    return Button(text=key.text, data=key.data, url=key.url, ask="contact" if key.asks_contact else "")
