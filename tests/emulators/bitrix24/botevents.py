"""What bots hear: the shapes of chats, users and messages in imbot.v2, and the queue or post that carries an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulators.bitrix24.store import Row

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal import Portal


def entity_data(portal: Portal, chat: Row) -> tuple[str, str]:
    """Return entity_data_1 (CRM link and session) and entity_data_2 (all CRM links; zeros until the lead exists)."""
    session = portal.store["sessions"].get(chat["sessionId"])
    open_id = session["id"] if session and not session["closed"] else 0
    kind = "LEAD" if chat["leadId"] else "DEAL" if chat["dealId"] else "NONE"
    number = chat["leadId"] or chat["dealId"]
    since = int(session["started"]) if session else 0
    first = f"{'Y' if number else 'N'}|{kind}|{number}|{chat['pause']}|N|{open_id}|{since}|0|0|0"
    second = f"LEAD|{chat['leadId']}|COMPANY|0|CONTACT|{chat['contactId']}|DEAL|{chat['dealId']}"
    return first, second


def chat_view(portal: Portal, chat: Row) -> Row:
    """Return a chat as imbot.v2 shows it."""
    first, second = entity_data(portal, chat)
    last = max((row["id"] for row in portal.store["messages"].values() if row["chatId"] == chat["id"]), default=0)
    return {
        "id": chat["id"],
        "dialogId": f"chat{chat['id']}",
        "name": chat["name"],
        "description": "",
        "owner": chat["owner"],
        "color": "#4ba984",
        "avatar": "",
        "type": "lines",
        "messageType": "L",
        "role": "member",
        "dateCreate": chat["created"],
        "lastMessageId": last,
        "muteList": [],
        "managerList": [chat["owner"]] if chat["owner"] else [],
        "entityType": "LINES",
        "entityId": chat["entityId"],
        "entityData1": first,
        "entityData2": second,
        "entityData3": "N",
    }


def user_view(portal: Portal, user_id: int) -> Row:
    """Return a user as imbot.v2 shows it: `connector` marks a client, neither flag an employee."""
    user = portal.store["users"][user_id]
    return {
        "id": user["id"],
        "active": user["active"],
        "name": f"{user['name']} {user['lastName']}".strip(),
        "firstName": user["name"],
        "lastName": user["lastName"],
        "workPosition": user["position"],
        "color": "#df532d",
        "avatar": "",
        "gender": "M",
        "extranet": user["type"] == "imconnector",
        "bot": user["type"] == "bot",
        "connector": user["type"] == "imconnector",
        "externalAuthId": {"imconnector": "imconnector", "bot": "bot"}.get(user["type"], "default"),
        "status": "online",
        "departments": list(user["departments"]),
        "type": {"imconnector": "user", "bot": "bot"}.get(user["type"], "employee"),
    }


def message_view(message: Row) -> Row:
    """Return a message as imbot.v2 shows it."""
    return {
        "id": message["id"],
        "chatId": message["chatId"],
        "authorId": message["authorId"],
        "date": message["date"],
        "text": message["text"],
        "isSystem": message["isSystem"],
        "uuid": "",
        "forward": None,
        "params": {},
        "viewedByOthers": False,
    }


def tell_bots(portal: Portal, chat: Row, event: str, about: int, *, message: Row | None = None, only: int = 0) -> None:
    """Tell each bot in the chat (or `only` one) of a message or of its joining."""
    users = portal.store["users"]
    for number in list(chat["members"]):
        if users[number]["type"] != "bot" or number not in (only or number,):
            continue
        data: Row = {"bot": {"id": number, "code": users[number]["code"]}}
        data |= {"message": message_view(message)} if message else {"dialogId": f"chat{chat['id']}"}
        data |= {"chat": chat_view(portal, chat), "user": user_view(portal, about), "language": "ru"}
        push(portal, users[number], event, data)


def push(portal: Portal, bot: Row, event: str, data: Row) -> None:
    """Queue an event for fetching, or post it with every scalar as a string."""
    if bot["eventMode"] == "fetch":
        row = {"botId": bot["id"], "type": event, "date": portal.clock.iso(), "data": data}
        portal.store["bot_events"].add(row)
        return
    auth = portal.events.auth(portal.application_token)
    inner: dict[str, Any] = {**data["bot"], "auth": portal.events.auth("")}
    body = {"event": event, "ts": int(portal.clock.time()), "auth": auth, "data": {**data, "bot": inner}}
    portal.events.post(event, bot["webhookUrl"], body)
