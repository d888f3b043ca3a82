"""Open lines as the world sees them: clients write, sessions open and close, bots and people answer, leads are born."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.emulators.bitrix24 import records
from tests.emulators.bitrix24.botevents import tell_bots
from tests.emulators.bitrix24.fields import DEAL, ENTITIES, LEAD, Entity
from tests.emulators.bitrix24.methods import is_yes, to_int
from tests.emulators.bitrix24.store import Row

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal import Portal

LINE_DEFAULTS: Row = {
    "LINE_NAME": "Открытая линия",
    "ACTIVE": "Y",
    "CRM": "Y",
    "CRM_CREATE": "lead",
    "CRM_FORWARD": "Y",
    "CRM_TRANSFER_CHANGE": "Y",
    "CRM_SOURCE": "create",
    "WELCOME_BOT_ENABLE": "N",
    "WELCOME_BOT_ID": 0,
    "WELCOME_BOT_JOIN": "always",
    "WELCOME_BOT_TIME": 0,
    "WELCOME_BOT_LEFT": "queue",
    "WELCOME_MESSAGE": "Y",
    "WELCOME_MESSAGE_TEXT": "Здравствуйте! Мы скоро ответим.",
    "NO_ANSWER_BOT_ID": 0,
    "WORKTIME_DAYOFF_BOT_ID": 0,
    "CLOSE_BOT_ID": 0,
    "QUEUE": [],
}


@dataclass(slots=True, frozen=True)
class Said:
    """What one message of a client led to."""

    chat_id: int
    session_id: int
    message_id: int
    user_code: str
    lead_id: int
    client_id: int


def client_says(
    portal: Portal, connector: str, line_id: int, user_id: str, text: str, *, name: str, lead_late: bool
) -> Said:
    """Take a client's message in: find or open the chat and the session, create the lead, wake the bot."""
    line = portal.store["lines"].get(line_id)
    if line is None or not is_yes(line["ACTIVE"]):
        raise LookupError(f"there is no active open line {line_id}")
    client = _client(portal, connector, user_id, name)
    chat = _chat(portal, connector, line, user_id, client)
    session = current_session(portal, chat)
    if session is None:
        if not lead_late:
            link_crm(portal, chat)
        session = open_session(portal, chat)
    message = say(portal, chat, client["id"], text)
    return Said(chat["id"], session["id"], message["id"], chat["entityId"], chat["leadId"], client["id"])


def _client(portal: Portal, connector: str, user_id: str, name: str) -> Row:
    key = f"{connector}|{user_id}"
    users = portal.store["users"]
    for row in users.values():
        if row.get("externalKey") == key:
            return row
    first, _, last = (name or "Гость").partition(" ")
    row = blank_user(first, last, kind="imconnector") | {"externalKey": key}
    return users[users.add(row)]


def blank_user(name: str, last_name: str = "", *, kind: str = "employee") -> Row:
    """Return a new user's row; kinds are employee, bot and imconnector (a client of an open line)."""
    return {
        "type": kind,
        "active": True,
        "isAdmin": False,
        "name": name,
        "lastName": last_name,
        "email": "",
        "workPhone": "",
        "position": "",
        "departments": [],
        "isOnline": False,
        "day": "CLOSED",
        "dayStarted": None,
        "tracksTime": True,
    }


def _chat(portal: Portal, connector: str, line: Row, user_id: str, client: Row) -> Row:
    code = f"{connector}|{line['id']}|{user_id}|{client['id']}"
    chats = portal.store["chats"]
    for known in chats.values():
        if known["entityId"] == code:
            return known
    person = f"{client['name']} {client['lastName']}".strip()
    row: Row = {"entityId": code, "connector": connector, "lineId": line["id"], "clientId": client["id"]}
    row |= {"name": f"{person} - {line['LINE_NAME']}", "owner": 0, "members": [client["id"]], "sessionId": 0}
    row |= {"leadId": 0, "dealId": 0, "contactId": 0, "created": portal.clock.iso(), "pause": "N"}
    return chats[chats.add(row)]


def current_session(portal: Portal, chat: Row) -> Row | None:
    """Return the open session of a chat."""
    session = portal.store["sessions"].get(chat["sessionId"])
    return session if session is not None and not session["closed"] else None


