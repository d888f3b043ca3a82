"""The portal as a process with a control door: it goes on after a restart, and its page keeps its secrets."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.emulators.bitrix24 import PortalServer
from tests.emulators.bitrix24.calls import Calls

ROOT = Path(__file__).parents[2]


def _act(portal: PortalServer, act: str, /, **data: Any) -> Any:
    return httpx.post(f"{portal.url}/_ctl/{act}", json=data).json()


def _state(portal: PortalServer) -> Any:
    return httpx.get(f"{portal.url}/_ctl/state").json()


def test_the_control_door_does_what_the_page_does(portal: PortalServer) -> None:
    number = _act(portal, "lead", title="С сайта", phone="", sourceId="WEB")["id"]
    assert portal.lead(number)["hasPhone"] == "N"
    _act(portal, "lead/update", id=number, phone="+79990000001", assignedById=2)
    assert (portal.lead(number)["phones"], portal.lead(number)["assignedById"]) == (["+79990000001"], 2)
    said = _act(portal, "client", connector="telegrambot", user="5", text="Привет", name="Анна")
    _act(portal, "operator", act="answer", chat=said["chat"], user=3, text="Добрый день")
    assert portal.outbox(said["userCode"])[0]["text"] == "Добрый день"
    _act(portal, "operator", act="take", chat=said["chat"], user=2)
    assert _state(portal)["chats"][0]["ownerId"] == 2
    _act(portal, "operator", act="finish", chat=said["chat"])
    assert _state(portal)["chats"][0]["session"] == 0
    _act(portal, "employee", id=2, isOnline=False, day="CLOSED")
    assert _state(portal)["employees"][1]["online"] is False
    assert _act(portal, "mode", mode=2) == {"mode": 2}


def test_the_control_door_orders_faults_time_and_delivery(portal: PortalServer, calls: Calls) -> None:
    assert _act(portal, "fault", kind="query_limit", times=2, match="crm.item") == {"waiting": 1}
    assert calls.response("profile").status_code == 200
    assert [calls.response("crm.item.list", entityTypeId=1).status_code for _ in range(3)] == [503, 503, 200]
    _act(portal, "fault", kind="act_then_drop")
    assert _act(portal, "fault", kind="clear") == {"waiting": 0}
    portal.clock.freeze(1_790_000_000)
    _act(portal, "advance", seconds=3600)
    assert portal.clock.time() == 1_790_003_600
    assert _act(portal, "delivery", copies=2, lose=1)["copies"] == 2
    assert portal.events.delivery.lose == 1
    assert "id" in _act(portal, "subscribe", event="ONCRMLEADADD", handler="http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("act", "data", "status"),
    [
        ("nothing", {}, 404),
        ("lead/update", {"id": 5, "title": "x"}, 400),
        ("lead", {"stageId": "NO"}, 400),
        ("client", {"connector": "t", "line": 9, "user": "1", "text": "x"}, 400),
        ("client", {"connector": "t", "user": "1", "text": " "}, 400),
        ("operator", {"act": "answer", "chat": 1, "user": 2, "text": "x"}, 400),
        ("operator", {"act": "dance", "chat": 1, "user": 2}, 400),
        ("fault", {"kind": "fire"}, 400),
        ("mode", {"mode": 3}, 400),
        ("advance", [], 400),
    ],
)
def test_nonsense_is_refused_in_words(portal: PortalServer, act: str, data: Any, status: int) -> None:
    answer = httpx.post(f"{portal.url}/_ctl/{act}", json=data)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_a_page_elsewhere_cannot_post_a_form(portal: PortalServer) -> None:
    assert httpx.post(f"{portal.url}/_ctl/advance", data={"seconds": "5"}).status_code == 415


def test_no_secret_is_on_the_page(portal: PortalServer) -> None:
    portal.subscribe("ONCRMLEADADD", "http://127.0.0.1:9/")
    shown = httpx.get(portal.url).text + httpx.get(f"{portal.url}/_ctl/state").text
    for secret in (portal.webhook_code, portal.application_token, portal.access_token):
        assert secret not in shown
    assert httpx.get(f"{portal.url}/_page/..%2fstore.py").status_code == 404


def _process(*options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "tests.emulators.bitrix24", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"LANG": "C"})
    assert process.stdout is not None
    return process, process.stdout.readline().split()[-1]


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.slow
def test_a_second_run_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    state = str(tmp_path / "deep" / "portal.json")
    options = ("--state", state, "--seed", "demo", "--webhook-code", "c0de", "--handler-url", "http://127.0.0.1:9/")
    process, url = _process(*options)
    said = httpx.post(f"{url}_ctl/client", json={"connector": "avito", "user": "1", "text": "Ещё актуально?"}).json()
    assert httpx.post(f"{url}rest/1/c0de/profile").status_code == 200
    _end(process)
    saved = json.loads(Path(state).read_text(encoding="utf-8"))
    assert len(saved["tables"]["leads"]["rows"]) == 3
    process, url = _process(*options)
    seen = httpx.get(f"{url}_ctl/state").json()
    assert [len(seen["leads"]), len(seen["employees"]), len(seen["subscriptions"])] == [3, 5, 5]
    again = httpx.post(f"{url}_ctl/client", json={"connector": "avito", "user": "1", "text": "Алло"}).json()
    assert again == said
    _end(process)
