"""Open lines as a channel: what the customer writes comes in once, what we say goes out, and a human silences us."""

import asyncio
from typing import Any

import pytest

from bot import errors as sending
from bot.channels.base import Address, Receipt
from bot.delivery import Drain
from bot.errors import BadPayload
from bot.messages import Button, EventKind, Outgoing
from bot.models import Channel, Chat, InboxEvent, Message
from bot.outbox import say
from crm.bitrix24 import errors, fetching
from crm.bitrix24.connecting import connect_portal
from crm.bitrix24.fetching import fetch_portals
from crm.bitrix24.openlines import OpenLineAdapter, as_send_error
from crm.bitrix24.portals import client_for
from crm.models import Portal, RemoteLead
from tests.crm.bitrix24.houses import House
from tests.emulators.bitrix24 import Said, orders

IVAN = 2


@pytest.fixture
def line(house: House) -> Portal:
    """The portal with its bot registered by ourselves, ready to fetch and to send."""
    Portal.objects.all().delete()
    Channel.objects.all().delete()
    del house.remote.store["users"][house.bot_id]
    return connect_portal(webhook_url=house.remote.webhook_url, scenario_key="first-contact").portal


def greet(house: House, text: str = "Здравствуйте", **fields: Any) -> Said:
    return house.remote.client_says("telegrambot", 1, "77", text, name="Олег Смирнов", **fields)


def events() -> list[tuple[str, str]]:
    rows = InboxEvent.objects.order_by("pk")
    return [(row.kind, OpenLineAdapter().parse(row.kind, row.payload).text) for row in rows]


def address_of(chat: Chat) -> Address:
    channel = chat.channel
    return Address(channel.pk, chat.pk, chat.external_id, "", channel.credentials, channel.options, chat.extras)


def send(chat: Chat, message: Outgoing) -> Receipt:
    return asyncio.run(OpenLineAdapter().send(address_of(chat), message, key="1"))


