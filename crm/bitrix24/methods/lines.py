"""Open lines: the portal's chats with customers of any messenger.

https://apidocs.bitrix24.com/api-reference/imopenlines/index.html
"""

from dataclasses import dataclass
from typing import Any

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods.bots import Bot
from crm.bitrix24.methods.items import EntityType
from crm.bitrix24.php import as_list, as_map

LINES_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One open line (a configuration: queue, hours, connectors)."""

    id: int
    name: str
    welcome_bot_id: int


@dataclass(frozen=True, slots=True)
class CrmChat:
    """A chat bound to a lead or deal, and the messenger behind it."""

    chat_id: int
    connector: str
    title: str


@dataclass(frozen=True, slots=True)
class Dialog:
    """A chat's state: who answers in it now, and what it is bound to."""

    chat_id: int
    owner_id: int
    entity_id: str
    entity_data_1: str
    entity_data_2: str


def list_lines(client: Bitrix24) -> list[Line]:
    """Return the portal's lines.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/imopenlines-config-list-get.html
    """
    params = {"PARAMS": {"select": ["ID", "LINE_NAME", "WELCOME_BOT_ID"], "limit": LINES_LIMIT}}
    return [_line(as_map(row)) for row in as_list(client.read("imopenlines.config.list.get", params))]


def attach_bot(client: Bitrix24, line_id: int, bot_id: int, *, seconds: int, create: EntityType) -> bool:
    """Let the bot greet every dialogue of a line; after `seconds` it goes to the queue. False: no such line.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/imopenlines-config-update.html
    """
    settings = {
        "WELCOME_BOT_ENABLE": "Y",
        "WELCOME_BOT_ID": bot_id,
        "WELCOME_BOT_JOIN": "always",
        "WELCOME_BOT_TIME": seconds,
        "WELCOME_BOT_LEFT": "queue",
        "CRM": "Y",
        "CRM_CREATE": create.name.lower(),
    }
    return bool(client.write("imopenlines.config.update", {"CONFIG_ID": line_id, "PARAMS": settings}))


def find_chats(client: Bitrix24, kind: EntityType, item_id: int, *, only_active: bool) -> list[CrmChat]:
    """Return the chats bound to an item, oldest first; `only_active` leaves out those whose dialogue has ended.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/chats/imopenlines-crm-chat-get.html
    """
    params = {**_bound_to(kind, item_id), "ACTIVE_ONLY": "Y" if only_active else "N"}
    rows = as_list(client.read("imopenlines.crm.chat.get", params))
    chats = [as_map(row) for row in rows]
    return [
        CrmChat(int(row["CHAT_ID"]), str(row.get("CONNECTOR_ID") or ""), str(row.get("CONNECTOR_TITLE") or ""))
        for row in chats
    ]


def join_chat(client: Bitrix24, kind: EntityType, item_id: int, *, user_id: int, chat_id: int) -> None:
    """Add an employee or the bot to a chat of the item; `Rejected` with WRONG_REQUEST when already there.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/chats/imopenlines-crm-chat-user-add.html
    """
    params = {**_bound_to(kind, item_id), "USER_ID": user_id, "CHAT_ID": chat_id}
    client.write("imopenlines.crm.chat.user.add", params)


def get_dialog(client: Bitrix24, chat_id: int) -> Dialog:
    """Return who owns a chat and what it is bound to.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/sessions/imopenlines-dialog-get.html
    """
    row = as_map(client.read("imopenlines.dialog.get", {"CHAT_ID": chat_id}))
    texts = (str(row.get(key) or "") for key in ("entity_id", "entity_data_1", "entity_data_2"))
    return Dialog(int(row.get("id") or chat_id), int(row.get("owner") or 0), *texts)


def transfer_to_user(client: Bitrix24, bot: Bot, *, chat_id: int, user_id: int) -> None:
    """Give the chat to an employee; the bot leaves at once.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/chat-bots/imopenlines-bot-session-transfer.html
    """
    params = {"CHAT_ID": chat_id, "USER_ID": user_id, "LEAVE": "Y", "CLIENT_ID": bot.token}
    client.write("imopenlines.bot.session.transfer", params)


def transfer_to_queue(client: Bitrix24, bot: Bot, *, chat_id: int) -> None:
    """Give the chat to a free operator of the line; `Rejected` with WRONG_CHAT once a human has it.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/chat-bots/imopenlines-bot-session-operator.html
    """
    client.write("imopenlines.bot.session.operator", {"CHAT_ID": chat_id, "CLIENT_ID": bot.token})


def finish_chat(client: Bitrix24, bot: Bot, *, chat_id: int) -> None:
    """End the dialogue.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/chat-bots/imopenlines-bot-session-finish.html
    """
    client.write("imopenlines.bot.session.finish", {"CHAT_ID": chat_id, "CLIENT_ID": bot.token})


def reopen_chat(client: Bitrix24, *, chat_id: int) -> None:
    """Open a new session in a chat that has ended; the webhook's own user becomes its operator.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/sessions/imopenlines-session-start.html
    """
    client.write("imopenlines.session.start", {"CHAT_ID": chat_id})


def answer_chat(client: Bitrix24, *, chat_id: int) -> None:
    """Take a waiting chat as the webhook's own user, so that it can be passed on.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/operators/imopenlines-operator-answer.html
    """
    client.write("imopenlines.operator.answer", {"CHAT_ID": chat_id})


def pass_on(client: Bitrix24, *, chat_id: int, to: str) -> None:
    """Give a chat of the webhook's own user to an employee ("7") or a line's queue ("queue1").

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/operators/imopenlines-operator-transfer.html
    """
    client.write("imopenlines.operator.transfer", {"CHAT_ID": chat_id, "TRANSFER_ID": to})


def finish_own_chat(client: Bitrix24, *, chat_id: int) -> None:
    """End a dialogue of the webhook's own user.

    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/operators/imopenlines-operator-finish.html
    """
    client.write("imopenlines.operator.finish", {"CHAT_ID": chat_id})


def _bound_to(kind: EntityType, item_id: int) -> dict[str, Any]:
    """Return the item as these methods name it: CRM_ENTITY, not CRM_ENTITY_ID."""
    return {"CRM_ENTITY_TYPE": kind.name.lower(), "CRM_ENTITY": item_id}


def _line(row: dict[str, Any]) -> Line:
    bot_id = int(row.get("WELCOME_BOT_ID") or 0) if row.get("WELCOME_BOT_ENABLE", "Y") == "Y" else 0
    return Line(int(row["ID"]), str(row.get("LINE_NAME") or ""), bot_id)
