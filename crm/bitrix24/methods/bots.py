"""The chat-bot of generation two, in fetch mode: it asks for its events, so none is lost while we are away.

https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/index.html
"""

from dataclasses import dataclass
from typing import Any

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.php import as_list, as_map

TOKEN_LENGTH = 40
EVENTS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Bot:
    """Who speaks: the bot's user id in the portal and the secret that proves it is ours."""

    id: int
    token: str

    def __repr__(self) -> str:
        return f"Bot(id={self.id})"


@dataclass(frozen=True, slots=True)
class BotEvent:
    """One event of the queue; ids grow and are never used twice."""

    id: int
    type: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, and the offset that confirms them when asked for next."""

    events: list[BotEvent]
    next_offset: int
    has_more: bool


def get_revision(client: Bitrix24) -> int:
    """Return the revision of the bot platform; raises `MethodMissing` where there is no generation two.

    https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/revision/revision-get.html
    """
    return int(as_map(client.read("imbot.v2.Revision.get")).get("rest") or 0)


def register_bot(client: Bitrix24, *, code: str, token: str, name: str) -> Bot:
    """Register the open-line bot; the same `code` again returns the bot that exists, unchanged.

    https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-register.html
    """
    fields = {
        "code": code,
        "botToken": token,
        "type": "openline",
        "isSupportOpenline": True,
        "eventMode": "fetch",
        "properties": {"name": name},
    }
    # The manual shows the token both inside `fields` and beside it.
    result = as_map(client.write("imbot.v2.Bot.register", {"botToken": token, "fields": fields}))
    return Bot(int(as_map(result.get("bot"))["id"]), token)


def update_bot(client: Bitrix24, bot: Bot, *, name: str) -> None:
    """Change the name the customer sees.

    https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.html
    """
    fields = {"properties": {"name": name}, "eventMode": "fetch"}
    client.write("imbot.v2.Bot.update", {**_by(bot), "fields": fields})


def get_events(client: Bitrix24, bot: Bot, *, offset: int | None, limit: int = EVENTS_LIMIT) -> EventPage:
    """Return waiting events from `offset` on, which confirms all before it; `None` the first time.

    https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/event-get.html
    """
    params = {**_by(bot), "limit": limit} | ({} if offset is None else {"offset": offset})
    result = as_map(client.read("imbot.v2.Event.get", params))
    rows = [as_map(row) for row in as_list(result.get("events"))]
    events = [BotEvent(int(row["eventId"]), str(row.get("type") or ""), as_map(row.get("data"))) for row in rows]
    return EventPage(events, int(result.get("nextOffset") or offset or 0), bool(result.get("hasMore")))


def send_message(client: Bitrix24, bot: Bot, *, chat_id: int, text: str) -> int:
    """Say `text` (BB codes, 20,000 characters) in a chat and return the message id; raises `Denied` outside it.

    https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-send.html
    """
    params = {**_by(bot), "dialogId": f"chat{chat_id}", "fields": {"message": text, "urlPreview": False}}
    return int(as_map(client.write("imbot.v2.Chat.Message.send", params))["id"])


def show_typing(client: Bitrix24, bot: Bot, *, chat_id: int) -> None:
    """Show the bot as typing.

    https://apidocs.bitrix24.com/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/input-action-notify.html
    """
    client.write("imbot.v2.Chat.InputAction.notify", {**_by(bot), "dialogId": f"chat{chat_id}"})


def _by(bot: Bot) -> dict[str, Any]:
    return {"botId": bot.id, "botToken": bot.token}
