"""Changing and deleting what was said."""

from collections.abc import Iterable
from typing import Any

from ..keyboards import read_markup
from ..refusals import bad_request
from ..sending import as_message
from ..world import Chat, Json, Message
from .call import Call, method, text_content

DELETABLE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
CAPTIONED = {"photo", "document", "voice", "video", "audio", "animation"}


def _editable(call: Call) -> tuple[Chat, Message]:
    chat = call.chat()
    try:
        message = call.message(chat)
    except LookupError:
        raise bad_request("message to edit not found") from None
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _change(call: Call, chat: Chat, message: Message, content: Json) -> Json:
    private = chat.type == "private"
    invoice = "invoice" in message.content
    markup = read_markup(call.params.nested("reply_markup"), private=private, invoice=invoice, lenient=call.lenient)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    if markup == {"inline_keyboard": []}:
        markup = None
    if (content, markup) == (message.content, message.markup):
        raise bad_request(NOT_MODIFIED)
    message.content, message.markup, message.edit_date = content, markup, int(call.now)
    return as_message(call.world, call.bot, chat, message)


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext"""
    chat, message = _editable(call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(call, chat, message, text_content(call))


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    chat, message = _editable(call)
    if not CAPTIONED & message.content.keys():
        raise bad_request("there is no caption in the message to edit")
    rest = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    return _change(call, chat, message, {**rest, **call.caption()})


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    chat, message = _editable(call)
    return _change(call, chat, message, message.content)


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessage"""
    chat = call.chat()
    try:
        message = call.message(chat)
    except LookupError:
        raise bad_request("message to delete not found") from None
    if not _may_delete(call, chat, message):
        raise bad_request("message can't be deleted")
    message.is_deleted = True
    return True


def _may_delete(call: Call, chat: Chat, message: Message) -> bool:
    young = call.now - message.date <= DELETABLE_SECONDS
    return young and (message.by_bot or chat.type == "private")


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessages"""
    chat = call.chat()
    asked: Any = call.params.nested("message_ids")
    if not isinstance(asked, list) or not 1 <= len(asked) <= 100:
        raise bad_request("message identifiers are not specified")
    for message in _present(chat, asked):
        message.is_deleted = message.is_deleted or _may_delete(call, chat, message)
    return True


def _present(chat: Chat, ids: Iterable[Any]) -> list[Message]:
    return [chat.messages[int(number)] for number in ids if int(number) in chat.messages]
