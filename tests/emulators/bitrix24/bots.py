"""imbot.v2.*: registering a bot, its queue of events, and what it says."""

from typing import Any

from tests.emulators.bitrix24.botevents import chat_view, push, user_view
from tests.emulators.bitrix24.methods import Call, RestError, as_map, is_yes, method, to_int
from tests.emulators.bitrix24.openlines import blank_user, current_session, find_chat, leave, say
from tests.emulators.bitrix24.store import Row

TYPES = ("bot", "openline", "supervisor", "personal")
TOKEN_LIMIT = 40
TEXT_LIMIT = 20_000
CUT = " (...)"
BOTS_LIMIT = 100
EVENTS_LIMIT = 1000


@method("imbot.v2.Revision.get", "imbot", exact=True)
def revision(call: Call) -> Row:
    """Return the revision of the messenger's REST."""
    return {"rest": 33, "web": 130, "mobile": 22, "desktop": 5, "im_revision_mobile": 22}


@method("imbot.v2.Bot.register", "imbot", exact=True)
def register(call: Call) -> Row:
    """Register a bot; the same code again returns the bot there is, unchanged."""
    fields = as_map(call.need("fields"))
    token = _token(call, fields)
    code = str(fields.get("code") or "").strip()
    if not code:
        raise RestError("BOT_CODE_REQUIRED", "Bot code is required")
    bots = _bots(call)
    known = next((row for row in bots if row["code"] == code), None)
    if known is not None and known["botToken"] != token:
        raise RestError("BOT_CODE_ALREADY_TAKEN", "Bot code is already taken by another application")
    if known is None:
        if len(bots) >= BOTS_LIMIT:
            raise RestError("BOT_LIMIT_EXCEEDED", "Maximum number of bots is reached")
        known = _new_bot(call, fields, code, token)
    return {"bot": _bot_view(known), "users": [user_view(call.portal, known["id"])]}


def _token(call: Call, fields: Row) -> str:
    token = str(fields.get("botToken") or call.get("botToken") or "")
    if not token and not call.auth.is_app:
        raise RestError("BOT_TOKEN_NOT_SPECIFIED", "Bot token is not specified")
    if len(token) > TOKEN_LIMIT:
        raise RestError("BOT_TOKEN_INVALID_LENGTH", f"Bot token must not exceed {TOKEN_LIMIT} characters")
    return token


def _new_bot(call: Call, fields: Row, code: str, token: str) -> Row:
    kind = str(fields.get("type") or "bot")
    name = str(as_map(fields.get("properties")).get("name") or "")
    if kind not in TYPES:
        raise RestError("BOT_INVALID_TYPE", "Bot type is invalid")
    if not name:
        raise RestError("BOT_PROPERTIES_NAME_REQUIRED", "Bot name is required")
    row = blank_user(name, kind="bot") | {"code": code, "botType": kind, "botToken": token}
    row |= {"isSupportOpenline": kind == "openline" or is_yes(fields.get("isSupportOpenline"))}
    row |= _mode(fields, {"eventMode": "fetch", "webhookUrl": ""})
    users = call.portal.store["users"]
    return users[users.add(row)]


def _mode(fields: Row, old: Row) -> Row:
    mode = str(fields.get("eventMode") or old["eventMode"])
    url = str(fields.get("webhookUrl") or old["webhookUrl"])
    if mode not in {"fetch", "webhook"}:
        raise RestError("BOT_EVENT_MODE_INVALID", "eventMode must be fetch or webhook")
    if mode == "webhook" and not url:
        raise RestError("BOT_WEBHOOK_URL_REQUIRED", "webhookUrl is required for the webhook mode")
    return {"eventMode": mode, "webhookUrl": url}


@method("imbot.v2.Bot.update", "imbot", exact=True)
def update(call: Call) -> Row:
    """Change what register does not change on its second call."""
    bot, fields = own_bot(call), as_map(call.need("fields"))
    bot.update(_mode(fields, bot))
    bot["name"] = str(as_map(fields.get("properties")).get("name") or bot["name"])
    return {"bot": _bot_view(bot), "users": [user_view(call.portal, bot["id"])]}


@method("imbot.v2.Bot.get", "imbot", exact=True)
def get(call: Call) -> Row:
    """Return one bot of the caller."""
    bot = own_bot(call)
    return {"bot": _bot_view(bot), "users": [user_view(call.portal, bot["id"])]}


@method("imbot.v2.Bot.list", "imbot", exact=True)
def list_(call: Call) -> Row:
    """Return the bots of the caller's token."""
    token = str(call.get("botToken") or "")
    if not token and not call.auth.is_app:
        raise RestError("BOT_TOKEN_NOT_SPECIFIED", "Bot token is not specified")
    return {"bots": [_bot_view(row) for row in _bots(call) if call.auth.is_app or row["botToken"] == token]}


@method("imbot.v2.Bot.unregister", "imbot", exact=True)
def unregister(call: Call) -> bool:
    """Remove a bot from the portal and from its chats; it is told once more."""
    bot = own_bot(call)
    push(call.portal, bot, "ONIMBOTV2DELETE", {"bot": {"id": bot["id"], "code": bot["code"]}})
    for chat in call.portal.store["chats"].values():
        leave(chat, bot["id"])
    del call.portal.store["users"][bot["id"]]
    return True


