"""imopenlines.*: lines, dialogues, their history, who speaks in them, and the chats of a CRM object."""

from typing import Any

from tests.emulators.bitrix24 import openlines
from tests.emulators.bitrix24.botevents import entity_data, user_view
from tests.emulators.bitrix24.fields import BY_WORD
from tests.emulators.bitrix24.methods import Call, RestError, as_list, as_map, is_yes, method, to_int
from tests.emulators.bitrix24.store import Row

LINES_LIMIT = 200


@method("imopenlines.config.get", "imopenlines", exact=True)
def config_get(call: Call) -> Any:
    """Return a line's settings, its queue when asked for; false when there is no such line."""
    line = call.portal.store["lines"].get(call.integer("CONFIG_ID"))
    return _line(call, line, with_queue=call.flag("WITH_QUEUE", default=True)) if line else False


@method("imopenlines.config.list.get", "imopenlines", exact=True)
def config_list(call: Call) -> list[Row]:
    """Return the lines; paging is PARAMS.limit and PARAMS.offset here."""
    params = as_map(call.get("PARAMS"))
    options = as_map(call.get("OPTIONS"))
    limit, offset = min(to_int(params.get("limit")) or LINES_LIMIT, LINES_LIMIT), to_int(params.get("offset"))
    lines = sorted(call.portal.store["lines"].values(), key=lambda row: int(row["id"]))
    with_queue = is_yes(options.get("QUEUE", "N"))
    return [_line(call, line, with_queue=with_queue) for line in lines[offset : offset + limit]]


@method("imopenlines.config.update", "imopenlines", exact=True)
def config_update(call: Call) -> bool:
    """Change a line's settings; false when there is no such line, unknown settings are ignored."""
    line = call.portal.store["lines"].get(call.integer("CONFIG_ID"))
    if line is None:
        return False
    line.update(_known(as_map(call.get("PARAMS"))))
    return True


@method("imopenlines.config.add", "imopenlines", exact=True)
def config_add(call: Call) -> int:
    """Create a line."""
    settings = openlines.LINE_DEFAULTS | _known(as_map(call.get("PARAMS")))
    return call.portal.store["lines"].add(settings)


def _known(params: Row) -> Row:
    known = {name: value for name, value in params.items() if name in openlines.LINE_DEFAULTS}
    if "QUEUE" in known:
        known["QUEUE"] = [to_int(item) for item in as_list(known["QUEUE"])]
    return known


def _line(call: Call, line: Row, *, with_queue: bool) -> Row:
    shown: Row = {"ID": str(line["id"])}
    for name in openlines.LINE_DEFAULTS:
        if name != "QUEUE":
            shown[name] = str(line[name])
    if with_queue:
        users = call.portal.store["users"]
        shown["QUEUE"] = [str(number) for number in line["QUEUE"]]
        online = any(users[number]["isOnline"] for number in line["QUEUE"] if number in users)
        shown["QUEUE_ONLINE"] = "Y" if online else "N"
    return shown


@method("imopenlines.dialog.get", "imopenlines", exact=True)
def dialog_get(call: Call) -> Row:
    """Return a chat by any of its names; keys are in snake case here."""
    chat = _named_chat(call)
    first, second = entity_data(call.portal, chat)
    return {
        "avatar": "",
        "color": "#4ba984",
        "date_create": chat["created"],
        "dialog_id": f"chat{chat['id']}",
        "entity_data_1": first,
        "entity_data_2": second,
        "entity_data_3": "N",
        "entity_id": chat["entityId"],
        "entity_type": "LINES",
        "extranet": True,
        "id": chat["id"],
        "manager_list": [chat["owner"]] if chat["owner"] else [],
        "message_type": "L",
        "name": chat["name"],
        "owner": chat["owner"],
        "type": "lines",
    }


