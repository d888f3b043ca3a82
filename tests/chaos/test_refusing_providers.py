"""Promise 2: each way Telegram and Bitrix24 can fail, and what is seen on the other side: never twice, never lost in silence."""

import pytest

from bot import delivery
from bot.models import Message
from crm.models import Lead, WriteBack
from tests.emulators.bitrix24 import orders
from tests.emulators.telegram import Fault, FaultKind
from tests.journeys.customers import LineClient, SiteVisitor, TelegramCustomer
from tests.journeys.house import House

Status = Message.Status


def telegram_says(code: int, **parameters: int) -> Fault:
    """Return Telegram's own refusal, instead of acting."""
    body = {"ok": False, "error_code": code, "description": "refused", "parameters": parameters}
    return Fault(FaultKind.STATUS, match="sendMessage", status=code, body=body)


# What goes wrong once with one message, how the row ends, how often the customer sees it.
TELEGRAM = [
    ("429 with a pause", telegram_says(429, retry_after=30), Status.SENT, 1),
    ("403", telegram_says(403), Status.FAILED, 0),
    ("500", telegram_says(500), Status.UNKNOWN, 0),
    ("a proxy's page", Fault(FaultKind.HTML, match="sendMessage", status=502), Status.UNKNOWN, 0),
    ("done, then dropped", Fault(FaultKind.ACT_THEN_DROP, match="sendMessage"), Status.UNKNOWN, 1),
    ("dropped", Fault(FaultKind.DROP, match="sendMessage"), Status.UNKNOWN, 0),
    ("done, but too late", Fault(FaultKind.DELAY, match="sendMessage", seconds=1.5), Status.UNKNOWN, 1),
]


@pytest.mark.parametrize(("fault", "status", "seen"), [row[1:] for row in TELEGRAM], ids=[row[0] for row in TELEGRAM])
def test_one_failure_of_telegram_never_doubles_and_never_hides(
    house: House, anna: TelegramCustomer, monkeypatch: pytest.MonkeyPatch, fault: Fault, status: str, seen: int
) -> None:
    monkeypatch.setattr(delivery, "SEND_SECONDS", 0.7)
    house.telegram.faults.order(Fault(**{name: getattr(fault, name) for name in fault.__slots__}))
    anna.writes("Здравствуйте")
    house.settle()
    for _ in range(2):
        house.passes(minutes=4)
    row = Message.objects.get(chat=anna.chat, role="bot")
    assert (row.status, len(anna.heard)) == (status, seen)
    if status != Status.FAILED:
        anna.says("8 916 123 45 67")
        assert "+7 916 123-45-67" in anna.heard[-1], "what came before holds up nothing"


def test_a_telegram_that_cannot_be_reached_gets_every_message_later_and_once(
    house: House, anna: TelegramCustomer
) -> None:
    anna.says("Здравствуйте")
    address = house.bot.api_url
    type(house.bot).objects.filter(pk=house.bot.pk).update(api_url="http://127.0.0.1:9")
    anna.writes("сколько стоят окна?")
    house.take_mail_in()
    house.clock.advance_seconds(4)
    house.think()
    house.deliver()
    assert Message.objects.filter(status=Status.QUEUED).count() == 1
    type(house.bot).objects.filter(pk=house.bot.pk).update(api_url=address)
    house.passes(minutes=2)
    assert len(anna.heard) == 2


# A fault ordered for the whole road after the yes.
WRITES = ("crm.item.add", "crm.item.update", "crm.timeline.comment.add", "im.notify")
PORTAL = [
    *((f"act then drop {method}", orders.act_then_drop(match=method)) for method in WRITES),
    *((f"drop {method}", orders.drop(match=method)) for method in WRITES),
    ("503 query limit", orders.query_limit()),
    ("429 operation time", orders.operation_time_limit(match="crm.item.update")),
    ("302", orders.moved("https://renamed.example/rest/1/x/", times=2)),
    ("html", orders.bad_gateway(times=3)),
    ("500", orders.server_error(times=3)),
]


@pytest.mark.parametrize("fault", [row[1] for row in PORTAL], ids=[row[0] for row in PORTAL])
def test_one_failure_of_the_portal_never_doubles_a_lead_a_phone_or_a_comment(
    house: House, visitor: SiteVisitor, fault: Fault
) -> None:
    fresh = Fault(**{name: getattr(fault, name) for name in fault.__slots__})
    house.portal.faults.order(fresh)
    visitor.writes("8 916 123 45 67")
    house.settle()
    visitor.says("да")
    for _ in range(3):
        house.passes(minutes=11)
    assert house.portal.faults.waiting() == [], "the fault has happened"
    [card] = house.portal.leads()
    assert (card["phones"], card["stageId"]) == (["+79161234567"], "IN_PROCESS")
    assert len(visitor.timeline) == 1
    assert len(house.notices_of(visitor.lead.manager)) == 1
    assert not WriteBack.objects.exclude(status=WriteBack.Status.DONE).exists()


def test_an_open_line_answer_whose_fate_is_unknown_is_not_said_twice(house: House, oleg: LineClient) -> None:
    house.portal.faults.order(orders.act_then_drop(match="imbot.v2.Chat.Message.send"))
    oleg.writes("Здравствуйте")
    house.settle()
    house.passes(minutes=5)
    assert len(oleg.heard) == 1
    assert Message.objects.get(chat=oleg.chat, role="bot").status == Status.UNKNOWN
    oleg.says("8 916 123 45 67")
    oleg.says("да")
    assert oleg.lead.status == Lead.Status.TAKEN
