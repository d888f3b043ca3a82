"""imopenlines.bot.session.*, operator.* and session.*: who takes a dialogue, passes it on and ends it."""

from tests.emulators.bitrix24 import openlines
from tests.emulators.bitrix24.methods import Call, RestError, method, to_int
from tests.emulators.bitrix24.sessions import need_chat
from tests.emulators.bitrix24.store import Row


@method("imopenlines.bot.session.operator", "imopenlines", "imbot", exact=True)
def bot_to_operator(call: Call) -> bool:
    """The bot passes the dialogue to a free operator of the queue."""
    chat, session = _with_session(call)
    _need_bot_owner(call, chat)
    openlines.to_queue(call.portal, chat, session)
    return True


@method("imopenlines.bot.session.transfer", "imopenlines", "imbot", exact=True)
def bot_transfer(call: Call) -> bool:
    """The bot passes the dialogue to a certain operator or line; with LEAVE=N it stays in the chat."""
    chat, session = _with_session(call)
    _need_client_id(call, chat)
    _need_bot_owner(call, chat)
    stay = not call.flag("LEAVE", default=False)
    bots = openlines.bots_in(call.portal, chat)
    _transfer(call, chat, session)
    if stay:
        chat["members"] += [bot for bot in bots if bot not in chat["members"]]
    else:
        for bot in bots:
            openlines.leave(chat, bot)
    return True


@method("imopenlines.bot.session.finish", "imopenlines", "imbot", exact=True)
def bot_finish(call: Call) -> bool:
    """The bot ends the dialogue."""
    chat, session = _with_session(call)
    _need_client_id(call, chat)
    _need_bot_owner(call, chat)
    openlines.close(call.portal, chat, session)
    return True


@method("imopenlines.bot.session.message.send", "imopenlines", "imbot", exact=True)
def bot_auto_message(call: Call) -> bool:
    """Post a system auto-message; true even when nothing was created."""
    chat = need_chat(call)
    line = call.portal.store["lines"][chat["lineId"]]
    is_welcome = str(call.get("NAME") or "").upper() == "WELCOME"
    text = line["WELCOME_MESSAGE_TEXT"] if is_welcome else str(call.get("MESSAGE") or "")
    if text and openlines.current_session(call.portal, chat):
        openlines.say(call.portal, chat, 0, text, system=True)
    return True


def _with_session(call: Call) -> tuple[Row, Row]:
    chat = need_chat(call)
    session = openlines.current_session(call.portal, chat)
    if session is None:
        raise RestError("WRONG_CHAT", "The session is closed")
    return chat, session


def _need_bot_owner(call: Call, chat: Row) -> None:
    owner = call.portal.store["users"].get(chat["owner"])
    if owner is None or owner["type"] != "bot":
        raise RestError("WRONG_CHAT", "Operator is not a bot")


def _need_client_id(call: Call, chat: Row) -> None:
    """CLIENT_ID is the bot's token; an application is known without it."""
    token = str(call.get("CLIENT_ID") or "")
    users = call.portal.store["users"]
    owners = [row for row in users.values() if row["type"] == "bot" and row["botToken"] == token]
    if not call.auth.is_app and not (token and owners):
        raise RestError("BOT_ID_ERROR", "Bot ID is incorrect")


def _transfer(call: Call, chat: Row, session: Row) -> None:
    target = str(call.get("TRANSFER_ID") or "")
    line_id = call.integer("QUEUE_ID") or (to_int(target[5:]) if target.startswith("queue") else 0)
    user_id = call.integer("USER_ID") or (0 if line_id else to_int(target))
    if line_id:
        if line_id not in call.portal.store["lines"]:
            raise RestError("OPERATOR_WRONG", "There is no such queue")
        chat["lineId"] = session["lineId"] = line_id
        openlines.to_queue(call.portal, chat, session)
        return
    user = call.portal.store["users"].get(user_id)
    if user is None or user["type"] != "employee" or not user["active"]:
        raise RestError("OPERATOR_WRONG", "The operator is incorrect")
    openlines.give_to(call.portal, chat, session, user_id)
    openlines.note(call.portal, chat, "Обращение переведено на оператора")


@method("imopenlines.operator.answer", "imopenlines", exact=True)
def answer(call: Call) -> bool:
    """The caller takes the dialogue."""
    return _take(call)


@method("imopenlines.session.intercept", "imopenlines", exact=True)
def intercept(call: Call) -> bool:
    """The caller takes the dialogue from whoever has it."""
    return _take(call)


@method("imopenlines.session.join", "imopenlines", exact=True)
def join(call: Call) -> bool:
    """The caller joins without taking it."""
    chat, _ = _with_session(call)
    if call.auth.user_id not in chat["members"]:
        chat["members"].append(call.auth.user_id)
    return True


@method("imopenlines.session.start", "imopenlines", exact=True)
def start(call: Call) -> bool:
    """Open a new session in a chat whose last one is closed; the caller is its operator."""
    chat = need_chat(call)
    session = openlines.current_session(call.portal, chat) or openlines.open_session(call.portal, chat)
    openlines.take_over(call.portal, chat, session, call.auth.user_id)
    return True


@method("imopenlines.operator.transfer", "imopenlines", exact=True)
def operator_transfer(call: Call) -> bool:
    """The caller passes the dialogue on."""
    chat, session = _own(call)
    _transfer(call, chat, session)
    return True


@method("imopenlines.operator.skip", "imopenlines", exact=True)
def skip(call: Call) -> bool:
    """The caller gives the dialogue back to the queue."""
    chat, session = _own(call)
    openlines.leave(chat, call.auth.user_id)
    openlines.to_queue(call.portal, chat, session)
    return True


@method("imopenlines.operator.finish", "imopenlines", exact=True)
def finish(call: Call) -> bool:
    """The caller ends the dialogue."""
    chat, session = _own(call)
    openlines.close(call.portal, chat, session)
    return True


@method("imopenlines.operator.spam", "imopenlines", exact=True)
def spam(call: Call) -> bool:
    """The caller ends the dialogue as spam."""
    chat, session = _own(call)
    openlines.close(call.portal, chat, session, status="spam")
    return True


def _take(call: Call) -> bool:
    chat, session = _with_session(call)
    openlines.take_over(call.portal, chat, session, call.auth.user_id)
    for bot in openlines.bots_in(call.portal, chat):
        openlines.leave(chat, bot)
    return True


def _own(call: Call) -> tuple[Row, Row]:
    chat, session = _with_session(call)
    if chat["owner"] != call.auth.user_id:
        raise RestError("ACCESS_DENIED", "You are not the operator of this dialog", status=403)
    return chat, session
