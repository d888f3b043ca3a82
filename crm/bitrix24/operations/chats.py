"""Giving an open-line chat to a human, and ending it; whoever is a human keeps the word."""

import enum

from bot.models import Chat, Message
from bot.outbox import take_over
from crm.bitrix24.methods import lines
from crm.bitrix24.operations.base import NotYet, Result, Write

WAITS_FOR_WORDS = 10  # attempts to let the bot say goodbye before its chat is given away


def transfer_chat(write: Write) -> Result:
    """Give the customer's chat to an employee, or to the line's queue when none is named; a human's chat is left alone."""
    _let_the_bot_finish(write)
    chat_id, user_id = int(write.params["chat_id"]), int(write.params.get("user_id") or 0)
    match _holder_of_chat(write, chat_id):
        case Holder.BOT if user_id:
            lines.transfer_to_user(write.client, write.bot, chat_id=chat_id, user_id=user_id)
        case Holder.BOT:
            lines.transfer_to_queue(write.client, write.bot, chat_id=chat_id)
        case Holder.OURSELVES:
            lines.pass_on(write.client, chat_id=chat_id, to=str(user_id or f"queue{write.portal.open_line_id}"))
        case Holder.NOBODY:
            lines.answer_chat(write.client, chat_id=chat_id)
            lines.pass_on(write.client, chat_id=chat_id, to=str(user_id or f"queue{write.portal.open_line_id}"))
        case Holder.HUMAN:
            _leave_the_word_to_humans(write)
            return {"was": "with a human"}
    _leave_the_word_to_humans(write)
    return {"to": user_id or "queue"}


def was_transferred(write: Write) -> bool:
    """Return whether a human answers in the chat."""
    if _holder_of_chat(write, int(write.params["chat_id"])) is not Holder.HUMAN:
        return False
    _leave_the_word_to_humans(write)
    return True


def _leave_the_word_to_humans(write: Write) -> None:
    chat = write.lead.chat if write.lead else None
    if chat is not None and chat.speaker == Chat.Speaker.BOT:
        take_over(chat.pk)


def finish_chat(write: Write) -> Result:
    """End the dialogue in the open line; one that is with a human or has ended is left as it is."""
    _let_the_bot_finish(write)
    chat_id = int(write.params["chat_id"])
    match _holder_of_chat(write, chat_id):
        case Holder.BOT:
            lines.finish_chat(write.client, write.bot, chat_id=chat_id)
        case Holder.OURSELVES:
            lines.finish_own_chat(write.client, chat_id=chat_id)
        case other:
            return {"was": other.value}
    return {}


def was_finished(write: Write) -> bool:
    """Return whether neither the bot nor the webhook's user holds the chat any more."""
    return _holder_of_chat(write, int(write.params["chat_id"])) in (Holder.NOBODY, Holder.HUMAN)


def _let_the_bot_finish(write: Write) -> None:
    """Raise `NotYet` while the bot's last words are on their way: said after a transfer they would be said over a human."""
    chat = write.lead.chat if write.lead else None
    if chat is None or write.attempts >= WAITS_FOR_WORDS:
        return
    words = chat.messages.filter(role=Message.Role.BOT, status__in=Message.PENDING)
    if words.exists():
        raise NotYet("the bot is still speaking", wait=2.0)


class Holder(enum.Enum):
    """Who answers in an open-line chat."""

    BOT = "bot"
    OURSELVES = "the webhook's user"  # after we reopened a chat that had ended
    NOBODY = "nobody"  # ended, or waiting for an operator
    HUMAN = "a human"


def _holder_of_chat(write: Write, chat_id: int) -> Holder:
    owner = lines.get_dialog(write.client, chat_id).owner_id
    if owner == write.bot.id:
        return Holder.BOT
    if owner == write.client.webhook.user_id:
        return Holder.OURSELVES
    return Holder.HUMAN if owner else Holder.NOBODY