@method("imbot.v2.Event.get", "imbot", exact=True)
def events(call: Call) -> Row:
    """Return waiting events; `offset` confirms, and so removes, everything below it."""
    bot = own_bot(call)
    table = call.portal.store["bot_events"]
    offset, limit = call.integer("offset"), min(call.integer("limit") or 100, EVENTS_LIMIT)
    mine = [row for row in table.values() if row["botId"] == bot["id"]]
    for row in [row for row in mine if row["id"] < offset]:
        del table[row["id"]]
    waiting = [row for row in mine if row["id"] >= offset]
    shown = waiting[:limit]
    following = shown[-1]["id"] + 1 if shown else offset or table.next_id
    views = [{"eventId": row["id"], "type": row["type"], "date": row["date"], "data": row["data"]} for row in shown]
    return {"events": views, "nextOffset": following, "hasMore": len(waiting) > len(shown)}


@method("imbot.v2.Chat.get", "imbot", exact=True)
def chat_get(call: Call) -> Row:
    """Return a chat the bot is in."""
    return {"chat": chat_view(call.portal, chat_of(call, own_bot(call)))}


@method("imbot.v2.Chat.leave", "imbot", exact=True)
def chat_leave(call: Call) -> bool:
    """Take the bot out of a chat."""
    bot = own_bot(call)
    leave(chat_of(call, bot), bot["id"])
    return True


@method("imbot.v2.Chat.InputAction.notify", "imbot", exact=True)
def typing(call: Call) -> bool:
    """Show that the bot is typing."""
    chat_of(call, own_bot(call))
    return True


@method("imbot.v2.Chat.Message.send", "imbot", exact=True)
def send(call: Call) -> Row:
    """Say something; the client sees it while the session is open, unless the message skips the connector."""
    bot = own_bot(call)
    chat = chat_of(call, bot)
    fields = as_map(call.need("fields"))
    text = str(fields.get("message") or "")
    if not text.strip() and not fields.get("attach"):
        raise RestError("EMPTY_MESSAGE", "Message is empty")
    if len(text) > TEXT_LIMIT:
        text = text[:TEXT_LIMIT] + CUT
    is_open = current_session(call.portal, chat) is not None or call.portal.settings.get("closed_chat_reaches_client")
    reaches = bool(is_open) and not is_yes(fields.get("skipConnector"))
    message = say(call.portal, chat, bot["id"], text, to_client=reaches)
    return {"id": message["id"], "uuidMap": {}}


@method("imbot.v2.Chat.Message.update", "imbot", exact=True)
def edit(call: Call) -> bool:
    """Change a message of the bot."""
    message = _own_message(call)
    message["text"] = str(as_map(call.need("fields")).get("message") or "")
    return True


@method("imbot.v2.Chat.Message.delete", "imbot", exact=True)
def delete(call: Call) -> bool:
    """Delete a message of the bot."""
    del call.portal.store["messages"][_own_message(call)["id"]]
    return True


def own_bot(call: Call) -> Row:
    """Return the bot a call names after checking that the caller owns it."""
    token = call.get("botToken")
    if not token and not call.auth.is_app:
        raise RestError("BOT_TOKEN_NOT_SPECIFIED", "Bot token is not specified")
    if not call.get("botId"):
        raise RestError("BOT_ID_REQUIRED", "Bot ID is required")
    bot = call.portal.store["users"].get(to_int(call.get("botId")))
    if bot is None or bot["type"] != "bot":
        raise RestError("BOT_NOT_FOUND", "Bot not found")
    if not call.auth.is_app and token != bot["botToken"]:
        raise RestError("BOT_OWNERSHIP_ERROR", "Bot is registered by another application")
    return bot


def chat_of(call: Call, bot: Row) -> Row:
    """Return the chat a call names; the bot must be in it."""
    chat = find_chat(call.portal, call.need("dialogId"))
    if chat is None or not str(call.get("dialogId")).startswith("chat") or bot["id"] not in chat["members"]:
        raise RestError("ACCESS_DENIED", "Access denied", status=403)
    return chat


def _own_message(call: Call) -> Row:
    bot = own_bot(call)
    message = call.portal.store["messages"].get(to_int(call.need("messageId")))
    if message is None:
        raise RestError("MESSAGE_NOT_FOUND", "Message not found")
    if message["authorId"] != bot["id"]:
        raise RestError("MESSAGE_ACCESS_ERROR", "Message belongs to another user", status=403)
    return message


def _bots(call: Call) -> list[Row]:
    return [row for row in call.portal.store["users"].values() if row["type"] == "bot"]


def _bot_view(bot: Row) -> dict[str, Any]:
    return {
        "id": bot["id"],
        "code": bot["code"],
        "type": bot["botType"],
        "isHidden": False,
        "isReactionsEnabled": True,
        "isSupportOpenline": bot["isSupportOpenline"],
        "language": "ru",
        "eventMode": bot["eventMode"],
        "countMessage": 0,
        "countCommand": 0,
        "countChat": 0,
        "countUser": 0,
    }