class TestComingIn:
    """The fetch loop."""

    def test_what_the_customer_wrote_is_in_the_inbox_with_the_lead_bound(self, house: House, line: Portal) -> None:
        said = greet(house)
        assert fetch_portals() is True

        assert events() == [("joined", ""), ("text", "Здравствуйте")]
        chat = Chat.objects.get()
        assert (chat.external_id, chat.name) == (str(said.chat_id), "Олег Смирнов")
        assert (chat.extras["entity"], chat.extras["remote_id"]) == ("lead", said.lead_id)
        assert RemoteLead.objects.get().remote_id == said.lead_id
        assert RemoteLead.objects.get().noticed_at is not None

    def test_nothing_new_is_nothing_stored(self, house: House, line: Portal) -> None:
        greet(house)
        fetch_portals()
        assert fetch_portals() is False
        greet(house, "Вы тут?")
        fetch_portals()
        assert events()[2:] == [("text", "Вы тут?")]

    def test_an_event_fetched_twice_is_one_row(self, house: House, line: Portal) -> None:
        greet(house)
        fetch_portals()
        Channel.objects.update(cursor="")  # as if the worker had died before it could keep the offset
        fetch_portals()
        assert len(events()) == 2

    def test_nothing_is_confirmed_before_it_is_stored(
        self, house: House, line: Portal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        greet(house)

        def die(*_: object, **__: object) -> int:
            raise MemoryError("killed while storing")

        with monkeypatch.context() as killed:
            killed.setattr(fetching, "store", die)
            with pytest.raises(MemoryError):
                fetching.fetch(client_for(line), Portal.objects.select_related("channel").get())
        assert Channel.objects.get().cursor == ""
        fetch_portals()
        assert len(events()) == 2

    def test_a_lead_that_comes_late_is_bound_with_the_next_message(self, house: House, line: Portal) -> None:
        said = greet(house, lead_late=True)
        fetch_portals()
        assert not RemoteLead.objects.exists()
        lead_id = house.remote.link_lead(said.chat_id)
        greet(house, "Ау")
        fetch_portals()
        assert RemoteLead.objects.get().remote_id == lead_id

    def test_an_employee_who_writes_has_taken_over(self, house: House, line: Portal) -> None:
        said = greet(house)
        fetch_portals()
        house.remote.operator_answers(said.chat_id, IVAN, "Здравствуйте, это Иван", bot_stays=True)
        fetch_portals()

        assert events()[2:] == [("operator", "Здравствуйте, это Иван")]
        chat = Chat.objects.get()
        assert (chat.speaker, chat.epoch) == (Chat.Speaker.MANAGER, 1)

    def test_a_customer_who_writes_to_a_human_is_not_answered_by_the_bot(self, house: House, line: Portal) -> None:
        said = greet(house)
        fetch_portals()
        session = house.remote.store["sessions"][said.session_id]
        house.remote.chat(said.chat_id)
        house.remote.store["chats"][said.chat_id]["owner"] = session["operatorId"] = IVAN  # "Answer" was pressed
        greet(house, "Сколько стоит?")
        fetch_portals()

        assert events()[2:] == [("operator", ""), ("text", "Сколько стоит?")]
        assert Chat.objects.get().speaker == Chat.Speaker.MANAGER

    def test_a_portal_that_is_down_is_asked_again_later(self, house: House, line: Portal) -> None:
        greet(house)
        house.remote.faults.order(orders.moved("https://new.bitrix24.ru/rest/1/x/", match="Event.get"))
        assert fetch_portals() is False
        assert fetch_portals() is True
        assert len(events()) == 2


class TestGoingOut:
    """Messages through the outbox."""

    @pytest.fixture
    def chat(self, house: House, line: Portal) -> Chat:
        greet(house)
        fetch_portals()
        return Chat.objects.select_related("channel").get()

    def code(self, house: House, chat: Chat) -> str:
        return str(house.remote.chat(int(chat.external_id))["entityId"])

    def test_the_customer_sees_what_the_bot_says(self, house: House, chat: Chat) -> None:
        say(chat, Outgoing("Оставьте, пожалуйста, номер"))
        Drain(seconds=5).run()

        assert [row["text"] for row in house.remote.outbox(self.code(house, chat))] == ["Оставьте, пожалуйста, номер"]
        message = Message.objects.get()
        assert message.status == Message.Status.SENT
        assert message.external_id.isdecimal()

    def test_choices_become_a_numbered_list(self, house: House, chat: Chat) -> None:
        buttons = ((Button("Цены", data="p"), Button("Адрес", data="a")), (Button("Сайт", url="https://e.ru"),))
        send(chat, Outgoing("Что подсказать?", buttons=(*buttons, (Button("Мой номер", ask="contact"),))))
        [row] = house.remote.outbox(self.code(house, chat))
        assert row["text"] == "Что подсказать?\n1. Цены\n2. Адрес\n3. Сайт: https://e.ru"

    def test_after_a_silent_takeover_nothing_more_is_said(self, house: House, chat: Chat) -> None:
        house.remote.operator_takes(int(chat.external_id), IVAN)  # no event tells us
        say(chat, Outgoing("Вы ещё здесь?"))
        Drain(seconds=5).run()

        assert house.remote.outbox(self.code(house, chat)) == []
        assert Message.objects.get().status == Message.Status.CANCELED
        chat.refresh_from_db()
        assert chat.speaker == Chat.Speaker.MANAGER
        assert InboxEvent.objects.order_by("-pk")[0].kind == EventKind.OPERATOR

    def test_a_lost_answer_leaves_the_message_unknown(self, house: House, chat: Chat) -> None:
        house.remote.faults.order(orders.act_then_drop(match="Message.send"))
        say(chat, Outgoing("Один раз"))
        Drain(seconds=5).run()

        assert Message.objects.get().status == Message.Status.UNKNOWN
        assert len(house.remote.outbox(self.code(house, chat))) == 1

    def test_throttling_delays_and_does_not_lose(self, house: House, chat: Chat) -> None:
        house.remote.faults.order(orders.query_limit(match="dialog.get"))
        with pytest.raises(sending.RateLimited):
            send(chat, Outgoing("Позже"))
        house.forget_pauses()
        send(chat, Outgoing("Позже"))
        assert len(house.remote.outbox(self.code(house, chat))) == 1

    def test_typing_is_a_courtesy_that_never_fails(self, house: House, chat: Chat) -> None:
        house.remote.faults.order(orders.bad_gateway(match="InputAction"))
        asyncio.run(OpenLineAdapter().show_typing(address_of(chat)))
        asyncio.run(OpenLineAdapter().show_typing(address_of(chat)))
        assert len(house.remote.called("imbot.v2.Chat.InputAction.notify")) == 1

    def test_a_channel_without_an_address_is_down(self, chat: Chat) -> None:
        chat.channel.credentials = {}
        with pytest.raises(sending.ChannelDown):
            send(chat, Outgoing("Текст"))

    def test_the_channel_can_be_checked_and_connected_again(self, house: House, chat: Chat) -> None:
        adapter = OpenLineAdapter()
        assert adapter.check(chat.channel).ok
        assert adapter.connect(chat.channel, public_url="").ok
        Portal.objects.all().delete()
        assert not adapter.check(chat.channel).ok
        assert not adapter.connect(chat.channel, public_url="").ok


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.Throttled(retry_after=3), sending.RateLimited),
        (errors.MethodPaused(until=100), sending.RateLimited),
        (errors.Unavailable(), sending.NotSent),
        (errors.OutcomeUnknown(), sending.OutcomeUnknown),
        (errors.Denied(code="ACCESS_DENIED", method="imbot.v2.Chat.Message.send"), sending.TakenOver),
        (errors.Denied(code="ACCESS_DENIED", method="imopenlines.dialog.get"), sending.ChannelDown),
        (errors.BadCredentials(), sending.ChannelDown),
        (errors.PortalMoved(location="https://new"), sending.ChannelDown),
        (errors.Rejected(code="EMPTY_MESSAGE"), sending.MessageRejected),
    ],
)
def test_each_error_tells_the_outbox_what_to_do(error: errors.Bitrix24Error, expected: type[Exception]) -> None:
    assert type(as_send_error(error, now=0)) is expected


