"""What each of Telegram's refusals means for the outbox. Texts change between versions, so the code speaks first."""

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.transport import Flood, NeverLeft, NotTelegram
from bot.errors import (
    ChannelDown,
    ChatMoved,
    MessageRejected,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    RecipientGone,
    SendError,
)

NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "group chat was deactivated", "user_deactivated")


def translated(error: TelegramError, *, token: str) -> SendError:
    """Return our error for the library's; its text never holds the token."""
    text = str(error.message).replace(token, "***")
    match error:
        case NeverLeft():
            return NotSent(text)
        case Flood(retry_after=seconds):
            return RateLimited(seconds)
        case ChatMigrated(new_chat_id=new_id):
            return ChatMoved(str(new_id))
        case Forbidden():
            return RecipientGone(text)
        case InvalidToken():
            return ChannelDown(text)
        case NotTelegram(status=status) if status < 500:
            return ChannelDown(text)
        case BadRequest():
            gone = any(words in text.lower() for words in NOBODY_THERE)
            return RecipientGone(text) if gone else MessageRejected(text)
    return OutcomeUnknown(text)