def open_session(portal: Portal, chat: Row) -> Row:
    """Open a session: the welcome bot joins when the line says so, else the queue gets it."""
    sessions = portal.store["sessions"]
    is_first = not any(row["chatId"] == chat["id"] for row in sessions.values())
    row: Row = {"chatId": chat["id"], "lineId": chat["lineId"], "operatorId": 0, "closed": False, "status": "new"}
    row |= {"started": portal.clock.time(), "startedAt": portal.clock.iso(), "botSince": 0.0}
    session = sessions[sessions.add(row)]
    chat["sessionId"] = session["id"]
    note(portal, chat, "Начат новый диалог №" + str(session["id"]))
    _note_activity(portal, chat, session)
    line = portal.store["lines"][chat["lineId"]]
    bot = _welcome_bot(portal, line, is_first=is_first)
    if bot is None:
        to_queue(portal, chat, session)
    else:
        session["botSince"] = portal.clock.time()
        give_to(portal, chat, session, bot["id"])
        tell_bots(portal, chat, "ONIMBOTV2JOINCHAT", chat["clientId"], only=bot["id"])
    return session


def _welcome_bot(portal: Portal, line: Row, *, is_first: bool) -> Row | None:
    user = portal.store["users"].get(to_int(line["WELCOME_BOT_ID"]))
    if not is_yes(line["WELCOME_BOT_ENABLE"]) or user is None or user["type"] != "bot":
        return None
    return user if is_first or line["WELCOME_BOT_JOIN"] != "first" else None


def give_to(portal: Portal, chat: Row, session: Row, user_id: int) -> None:
    """Make a user (or nobody: 0) the owner of the chat and the operator of the session."""
    chat["owner"] = session["operatorId"] = user_id
    if user_id and user_id not in chat["members"]:
        chat["members"].append(user_id)
    line = portal.store["lines"][chat["lineId"]]
    user = portal.store["users"].get(user_id)
    if user and user["type"] == "employee" and chat["leadId"] and is_yes(line["CRM_TRANSFER_CHANGE"]):
        lead = portal.store["leads"].get(chat["leadId"])
        if lead is not None:
            records.change(portal, LEAD, lead, {"assignedById": user_id}, {}, by=user_id)


def leave(chat: Row, user_id: int) -> None:
    """Take a user out of the chat."""
    if user_id in chat["members"]:
        chat["members"].remove(user_id)


def bots_in(portal: Portal, chat: Row) -> list[int]:
    """Return the bots among the members."""
    users = portal.store["users"]
    return [number for number in chat["members"] if users[number]["type"] == "bot"]


def to_queue(portal: Portal, chat: Row, session: Row) -> int:
    """Hand the dialogue to a free operator of the line (nobody when there is none); every bot leaves. Returns who."""
    queue = [to_int(number) for number in portal.store["lines"][chat["lineId"]]["QUEUE"]]
    users = portal.store["users"]
    working = [number for number in queue if number in users and users[number]["active"]]
    online = [number for number in working if users[number]["isOnline"]] or working
    load = {number: sum(s["operatorId"] == number and not s["closed"] for s in _sessions(portal)) for number in online}
    chosen = min(online, key=lambda number: load[number], default=0)
    for bot in bots_in(portal, chat):
        leave(chat, bot)
    give_to(portal, chat, session, chosen)
    note(portal, chat, "Обращение направлено на оператора" if chosen else "Обращение ждёт свободного оператора")
    return chosen


def _sessions(portal: Portal) -> list[Row]:
    return list(portal.store["sessions"].values())


def close(portal: Portal, chat: Row, session: Row, *, status: str = "closed") -> None:
    """End the session; everyone but the client leaves."""
    session.update(closed=True, status=status, closedAt=portal.clock.iso())
    chat["owner"] = 0
    chat["members"] = [chat["clientId"]]
    note(portal, chat, "Диалог завершён")


def say(portal: Portal, chat: Row, author: int, text: str, *, to_client: bool = True, system: bool = False) -> Row:
    """Store a message and tell the bots in the chat of it (unless a bot or the system said it)."""
    kind = portal.store["users"][author]["type"] if author else "system"
    row: Row = {"chatId": chat["id"], "sessionId": chat["sessionId"], "authorId": author, "text": text}
    row |= {"date": portal.clock.iso(), "isSystem": system, "by": "client" if kind == "imconnector" else kind}
    row["toClient"] = to_client and kind != "imconnector"
    messages = portal.store["messages"]
    message = messages[messages.add(row)]
    if kind in {"imconnector", "employee"}:
        tell_bots(portal, chat, "ONIMBOTV2MESSAGEADD", author, message=message)
    return message


def note(portal: Portal, chat: Row, text: str) -> None:
    """Store a service message that operators see and clients do not."""
    say(portal, chat, 0, text, to_client=False, system=True)