LINES_CHAT = {"id": 112, "entityType": "LINES", "entityId": "telegrambot|2|2096|744", "owner": 456}


def opened(event_type: str, *, event_id: object = 7, **data: Any) -> list[str]:
    body = {"bot": {"id": 456}, "chat": LINES_CHAT, **data}
    return [
        envelope.kind for envelope in OpenLineAdapter().open({"eventId": event_id, "type": event_type, "data": body})
    ]


@pytest.mark.parametrize(
    ("event_type", "data", "kinds"),
    [
        ("ONIMBOTV2JOINCHAT", {}, ["joined"]),
        ("ONIMBOTV2MESSAGEADD", {"message": {"text": "Да"}, "user": {"connector": True}}, ["text"]),
        ("ONIMBOTV2MESSAGEADD", {"message": {"text": "Да"}, "user": {"connector": "1"}}, ["text"]),
        ("ONIMBOTV2MESSAGEADD", {"message": {"text": ""}, "user": {"connector": True}}, ["media"]),
        ("ONIMBOTV2MESSAGEADD", {"message": {"text": "Я тут"}, "user": {"connector": False}}, ["operator"]),
        ("ONIMBOTV2MESSAGEADD", {"message": {"text": "x", "isSystem": True}, "user": {}}, ["ignored"]),
        ("ONIMBOTV2MESSAGEADD", {"message": {"text": "x"}, "user": {"bot": True}}, ["ignored"]),
        ("ONIMBOTV2MESSAGEUPDATE", {"message": {"text": "Нет"}, "user": {"connector": True}}, ["edited"]),
        ("ONIMBOTV2MESSAGEUPDATE", {"message": {"text": "Нет"}, "user": {}}, ["ignored"]),
        ("ONIMBOTV2MESSAGEDELETE", {"messageId": 5}, ["ignored"]),
        ("ONIMBOTV2REACTIONCHANGE", {}, ["ignored"]),
        ("ONIMBOTV2MESSAGEADD", {"chat": {"id": 5, "entityType": ""}}, []),
        ("ONIMBOTV2DELETE", {"chat": []}, []),
        (
            "ONIMBOTV2MESSAGEADD",
            {"message": {"text": "Да"}, "user": {"connector": True}, "chat": {**LINES_CHAT, "owner": 3}},
            ["operator", "text"],
        ),
    ],
)
def test_each_event_is_read_as_what_it_is(event_type: str, data: dict[str, Any], kinds: list[str]) -> None:
    assert opened(event_type, **data) == kinds


@pytest.mark.parametrize(("event_id", "chat"), [("", LINES_CHAT), ("x", LINES_CHAT), (7, {"entityType": "LINES"})])
def test_an_event_without_its_id_or_chat_is_refused(event_id: object, chat: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        opened("ONIMBOTV2MESSAGEADD", event_id=event_id, chat=chat)


def test_files_are_kept_as_references() -> None:
    payload = {"chat": LINES_CHAT, "message": {"id": 9, "text": "", "params": {"FILE_ID": [31, 32]}}, "user": {}}
    incoming = OpenLineAdapter().parse("media", payload)
    assert [media.ref for media in incoming.media] == ["31", "32"]
    assert (incoming.external_message_id, incoming.extra["connector"]) == ("9", "telegrambot")
