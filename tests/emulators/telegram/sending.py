"""Putting messages into chats, and showing them as the Bot API shows them."""

from typing import Any

from .keyboards import FORCE, INLINE, REMOVE, REPLY
from .world import Bot, Chat, Json, Message, World


def next_message(bot: Bot, chat: Chat, *, sender_id: int, now: float, content: Json) -> Message:
    """Add a message to a chat under the bot's next number and return it."""
    message = Message(bot.next_message_id, int(now), sender_id, sender_id == bot.id, content)
    bot.next_message_id += 1
    chat.messages[message.id] = message
    return message


def show_markup(chat: Chat, message: Message, markup: Json | None) -> None:
    """Put the buttons where the person will see them: under the message, or instead of the keyboard."""
    if markup is None:
        return
    if INLINE in markup:
        message.markup = markup
    elif REPLY in markup:
        chat.keyboard = markup
    elif markup.get(REMOVE):
        chat.keyboard = None
    elif markup.get(FORCE):
        chat.keyboard = markup


def as_chat(world: World, chat: Chat) -> Json:
    """Return the `Chat` of the Bot API."""
    if chat.type != "private":
        return {"id": chat.id, "type": chat.type, "title": chat.title}
    user = world.person(chat.id).as_user()
    names: Json = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
    return {"id": chat.id, "type": "private", **names}


def as_sender(world: World, bot: Bot, message: Message) -> Json:
    """Return the `from` of a message."""
    return bot.as_user() if message.by_bot else world.person(message.sender_id).as_user()


def as_message(world: World, bot: Bot, chat: Chat, message: Message, *, nested: bool = False) -> Json:
    """Return the `Message` of the Bot API; a message replied to is shown without its own reply."""
    body: dict[str, Any] = {
        "message_id": message.id,
        "from": as_sender(world, bot, message),
        "chat": as_chat(world, chat),
        "date": message.date,
        **message.content,
    }
    if message.edit_date:
        body["edit_date"] = message.edit_date
    if message.markup:
        body["reply_markup"] = message.markup
    replied = chat.messages.get(message.reply_to)
    if replied is not None and not nested:
        body["reply_to_message"] = as_message(world, bot, chat, replied, nested=True)
    return body