def operator_answers(portal: Portal, chat: Row, user_id: int, text: str, *, bot_stays: bool) -> Row:
    """An employee writes into the chat and thereby takes it over."""
    user = portal.store["users"].get(user_id)
    if user is None or user["type"] != "employee":
        raise LookupError(f"user {user_id} is not an employee")
    session = current_session(portal, chat) or open_session(portal, chat)
    take_over(portal, chat, session, user_id)
    message = say(portal, chat, user_id, text)
    if not bot_stays:
        for bot in bots_in(portal, chat):
            leave(chat, bot)
    return message


def take_over(portal: Portal, chat: Row, session: Row, user_id: int) -> None:
    """Make an employee the operator; the bots stay members until they are sent away."""
    session["status"] = "answered"
    if chat["owner"] != user_id:
        give_to(portal, chat, session, user_id)


def link_crm(portal: Portal, chat: Row) -> None:
    """Create the lead (or deal) of a chat that has none open, when the line is told to."""
    line = portal.store["lines"][chat["lineId"]]
    kind = str(line["CRM_CREATE"]).lower()
    entity: Entity | None = {"lead": LEAD, "deal": DEAL}.get(kind)
    if not is_yes(line["CRM"]) or entity is None or _open_object(portal, chat, entity):
        return
    row = records.create(portal, entity, _values(portal, chat, line), _multi(chat), by=_first_operator(portal, line))
    chat[f"{entity.word}Id"] = row["id"]
    deal = next((deal for deal in portal.store["deals"].values() if deal["leadId"] == row["id"]), None)
    if entity is LEAD and deal is not None:
        chat["dealId"] = deal["id"]


def _open_object(portal: Portal, chat: Row, entity: Entity) -> bool:
    row = portal.store[entity.table].get(chat[f"{entity.word}Id"])
    return row is not None and row["stageSemanticId"] == "P"


def _values(portal: Portal, chat: Row, line: Row) -> Row:
    client = portal.store["users"][chat["clientId"]]
    return {
        "title": chat["name"],
        "name": client["name"],
        "lastName": client["lastName"],
        "sourceId": f"{line['id']}|{chat['connector'].upper()}",
        "sourceDescription": f"Открытая линия «{line['LINE_NAME']}»",
    }


def _multi(chat: Row) -> Row:
    return {"fm": {"n0": {"typeId": "IM", "valueType": "IMOL", "value": f"imol|{chat['entityId']}"}}}


def _first_operator(portal: Portal, line: Row) -> int:
    return next((to_int(number) for number in line["QUEUE"]), portal.user_id)


def _note_activity(portal: Portal, chat: Row, session: Row) -> None:
    """A session is also an activity of the lead; tools look leads' chats up by it."""
    if not chat["leadId"]:
        return
    portal.store["activities"].add(
        {
            "providerId": "IMOPENLINES_SESSION",
            "ownerTypeId": LEAD.type_id,
            "ownerId": chat["leadId"],
            "associatedEntityId": session["id"],
            "providerParams": {"USER_CODE": f"imol|{chat['entityId']}"},
            "title": chat["name"],
            "description": "",
            "responsibleId": chat["owner"] or portal.user_id,
            "deadline": None,
            "completed": "N",
            "created": portal.clock.iso(),
        }
    )


def hand_over_due(portal: Portal) -> None:
    """After WELCOME_BOT_TIME seconds the dialogue leaves the bot for the queue (or is closed, by WELCOME_BOT_LEFT)."""
    if not any(to_int(line["WELCOME_BOT_TIME"]) for line in portal.store["lines"].values()):
        return  # looked at before every call, so the usual case must cost nothing
    for session in _sessions(portal):
        line = portal.store["lines"][session["lineId"]]
        seconds = to_int(line["WELCOME_BOT_TIME"])
        operator = portal.store["users"].get(session["operatorId"])
        if session["closed"] or not seconds or operator is None or operator["type"] != "bot":
            continue
        if portal.clock.time() - session["botSince"] < seconds:
            continue
        chat = portal.store["chats"][session["chatId"]]
        if line["WELCOME_BOT_LEFT"] == "close":
            close(portal, chat, session)
        else:
            to_queue(portal, chat, session)


def chats_of(portal: Portal, type_id: int, owner_id: int) -> list[Row]:
    """Return the chats of a CRM object, oldest first."""
    word = ENTITIES[type_id].word
    return [chat for chat in portal.store["chats"].values() if owner_id and chat.get(f"{word}Id") == owner_id]


def find_chat(portal: Portal, number: Any) -> Row | None:
    """Return a chat by its id, `chat<ID>` included."""
    return portal.store["chats"].get(to_int(str(number).removeprefix("chat")))
