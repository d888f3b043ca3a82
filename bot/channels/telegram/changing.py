"""Changing what was said and taking it away. Both may be repeated: what is so already is no failure.

https://core.telegram.org/bots/api#updating-messages
"""

from typing import Any

from telegram import Bot
from telegram.error import BadRequest

from bot.channels.telegram.keyboards import is_inline, markup_of, preview_of, text_with_links
from bot.messages import Outgoing

SAME_ALREADY = "message is not modified"
NOT_THERE = ("message to delete not found", "message to edit not found")
EMPTY = "—"


async def change(bot: Bot, chat_id: str, message: Outgoing) -> str:
    """Give an earlier message its new words and buttons; return its id."""
    keyboard = markup_of(message)
    preview: Any = preview_of(message)
    # Only inline buttons can stand under an old message.
    inline: Any = keyboard if is_inline(keyboard) else None
    number = int(message.target_external_id)
    try:
        await bot.edit_message_text(
            text_with_links(message),
            chat_id=chat_id,
            message_id=number,
            reply_markup=inline,
            link_preview_options=preview,
        )
    except BadRequest as error:
        # The same already, or taken away by hand: nothing is left to change.
        if not any(words in error.message.lower() for words in (SAME_ALREADY, *NOT_THERE)):
            raise
    return message.target_external_id


async def withdraw(bot: Bot, chat_id: str, message: Outgoing) -> str:
    """Delete an earlier message. Telegram refuses after 48 hours: then its words are replaced and its buttons go."""
    try:
        await bot.delete_message(chat_id, int(message.target_external_id))
    except BadRequest as error:
        if any(words in error.message.lower() for words in NOT_THERE):
            return message.target_external_id
        words = Outgoing(message.text or EMPTY, target_external_id=message.target_external_id)
        return await change(bot, chat_id, words)
    return message.target_external_id
