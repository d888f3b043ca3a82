"""Events arrive as form posts, once or not at all; the offline queue keeps the latest."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from tests.emulators.bitrix24 import PortalServer
from tests.emulators.bitrix24.calls import Calls
from tests.emulators.server import Emulator


class Handler:
    """Somebody's event receiver: keeps every form it was posted and answers `status`."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.status = 200
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self.server = Emulator(app)

    async def _take(self, request: web.Request) -> web.Response:
        assert request.content_type == "application/x-www-form-urlencoded"
        self.forms.append({key: str(value) for key, value in (await request.post()).items()})
        return web.Response(status=self.status)

    @property
    def ids(self) -> list[str]:
        return [form["data[FIELDS][ID]"] for form in self.forms]


@pytest.fixture
def handler() -> Iterator[Handler]:
    found = Handler()
    with found.server:
        yield found


@pytest.fixture
def heard(portal: PortalServer, handler: Handler) -> Handler:
    portal.subscribe("ONCRMLEADADD", f"{handler.server.url}/hook", "token-1")
    return handler


def test_a_new_lead_is_told_with_its_id_only(portal: PortalServer, heard: Handler) -> None:
    number = portal.add_lead(title="Тайна")
    assert portal.events.wait()
    form = heard.forms[0]
    assert (form["event"], form["data[FIELDS][ID]"], form["event_handler_id"]) == ("ONCRMLEADADD", str(number), "707")
    assert form["auth[application_token]"] == "token-1"
    assert "auth[client_endpoint]" in form
    assert "auth[access_token]" not in form
    assert "Тайна" not in str(form)


def test_an_outgoing_webhook_may_carry_almost_nothing(portal: PortalServer, heard: Handler) -> None:
    portal.events.delivery.with_handler_id = portal.events.delivery.with_full_auth = False
    portal.add_lead()
    assert portal.events.wait()
    assert [key for key in heard.forms[0] if not key.startswith("data")] == [
        "event",
        "ts",
        "auth[domain]",
        "auth[member_id]",
        "auth[application_token]",
    ]


def test_an_application_gets_tokens(portal: PortalServer, heard: Handler) -> None:
    portal.events.delivery.with_oauth = True
    portal.add_lead()
    assert portal.events.wait()
    assert {"auth[access_token]", "auth[expires_in]", "auth[scope]"} <= set(heard.forms[0])


def test_nothing_is_repeated_after_an_error(portal: PortalServer, heard: Handler) -> None:
    heard.status = 500
    portal.add_lead()
    assert portal.events.wait()
    assert (len(heard.forms), [item.status for item in portal.events.sent]) == (1, [500])
    portal.subscribe("ONCRMLEADADD", "http://127.0.0.1:9/nobody")
    portal.add_lead()
    assert portal.events.wait()
    assert sorted(item.status or 0 for item in portal.events.sent) == [0, 500, 500]


def test_events_are_lost_doubled_and_shuffled_as_ordered(portal: PortalServer, heard: Handler) -> None:
    delivery = portal.events.delivery
    delivery.lose = 1
    portal.add_lead()
    delivery.copies = 2
    second = portal.add_lead()
    assert portal.events.wait()
    assert heard.ids == [str(second)] * 2
    delivery.copies, delivery.reorder = 1, 3
    late = [str(portal.add_lead()) for _ in range(3)]
    assert portal.events.wait()
    assert heard.ids[2:] == late[::-1]


def test_held_events_come_when_released(portal: PortalServer, heard: Handler) -> None:
    portal.events.delivery.is_held = True
    portal.add_lead()
    assert portal.events.wait(0)
    assert heard.forms == []
    portal.events.release()
    assert portal.events.wait()
    assert len(heard.forms) == 1


def test_each_change_has_its_event(portal: PortalServer, handler: Handler, calls: Calls) -> None:
    for event in ("ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE", "ONCRMDEALADD", "ONCRMTIMELINECOMMENTADD"):
        portal.subscribe(event, f"{handler.server.url}/hook")
    number = portal.add_lead(title="А")
    calls.ok("crm.item.update", entityTypeId=1, id=number, fields={"title": "Б"})
    calls.ok("crm.item.update", entityTypeId=1, id=number, fields={"title": "Б"})
    calls.ok("crm.timeline.comment.add", fields={"ENTITY_ID": number, "ENTITY_TYPE": "lead", "COMMENT": "!"})
    calls.ok("crm.lead.delete", id=number)
    portal.add_deal()
    assert portal.events.wait()
    assert sorted(form["event"] for form in handler.forms) == [
        "ONCRMDEALADD",
        "ONCRMLEADADD",
        "ONCRMLEADDELETE",
        "ONCRMLEADUPDATE",
        "ONCRMTIMELINECOMMENTADD",
    ]


def _app(calls: Calls, method: str, **params: Any) -> Any:
    return calls.raw("POST", f"/rest/{method}", json={"auth": "app-access-token", **params}).json()


def test_an_application_subscribes_and_unsubscribes(portal: PortalServer, calls: Calls) -> None:
    bind = {"event": "OnCrmLeadAdd", "handler": "https://example.ru/hook"}
    assert _app(calls, "event.bind", **bind)["result"] is True
    assert _app(calls, "event.bind", **bind)["error"] == "ERROR_HANDLER_ALREADY_EXIST"
    assert _app(calls, "event.bind", event="ONSOMETHING", handler="https://e.ru")["error"] == "ERROR_EVENT_NOT_FOUND"
    assert [row["event"] for row in _app(calls, "event.get")["result"]] == ["ONCRMLEADADD"]
    assert _app(calls, "event.unbind", **bind)["result"] == {"count": 1}


def test_the_offline_queue_keeps_one_record_per_object(portal: PortalServer, calls: Calls) -> None:
    for event in ("ONCRMLEADADD", "ONCRMLEADUPDATE"):
        _app(calls, "event.bind", event=event, event_type="offline")
    first, second = portal.add_lead(title="А"), portal.add_lead(title="Б")
    portal.update_lead(first, title="В")
    taken = _app(calls, "event.offline.get", clear=0)["result"]
    found = [(row["EVENT_NAME"], row["EVENT_DATA"]["FIELDS"]["ID"]) for row in taken["events"]]
    assert found == [("ONCRMLEADADD", second), ("ONCRMLEADUPDATE", first)]
    assert _app(calls, "event.offline.get", clear=0)["result"]["events"] == []
    done = {"process_id": taken["process_id"], "message_id": [taken["events"][0]["MESSAGE_ID"]]}
    assert _app(calls, "event.offline.clear", **done)["result"] is True
    assert _app(calls, "event.offline.error", process_id=taken["process_id"])["result"] is True
    again = _app(calls, "event.offline.get")["result"]["events"]
    assert [row["EVENT_NAME"] for row in again] == ["ONCRMLEADUPDATE"]
    assert _app(calls, "event.offline.list")["result"] == []
