"""The road of the product through the portal as one story: a client writes, the bot answers, a human takes over."""

from typing import Any

import httpx

from tests.emulators.bitrix24 import PortalServer


class Caller:
    """Calls a portal's webhook and returns the whole body."""

    def __init__(self, portal: PortalServer) -> None:
        self.portal = portal

    def __call__(self, method: str, **params: Any) -> Any:
        return httpx.post(self.portal.webhook_url + method, json=params).json()


def test_a_client_is_answered_by_the_bot_and_then_taken_over_by_an_operator() -> None:
    with PortalServer() as portal:
        call = Caller(portal)
        fields = {"code": "lead_bot", "botToken": "secret", "type": "openline", "properties": {"name": "Помощник"}}
        bot = call("imbot.v2.Bot.register", fields=fields)["result"]["bot"]["id"]
        call("imopenlines.config.update", CONFIG_ID=1, PARAMS={"WELCOME_BOT_ENABLE": "Y", "WELCOME_BOT_ID": bot})
        said = portal.client_says("telegrambot", 1, "209607941", "Здравствуйте", name="Олег Смирнов")

        events = call("imbot.v2.Event.get", botId=bot, botToken="secret")["result"]["events"]
        assert [event["type"] for event in events] == ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]
        assert events[1]["data"]["chat"]["entityData2"].startswith(f"LEAD|{said.lead_id}|")

        dialog = f"chat{said.chat_id}"
        call("imbot.v2.Chat.Message.send", botId=bot, botToken="secret", dialogId=dialog, fields={"message": "Номер?"})
        assert [row["text"] for row in portal.outbox(said.user_code)] == ["Номер?"]

        phone = {"n0": {"typeId": "PHONE", "valueType": "MOBILE", "value": "+79991234567"}}
        call("crm.item.update", entityTypeId=1, id=said.lead_id, fields={"fm": phone, "stageId": "IN_PROCESS"})
        assert portal.lead(said.lead_id)["phones"] == ["+79991234567"]
        assert portal.lead(said.lead_id)["hasPhone"] == "Y"

        portal.operator_answers(said.chat_id, 2, "Здравствуйте, это Иван")
        assert call("imopenlines.dialog.get", CHAT_ID=said.chat_id)["result"]["owner"] == 2
        assert call("imopenlines.bot.session.operator", CHAT_ID=said.chat_id)["error"] == "WRONG_CHAT"
        assert portal.lead(said.lead_id)["assignedById"] == 2
