"""imbot.v2: registration, the confirmed queue, speaking; and open lines around it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from tests.emulators.bitrix24 import PortalServer, Said
from tests.emulators.bitrix24.calls import Calls
from tests.emulators.server import Emulator

FIELDS: dict[str, Any] = {"code": "lead_bot", "botToken": "t", "type": "openline", "properties": {"name": "Бот"}}
TELEGRAM = ("telegrambot", 1, "209607941")


@pytest.fixture
def bot(portal: PortalServer, calls: Calls) -> int:
    number = calls.ok("imbot.v2.Bot.register", fields=FIELDS)["bot"]["id"]
    params = {"WELCOME_BOT_ENABLE": "Y", "WELCOME_BOT_ID": number}
    assert calls.ok("imopenlines.config.update", CONFIG_ID=1, PARAMS=params) is True
    return int(number)


@pytest.fixture
def said(portal: PortalServer, bot: int) -> Said:
    return portal.client_says(*TELEGRAM, "Здравствуйте", name="Олег Смирнов")


def _events(calls: Calls, bot: int, **params: Any) -> Any:
    return calls.ok("imbot.v2.Event.get", botId=bot, botToken="t", **params)


def _send(bot: int, said: Said, text: str, **fields: Any) -> dict[str, Any]:
    dialog = f"chat{said.chat_id}"
    return {"botId": bot, "botToken": "t", "dialogId": dialog, "fields": {"message": text, **fields}}


def test_registering_twice_returns_the_old_bot_unchanged(calls: Calls, bot: int) -> None:
    again = calls.ok("imbot.v2.Bot.register", fields=FIELDS | {"type": "bot", "properties": {"name": "Другой"}})
    assert (again["bot"]["id"], again["bot"]["type"], again["users"][0]["name"]) == (bot, "openline", "Бот")
    changed = {"properties": {"name": "Другой"}}
    assert calls.ok("imbot.v2.Bot.update", botId=bot, botToken="t", fields=changed)["users"][0]["name"] == "Другой"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"botToken": ""}, "BOT_TOKEN_NOT_SPECIFIED"),
        ({"botToken": "x" * 41}, "BOT_TOKEN_INVALID_LENGTH"),
        ({"botToken": "other"}, "BOT_CODE_ALREADY_TAKEN"),
        ({"code": ""}, "BOT_CODE_REQUIRED"),
        ({"code": "new", "type": "robot"}, "BOT_INVALID_TYPE"),
        ({"code": "new", "eventMode": "webhook"}, "BOT_WEBHOOK_URL_REQUIRED"),
    ],
)
def test_registrations_that_are_refused(calls: Calls, bot: int, change: Any, code: str) -> None:
    assert calls.error("imbot.v2.Bot.register", fields=FIELDS | change) == (400, code)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"botId": 456}, "BOT_TOKEN_NOT_SPECIFIED"),
        ({"botToken": "t"}, "BOT_ID_REQUIRED"),
        ({"botId": 2, "botToken": "t"}, "BOT_NOT_FOUND"),
        ({"botId": 456, "botToken": "other"}, "BOT_OWNERSHIP_ERROR"),
        ({"BOTID": 456, "botToken": "t"}, "BOT_ID_REQUIRED"),
    ],
)
def test_only_its_owner_speaks_for_a_bot(calls: Calls, bot: int, params: Any, code: str) -> None:
    assert bot == 456
    assert calls.error("imbot.v2.Event.get", **params) == (400, code)


def test_the_queue_repeats_until_the_offset_confirms(portal: PortalServer, calls: Calls, bot: int, said: Said) -> None:
    first = _events(calls, bot)
    assert [event["type"] for event in first["events"]] == ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]
    assert _events(calls, bot)["events"] == first["events"]
    portal.client_says(*TELEGRAM, "Вы тут?")
    one = _events(calls, bot, offset=first["nextOffset"] - 1, limit=1)
    assert ([event["data"]["message"]["text"] for event in one["events"]], one["hasMore"]) == (["Здравствуйте"], True)
    rest = _events(calls, bot, offset=one["nextOffset"])
    assert ([event["data"]["message"]["text"] for event in rest["events"]], rest["hasMore"]) == (["Вы тут?"], False)
    empty = _events(calls, bot, offset=rest["nextOffset"])
    assert (empty["events"], empty["nextOffset"]) == ([], rest["nextOffset"])
    assert _events(calls, bot)["events"] == []


def test_the_event_names_the_client_the_session_and_the_lead(calls: Calls, bot: int, said: Said) -> None:
    data = _events(calls, bot)["events"][1]["data"]
    chat, user = data["chat"], data["user"]
    assert (user["connector"], user["bot"], user["externalAuthId"], user["name"]) == (
        True,
        False,
        "imconnector",
        "Олег Смирнов",
    )
    assert (chat["owner"], chat["entityType"], chat["entityId"]) == (bot, "LINES", said.user_code)
    assert chat["entityData1"].split("|")[:6] == ["Y", "LEAD", str(said.lead_id), "N", "N", str(said.session_id)]
    assert chat["entityData2"] == f"LEAD|{said.lead_id}|COMPANY|0|CONTACT|0|DEAL|0"
    assert data["message"]["params"] == []


def test_the_lead_of_a_client(portal: PortalServer, calls: Calls, said: Said) -> None:
    lead = portal.lead(said.lead_id)
    assert (lead["title"], lead["name"], lead["sourceId"], lead["hasImol"], lead["hasPhone"]) == (
        "Олег Смирнов - Отдел продаж",
        "Олег",
        "1|TELEGRAMBOT",
        "Y",
        "N",
    )
    assert portal.client_says(*TELEGRAM, "Ещё").lead_id == said.lead_id
    activity = calls.ok("crm.activity.list", filter={"PROVIDER_ID": "IMOPENLINES_SESSION", "OWNER_ID": said.lead_id})
    assert activity[0]["PROVIDER_PARAMS"]["USER_CODE"] == f"imol|{said.user_code}"


def test_a_lead_may_come_later_than_the_message(portal: PortalServer, calls: Calls, bot: int) -> None:
    said = portal.client_says(*TELEGRAM, "Привет", lead_late=True)
    assert said.lead_id == 0
    assert _events(calls, bot)["events"][1]["data"]["chat"]["entityData2"].startswith("LEAD|0|")
    lead = portal.link_lead(said.chat_id)
    assert calls.ok("imopenlines.dialog.get", CHAT_ID=said.chat_id)["entity_data_2"].startswith(f"LEAD|{lead}|")


def test_the_client_sees_what_the_bot_says(portal: PortalServer, calls: Calls, bot: int, said: Said) -> None:
    message = calls.ok("imbot.v2.Chat.Message.send", **_send(bot, said, "Оставьте номер"))
    assert message["uuidMap"] == []
    calls.ok("imbot.v2.Chat.Message.send", **_send(bot, said, "Только коллегам", skipConnector=True))
    calls.ok("imbot.v2.Chat.Message.send", **_send(bot, said, "я" * 20_001))
    calls.ok("imopenlines.bot.session.message.send", CHAT_ID=said.chat_id, NAME="DEFAULT", MESSAGE="Авто")
    seen = portal.outbox(said.user_code)
    assert [row["text"][:14] for row in seen] == ["Оставьте номер", "я" * 14, "Авто"]
    assert seen[1]["text"].endswith("я (...)")
    assert [row["by"] for row in seen] == ["bot", "bot", "system"]
    assert [event["type"] for event in _events(calls, bot)["events"]].count("ONIMBOTV2MESSAGEADD") == 1


def test_messages_that_are_refused(portal: PortalServer, calls: Calls, bot: int, said: Said) -> None:
    assert calls.error("imbot.v2.Chat.Message.send", **_send(bot, said, " ")) == (400, "EMPTY_MESSAGE")
    elsewhere = _send(bot, said, "x") | {"dialogId": "chat999"}
    assert calls.error("imbot.v2.Chat.Message.send", **elsewhere) == (403, "ACCESS_DENIED")
    without = _send(bot, said, "x") | {"dialogId": str(said.chat_id)}
    assert calls.error("imbot.v2.Chat.Message.send", **without) == (403, "ACCESS_DENIED")


@pytest.mark.parametrize(("stays", "sends"), [(False, (403, "ACCESS_DENIED")), (True, None)])
def test_an_operator_takes_over(
    portal: PortalServer, calls: Calls, bot: int, said: Said, stays: bool, sends: Any
) -> None:
    portal.operator_answers(said.chat_id, 3, "Я отвечу", bot_stays=stays)
    last = _events(calls, bot)["events"][-1]["data"]
    assert (last["user"]["connector"], last["user"]["bot"], last["chat"]["owner"]) == (False, False, 3)
    assert calls.error("imopenlines.bot.session.operator", CHAT_ID=said.chat_id) == (400, "WRONG_CHAT")
    answer = calls.response("imbot.v2.Chat.Message.send", **_send(bot, said, "Я ещё тут"))
    assert answer.status_code == (sends[0] if sends else 200)
    assert portal.lead(said.lead_id)["assignedById"] == 3


def test_a_quiet_take_over_shows_only_in_the_owner(portal: PortalServer, calls: Calls, bot: int, said: Said) -> None:
    before = len(_events(calls, bot)["events"])
    portal.operator_takes(said.chat_id, 3)
    assert len(_events(calls, bot)["events"]) == before
    assert calls.ok("imopenlines.dialog.get", USER_CODE=f"imol|{said.user_code}")["owner"] == 3


@pytest.mark.parametrize(("left", "owner", "closed"), [("queue", 2, False), ("close", 0, True)])
def test_the_bot_has_limited_time(
    portal: PortalServer, calls: Calls, bot: int, left: str, owner: int, closed: bool
) -> None:
    params = {"WELCOME_BOT_TIME": 180, "WELCOME_BOT_LEFT": left}
    calls.ok("imopenlines.config.update", CONFIG_ID=1, PARAMS=params)
    portal.clock.freeze()
    said = portal.client_says(*TELEGRAM, "Привет")
    portal.clock.advance(179)
    assert portal.chat(said.chat_id)["owner"] == bot
    portal.clock.advance(1)
    assert portal.chat(said.chat_id)["owner"] == owner
    assert portal.store["sessions"][said.session_id]["closed"] is closed
    assert calls.error("imbot.v2.Chat.Message.send", **_send(bot, said, "x")) == (403, "ACCESS_DENIED")


@pytest.mark.parametrize(("join", "owner_is_bot"), [("always", True), ("first", False)])
def test_whether_the_bot_joins_the_second_session(
    portal: PortalServer, calls: Calls, bot: int, said: Said, join: str, owner_is_bot: bool
) -> None:
    calls.ok("imopenlines.config.update", CONFIG_ID=1, PARAMS={"WELCOME_BOT_JOIN": join})
    calls.ok("imopenlines.bot.session.finish", CHAT_ID=said.chat_id, CLIENT_ID="t")
    again = portal.client_says(*TELEGRAM, "Снова я")
    assert (again.chat_id, again.lead_id) == (said.chat_id, said.lead_id)
    assert again.session_id != said.session_id
    assert (portal.chat(said.chat_id)["owner"] == bot) is owner_is_bot


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("operator", {}, "CHAT_ID_EMPTY"),
        ("transfer", {"CHAT_ID": 112, "USER_ID": 2}, "BOT_ID_ERROR"),
        ("transfer", {"CHAT_ID": 112, "USER_ID": 777, "CLIENT_ID": "t"}, "OPERATOR_WRONG"),
        ("transfer", {"CHAT_ID": 112, "TRANSFER_ID": "queue9", "CLIENT_ID": "t"}, "OPERATOR_WRONG"),
        ("finish", {"CHAT_ID": 112, "CLIENT_ID": "wrong"}, "BOT_ID_ERROR"),
    ],
)
def test_session_control_that_is_refused(calls: Calls, said: Said, method: str, params: Any, code: str) -> None:
    assert calls.error(f"imopenlines.bot.session.{method}", **params) == (400, code)


@pytest.mark.parametrize(("leave", "stays"), [("N", True), ("Y", False)])
def test_transfer_to_a_person(
    portal: PortalServer, calls: Calls, bot: int, said: Said, leave: str, stays: bool
) -> None:
    params = {"CHAT_ID": said.chat_id, "TRANSFER_ID": "4", "LEAVE": leave, "CLIENT_ID": "t"}
    assert calls.ok("imopenlines.bot.session.transfer", **params) is True
    assert portal.chat(said.chat_id)["owner"] == 4
    assert (bot in portal.chat(said.chat_id)["members"]) is stays
    assert calls.error("imopenlines.bot.session.transfer", **params)[1] == "WRONG_CHAT"


def test_after_the_end_the_client_hears_nothing(portal: PortalServer, calls: Calls, bot: int, said: Said) -> None:
    calls.ok("imopenlines.bot.session.finish", CHAT_ID=said.chat_id, CLIENT_ID="t")
    entity = {"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": said.lead_id}
    assert calls.ok("imopenlines.crm.chat.get", **entity) == []
    found = calls.ok("imopenlines.crm.chat.get", **entity, ACTIVE_ONLY="N")
    assert (found[0]["CHAT_ID"], found[0]["CONNECTOR_ID"]) == (str(said.chat_id), "telegrambot")
    add = {**entity, "USER_ID": bot, "CHAT_ID": said.chat_id}
    assert calls.ok("imopenlines.crm.chat.user.add", **add) == said.chat_id
    assert calls.error("imopenlines.crm.chat.user.add", **add) == (400, "WRONG_REQUEST")
    calls.ok("imbot.v2.Chat.Message.send", **_send(bot, said, "Вы ещё думаете?"))
    assert portal.outbox(said.user_code) == []
    assert calls.ok("imopenlines.session.start", CHAT_ID=said.chat_id) is True
    assert portal.chat(said.chat_id)["owner"] == 1


def test_chats_of_a_lead(portal: PortalServer, calls: Calls, bot: int, said: Said) -> None:
    entity = {"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": said.lead_id}
    assert calls.ok("imopenlines.crm.chat.getLastId", **entity) == said.chat_id
    message = {**entity, "CHAT_ID": said.chat_id, "USER_ID": bot, "MESSAGE": "Пишу первым"}
    assert calls.ok("imopenlines.crm.message.add", **message) > 0
    assert portal.outbox(said.user_code)[0]["text"] == "Пишу первым"
    assert calls.error("imopenlines.crm.message.add", **message | {"USER_ID": 3})[1] == "ACCESS_DENIED"
    assert calls.error("imopenlines.crm.message.add", **message | {"CHAT_ID": 9})[1] == "CHAT_NOT_IN_CRM"
    lonely = {"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": portal.add_lead()}
    assert calls.error("imopenlines.crm.chat.getLastId", **lonely)[1] == "CRM_CHAT_EMPTY_CRM_DATA"
    assert calls.ok("imopenlines.crm.chat.user.add", **lonely, USER_ID=bot) == 0
    assert calls.error("imopenlines.crm.chat.get", CRM_ENTITY_TYPE="lead", CRM_ENTITY_ID=1)[1] == "ERROR_ARGUMENT"


def test_operators_by_rest(portal: PortalServer, calls: Calls, said: Said) -> None:
    chat = {"CHAT_ID": said.chat_id}
    assert calls.error("imopenlines.crm.lead.create", **chat)[1] == "ERROR_USER_NOT_OPERATOR"
    assert calls.error("imopenlines.operator.finish", **chat)[1] == "ACCESS_DENIED"
    calls.ok("imopenlines.session.join", **chat)
    calls.ok("imopenlines.session.intercept", **chat)
    assert portal.chat(said.chat_id)["owner"] == 1
    calls.ok("imopenlines.operator.skip", **chat)
    assert portal.chat(said.chat_id)["owner"] == 2
    calls.ok("imopenlines.operator.answer", **chat)
    calls.ok("imopenlines.operator.transfer", **chat, TRANSFER_ID=3)
    assert portal.chat(said.chat_id)["owner"] == 3
    calls.ok("imopenlines.operator.answer", **chat)
    calls.ok("imopenlines.operator.spam", **chat)
    assert portal.store["sessions"][said.session_id]["status"] == "spam"


def test_history_and_dialog(calls: Calls, bot: int, said: Said) -> None:
    calls.ok("imbot.v2.Chat.Message.send", **_send(bot, said, "Да?"))
    history = calls.ok("imopenlines.session.history.get", SESSION_ID=said.session_id)
    texts = [row["text"] for row in history["message"].values() if row["senderid"] != "0"]
    assert texts == ["Да?", "Здравствуйте"]
    assert history["users"][str(said.client_id)]["connector"] is True
    assert history["users"][str(bot)]["bot"] is True
    assert calls.error("imopenlines.session.history.get", CHAT_ID=said.chat_id)[1] == "ACCESS_DENIED"
    assert calls.error("imopenlines.dialog.get")[1] == "DIALOG_ID_EMPTY"
    assert calls.error("imopenlines.dialog.get", CHAT_ID=9)[1] == "ACCESS_ERROR"
    assert calls.ok("imopenlines.dialog.get", SESSION_ID=said.session_id)["id"] == said.chat_id
    chat = calls.ok("imbot.v2.Chat.get", botId=bot, botToken="t", dialogId=f"chat{said.chat_id}")["chat"]
    assert (chat["owner"], chat["entityId"]) == (bot, said.user_code)


def test_lines_without_crm_or_with_deals(portal: PortalServer, calls: Calls) -> None:
    calls.ok("imopenlines.config.update", CONFIG_ID=1, PARAMS={"CRM_CREATE": "deal"})
    said = portal.client_says("vkgroup", 1, "1", "Привет")
    assert (said.lead_id, portal.deals()[0]["id"]) == (0, portal.chat(said.chat_id)["dealId"])
    line = calls.ok("imopenlines.config.add", PARAMS={"CRM": "N", "QUEUE": [3]})
    quiet = portal.client_says("avito", line, "2", "Привет")
    assert (portal.leads(), portal.chat(quiet.chat_id)["owner"]) == ([], 3)
    assert calls.ok("imopenlines.config.update", CONFIG_ID=99, PARAMS={}) is False
    assert calls.ok("imopenlines.config.get", CONFIG_ID=line, WITH_QUEUE="Y")["QUEUE"] == ["3"]
    assert [row["ID"] for row in calls.ok("imopenlines.config.list.get", PARAMS={"limit": 1, "offset": 1})] == ["2"]


@pytest.fixture
def posts() -> Iterator[tuple[str, list[dict[str, str]]]]:
    forms: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        forms.append({key: str(value) for key, value in (await request.post()).items()})
        return web.Response()

    app = web.Application()
    app.router.add_post("/bot", take)
    with Emulator(app) as server:
        yield f"{server.url}/bot", forms


def test_a_bot_in_webhook_mode_gets_strings(
    portal: PortalServer, calls: Calls, posts: tuple[str, list[dict[str, str]]]
) -> None:
    url, forms = posts
    fields = FIELDS | {"code": "hook", "eventMode": "webhook", "webhookUrl": url}
    bot = calls.ok("imbot.v2.Bot.register", fields=fields)["bot"]["id"]
    calls.ok("imopenlines.config.update", CONFIG_ID=1, PARAMS={"WELCOME_BOT_ENABLE": "Y", "WELCOME_BOT_ID": bot})
    portal.client_says(*TELEGRAM, "Привет")
    assert portal.events.wait()
    form = next(form for form in forms if form["event"] == "ONIMBOTV2MESSAGEADD")
    assert form["data[user][connector]"] == "1"
    assert form["data[user][bot]"] == "0"
    assert form["data[message][forward]"] == ""
    assert form["auth[application_token]"] == portal.application_token
    assert form["data[bot][auth][application_token]"] != portal.application_token
    assert json.loads(form["data[bot][id]"]) == bot
    assert calls.ok("imbot.v2.Event.get", botId=bot, botToken="t")["events"] == []
    assert calls.ok("imbot.v2.Bot.unregister", botId=bot, botToken="t") is True
    assert portal.events.wait()
    assert forms[-1]["event"] == "ONIMBOTV2DELETE"
