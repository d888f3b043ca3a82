"""Finding the button a person means."""

from collections.abc import Iterable
from typing import Any

from .world import Chat, Json, Message


def find_button(chat: Chat, message_id: int | None, wanted: str) -> tuple[int, str]:
    """Return the message and the data of a visible inline button named by its data or its label."""
    numbers: Iterable[int] = [message_id] if message_id else sorted(chat.messages, reverse=True)
    for number in numbers:
        message = chat.messages.get(number)
        if message is None or message.is_deleted:
            continue
        for button in inline_buttons(message):
            if wanted in (button.get("callback_data"), button["text"]) and "callback_data" in button:
                return number, button["callback_data"]
    raise LookupError(f"no visible message has the button {wanted!r}")


def inline_buttons(message: Message) -> list[Json]:
    """Return the inline buttons of a message in reading order."""
    rows: Any = (message.markup or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]