def _named_chat(call: Call) -> Row:
    portal = call.portal
    code = str(call.get("USER_CODE") or "").removeprefix("imol|")
    session = portal.store["sessions"].get(call.integer("SESSION_ID"))
    number = call.get("CHAT_ID") or call.get("DIALOG_ID") or (session["chatId"] if session else 0)
    if not (number or code or call.get("SESSION_ID")):
        raise RestError("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    chats = portal.store["chats"].values()
    chat = openlines.find_chat(portal, number) or next((row for row in chats if code and row["entityId"] == code), None)
    if chat is None:
        raise RestError("ACCESS_ERROR", "You do not have access to the specified dialog")
    return chat


@method("imopenlines.session.history.get", "imopenlines", exact=True)
def history(call: Call) -> Row:
    """Return the messages of a session (or, for members only, of a chat's last session)."""
    session = call.portal.store["sessions"].get(call.integer("SESSION_ID"))
    chat = openlines.find_chat(call.portal, session["chatId"] if session else call.integer("CHAT_ID"))
    if chat is None:
        raise RestError("CHAT_ID", "An incorrect chat identifier was provided")
    if session is None and call.auth.user_id not in chat["members"]:
        words = "You cannot open this conversation because you do not have sufficient rights."
        raise RestError("ACCESS_DENIED", words)
    number = session["id"] if session else chat["sessionId"]
    rows = [row for row in call.portal.store["messages"].values() if row["sessionId"] == number]
    return _history(call, chat, number, sorted(rows, key=lambda row: -int(row["id"])))


def _history(call: Call, chat: Row, session_id: int, rows: list[Row]) -> Row:
    authors = sorted({row["authorId"] for row in rows if row["authorId"]})
    first, second = entity_data(call.portal, chat)
    view: Row = {"id": str(chat["id"]), "name": chat["name"], "owner": str(chat["owner"]), "entityType": "LINES"}
    view |= {"entityId": chat["entityId"], "entityData1": first, "entityData2": second, "entityData3": "N"}
    view |= {"dateCreate": chat["created"], "type": "lines", "messageType": "L"}
    return {
        "chatId": chat["id"],
        "canJoin": "Y",
        "canVoteHead": "Y",
        "sessionId": session_id,
        "userId": f"chat{chat['id']}",
        "message": {str(row["id"]): _message(row) for row in rows},
        "usersMessage": {f"chat{chat['id']}": [str(row["id"]) for row in rows]},
        "users": {str(number): user_view(call.portal, number) | {"id": str(number)} for number in authors},
        "chat": {str(chat["id"]): view},
        "userInChat": {str(chat["id"]): list(chat["members"])},
        "files": [],
    }


def _message(row: Row) -> Row:
    return {
        "id": str(row["id"]),
        "chatid": str(row["chatId"]),
        "senderid": str(row["authorId"]),
        "recipientid": f"chat{row['chatId']}",
        "date": row["date"],
        "text": row["text"],
        "textlegacy": row["text"],
        "params": {},
    }


def need_chat(call: Call) -> Row:
    """Return the chat of CHAT_ID or raise the portal's error."""
    if not call.integer("CHAT_ID"):
        raise RestError("CHAT_ID_EMPTY", "Chat ID can't be empty")
    chat = openlines.find_chat(call.portal, call.integer("CHAT_ID"))
    if chat is None:
        raise RestError("CHAT_ID", "An incorrect chat identifier was provided")
    return chat


def crm_chats(call: Call) -> list[Row]:
    """Return the chats of the CRM object a call names by CRM_ENTITY_TYPE and CRM_ENTITY."""
    entity = BY_WORD.get(str(call.get("CRM_ENTITY_TYPE") or "").lower())
    number = call.integer("CRM_ENTITY")
    if entity is None or number <= 0:
        raise RestError("ERROR_ARGUMENT", "Argument 'CRM_ENTITY' is null or empty", argument="CRM_ENTITY")
    return openlines.chats_of(call.portal, entity.type_id, number)


@method("imopenlines.crm.chat.get", "imopenlines", exact=True)
def crm_chat_get(call: Call) -> list[Row]:
    """Return the chats of a lead, deal or contact; ACTIVE_ONLY (by default) hides those with no open session."""
    active_only = call.flag("ACTIVE_ONLY", default=True)
    return [
        {"CHAT_ID": str(chat["id"]), "CONNECTOR_ID": chat["connector"], "CONNECTOR_TITLE": chat["connector"].title()}
        for chat in crm_chats(call)
        if not active_only or openlines.current_session(call.portal, chat)
    ]


@method("imopenlines.crm.chat.getLastId", "imopenlines", exact=True)
def crm_chat_last(call: Call) -> int:
    """Return the newest chat of an object."""
    chats = crm_chats(call)
    if not chats:
        raise RestError("CRM_CHAT_EMPTY_CRM_DATA", "There is no chat for this CRM object")
    return int(max(chats, key=lambda chat: int(chat["sessionId"]))["id"])


@method("imopenlines.crm.chat.user.add", "imopenlines", exact=True)
def crm_chat_add_user(call: Call) -> int:
    """Bring a user or a bot into the chat of an object; 0 when there is no chat."""
    if not call.auth.scopes & {"crm"}:
        raise RestError("insufficient_scope", "The crm scope is required", status=403)
    chat = _crm_chat(call)
    if chat is None:
        return 0
    user_id = call.integer("USER_ID")
    if user_id not in call.portal.store["users"]:
        raise RestError("USER_ID_EMPTY", "User not found")
    if user_id in chat["members"]:
        raise RestError("WRONG_REQUEST", "User is already a member of this chat")
    chat["members"].append(user_id)
    return int(chat["id"])


@method("imopenlines.crm.chat.user.delete", "imopenlines", exact=True)
def crm_chat_remove_user(call: Call) -> int:
    """Take a user out of the chat of an object."""
    chat = _crm_chat(call)
    if chat is None:
        return 0
    openlines.leave(chat, call.integer("USER_ID"))
    return int(chat["id"])


@method("imopenlines.crm.message.add", "imopenlines", exact=True)
def crm_message_add(call: Call) -> int:
    """Write to the client in the name of a member of the chat."""
    chat = _crm_chat(call)
    if chat is None:
        raise RestError("CHAT_NOT_IN_CRM", "The chat does not belong to this CRM object")
    user_id, text = call.integer("USER_ID"), str(call.get("MESSAGE") or "")
    if user_id not in chat["members"] or user_id == chat["clientId"]:
        raise RestError("ACCESS_DENIED", "The user is not a member of this chat", status=403)
    if not text.strip():
        raise RestError("CANCELED", "The message was not sent")
    is_open = openlines.current_session(call.portal, chat) is not None
    return int(openlines.say(call.portal, chat, user_id, text, to_client=is_open)["id"])


def _crm_chat(call: Call) -> Row | None:
    chats = crm_chats(call)
    wanted = call.integer("CHAT_ID")
    if wanted:
        return next((chat for chat in chats if chat["id"] == wanted), None)
    return chats[-1] if chats else None


@method("imopenlines.crm.lead.create", "imopenlines", exact=True)
def crm_lead_create(call: Call) -> bool:
    """Create the lead of a chat; only its current operator may."""
    chat = need_chat(call)
    if chat["owner"] != call.auth.user_id:
        raise RestError("ERROR_USER_NOT_OPERATOR", "The user is not the operator of this dialog")
    openlines.link_crm(call.portal, chat)
    return True
