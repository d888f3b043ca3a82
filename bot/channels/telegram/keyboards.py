"""From our rows of buttons to Telegram's two kinds of keyboard.

Under a message stand inline buttons: pages and presses that come back with their data. Only the other kind, the reply
keyboard, can ask for the phone; a message has one kind, so beside "share my phone" every choice becomes a key whose words
come back as text, and pages become lines of the text.
"""

from collections.abc import Sequence
from typing import Any

from bot.messages import Button, Outgoing

# As the Bot API writes it: https://core.telegram.org/bots/api#inlinekeyboardmarkup. Making python-telegram-bot's objects only
# to have them taken apart again costs as much as the sending.
Markup = dict[str, Any]
Rows = Sequence[Sequence[Button]]


def markup_of(message: Outgoing) -> Markup | None:
    """Return the keyboard of one message; buttons win over `hide_keyboard`, for one message cannot carry both."""
    rows = [row for row in message.buttons if row]
    if rows and needs_reply_keyboard(rows):
        return _reply(rows, stays=message.is_menu)
    if rows:
        return {"inline_keyboard": [[_inline(button) for button in row] for row in rows]}
    return {"remove_keyboard": True} if message.hide_keyboard else None


def is_inline(markup: Markup | None) -> bool:
    """Say whether the keyboard stands under its message."""
    return markup is not None and "inline_keyboard" in markup


def needs_reply_keyboard(rows: Rows) -> bool:
    """Say whether some button asks the phone, or has nothing to come back with but its own words."""
    return any(button.ask or not (button.data or button.page) for row in rows for button in row)


def text_with_links(message: Outgoing) -> str:
    """Return the text, with the pages a reply keyboard cannot open written under it."""
    if not needs_reply_keyboard(message.buttons):
        return message.text
    pages = [f"{button.text}: {button.page}" for row in message.buttons for button in row if button.page]
    return "\n".join([message.text, *pages])


def preview_of(message: Outgoing) -> dict[str, Any] | None:
    """Return the picture as the preview of a link: unlike a photo it comes and goes when the words are changed.

    https://core.telegram.org/bots/api#linkpreviewoptions
    """
    if not message.picture:
        return None
    return {"url": message.picture, "prefer_large_media": True, "show_above_text": True}


def _inline(button: Button) -> dict[str, Any]:
    if button.url:
        return {"text": button.text, "url": button.url}
    if button.web_app:
        return {"text": button.text, "web_app": {"url": button.web_app}}
    return {"text": button.text, "callback_data": button.data}


def _reply(rows: Rows, *, stays: bool) -> Markup:
    keys = [[_key(button) for button in row if not button.page] for row in rows]
    shown = [row for row in keys if row]
    # The button that hands over the phone serves once; the permanent keys stay where they are.
    lasting = {"is_persistent": True} if stays else {"one_time_keyboard": True}
    return {"keyboard": shown, "resize_keyboard": True, **lasting}


def _key(button: Button) -> dict[str, Any]:
    return {"text": button.text, "request_contact": True} if button.ask == "contact" else {"text": button.text}
