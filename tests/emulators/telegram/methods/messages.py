"""Saying something: sendMessage and its kin without files, actions, forwarding and copying."""

from typing import Any

from ..keyboards import read_markup
from ..refusals import bad_request
from ..sending import as_message, next_message, show_markup
from ..world import Chat, Json
from .call import Call, method, text_content

ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def send(call: Call, chat: Chat, content: Json, *, invoice: bool = False) -> Json:
    """Put a checked body into the chat with its buttons, counting it against the limits, and return the message."""
    private = chat.type == "private"
    markup = read_markup(call.params.nested("reply_markup"), private=private, invoice=invoice, lenient=call.lenient)
    reply_to = _reply_to(call, chat)
    call.limits.admit(bot_id=call.bot.id, chat_id=chat.id, now=call.now)
    message = next_message(call.bot, chat, sender_id=call.bot.id, now=call.now, content=content)
    message.reply_to = reply_to
    show_markup(chat, message, markup)
    chat.action = ""
    return as_message(call.world, call.bot, chat, message)


def _reply_to(call: Call, chat: Chat) -> int:
    asked: Any = call.params.nested("reply_parameters") or {}
    number = int(asked.get("message_id", 0)) or call.params.integer("reply_to_message_id")
    if not number or number in chat.messages:
        return number
    if asked.get("allow_sending_without_reply") or call.params.flag("allow_sending_without_reply"):
        return 0
    raise bad_request("message to be replied not found")


@method("sendMessage")
def send_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendmessage"""
    chat = call.chat()
    return send(call, chat, text_content(call))


@method("sendLocation")
def send_location(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendlocation"""
    return send(call, call.chat(), {"location": _place(call)})


@method("sendVenue")
def send_venue(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendvenue"""
    names = {"title": call.params.text("title"), "address": call.params.text("address")}
    return send(call, call.chat(), {"venue": {"location": _place(call), **names}})


def _place(call: Call) -> Json:
    try:
        latitude, longitude = float(call.params.text("latitude")), float(call.params.text("longitude"))
    except ValueError:
        raise bad_request("latitude and longitude must be specified") from None
    return {"latitude": latitude, "longitude": longitude}


@method("sendContact")
def send_contact(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendcontact"""
    phone, name = call.params.text("phone_number"), call.params.text("first_name")
    if not phone or not name:
        raise bad_request("phone_number and first_name must be non-empty")
    return send(call, call.chat(), {"contact": {"phone_number": phone, "first_name": name}})


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    chat = call.chat()
    action = call.params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action, chat.action_at = action, call.now
    return True


def _source(call: Call) -> tuple[Chat, Any]:
    chat = call.known_chat("from_chat_id")
    try:
        return chat, call.message(chat)
    except LookupError:
        raise bad_request("message to copy not found") from None


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#copymessage"""
    target = call.chat()
    _, source = _source(call)
    content = dict(source.content)
    if call.params.has("caption"):
        content = {**{k: v for k, v in content.items() if not k.startswith("caption")}, **call.caption()}
    return {"message_id": send(call, target, content)["message_id"]}


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#forwardmessage"""
    target = call.chat()
    chat, source = _source(call)
    sender = as_message(call.world, call.bot, chat, source)["from"]
    origin = {"type": "user", "sender_user": sender, "date": source.date}
    return send(call, target, {**source.content, "forward_origin": origin})
