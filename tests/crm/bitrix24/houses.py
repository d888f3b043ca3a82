"""A house connected to the emulated portal: what most tests of this folder begin with."""

from datetime import UTC, datetime, timedelta

import httpx

from bot.models import Channel, Chat
from bot.nudges import broker
from crm.customers import customer_of
from crm.models import Lead, Manager, Portal, RemoteLead, WriteBack
from tests.emulators.bitrix24 import PortalServer

TECHNICAL = 5  # "Система Отклик"
IVAN = 2
MARIA = 3
BOT_STAGE = "OTKLIK_BOT"


class House:
    """Our side of a connection, made by hand; `connect bitrix24` has tests of its own."""

    def __init__(self, remote: PortalServer) -> None:
        self.remote = remote
        self.call("crm.status.add", fields=_stage(BOT_STAGE, "Обрабатывается ботом", 15))
        self.call("crm.status.add", fields=_stage("OTKLIK_REVIEW", "Проверить вручную", 25))
        self.bot_id = self._register_bot()
        self.channel = Channel.objects.create(
            kind="openline",
            title="Открытая линия",
            credentials={"bot_token": "b0t-token"},
            scenario_key="first-contact",
        )
        self.portal = Portal.objects.create(
            title="Портал",
            webhook_url=remote.webhook_url,
            application_token=remote.application_token,
            bot_stage=BOT_STAGE,
            success_stage="IN_PROCESS",
            low_quality_stage="JUNK",
            review_stage="OTKLIK_REVIEW",
            technical_user_id=TECHNICAL,
            open_line_id=1,
            bot_id=self.bot_id,
            channel=self.channel,
        )
        self.ivan = Manager.objects.create(name="Иван Петров", bitrix_id=IVAN)

    def call(self, method: str, **params: object) -> object:
        """Call the portal directly, past everything under test."""
        answer = httpx.post(self.remote.webhook_url + method, json=params)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def forget_pauses(self) -> None:
        """Redis keeps pauses by the real clock, which does not pass in these tests."""
        broker().flushdb()

    def lead_in(self, kind: str = "webchat", *, external_id: str = "guest-1", **fields: object) -> Lead:
        """Return a lead of ours in a chat of the given kind; an open-line chat is `external_id`."""
        channel = self.channel
        if kind != "openline":
            channel, _ = Channel.objects.get_or_create(kind=kind, defaults={"title": kind})
        chat, _ = Chat.objects.get_or_create(channel=channel, external_id=external_id, defaults={"name": "Олег"})
        given: dict[str, object] = {"status": Lead.Status.IN_BOT, "title": "Вопрос о ремонте", **fields}
        return Lead.objects.create(customer=customer_of(chat), chat=chat, **given)

    def _register_bot(self) -> int:
        fields = {"code": "otklik", "botToken": "b0t-token", "type": "openline", "properties": {"name": "Помощник"}}
        answer = self.call("imbot.v2.Bot.register", fields=fields)
        assert isinstance(answer, dict)
        bot_id = int(answer["bot"]["id"])
        self.call(
            "imopenlines.config.update", CONFIG_ID=1, PARAMS={"WELCOME_BOT_ENABLE": "Y", "WELCOME_BOT_ID": bot_id}
        )
        return bot_id


def _stage(stage_id: str, name: str, sort: int) -> dict[str, object]:
    return {"ENTITY_ID": "STATUS", "STATUS_ID": stage_id, "NAME": name, "SORT": sort, "SEMANTICS": ""}


class Later:
    """A clock for queues: now, and as much later as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta(seconds=1)  # rows written a moment ago are due

    def __call__(self) -> datetime:
        return datetime.now(tz=UTC) + self.ahead

    def pass_(self, **delta: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(**delta)


def statuses() -> dict[str, str]:
    return {row.operation: row.status for row in WriteBack.objects.order_by("pk")}


def known_lead(house: House, **fields: object) -> tuple[Lead, int]:
    """Return a lead of ours that the portal has, and its id there."""
    remote_id = house.remote.add_lead(title="Вопрос", **fields)
    lead = house.lead_in()
    RemoteLead.objects.create(portal=house.portal, remote_id=remote_id, lead=lead, stage="NEW")
    return lead, remote_id
