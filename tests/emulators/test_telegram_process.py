"""The emulator as the demo runs it: verbs over HTTP, a memory on disk, a process that ends when told."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.emulators.telegram import Clock, TelegramServer

TOKEN = "424242:demo"
ANNA = 777


def act(server: TelegramServer, verb: str, **order: Any) -> Any:
    """Carry out one verb over HTTP."""
    answer = httpx.post(f"{server.url}/_ctl/{verb}", json={"token": TOKEN, **order})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def view(server: TelegramServer, **query: int) -> dict[str, Any]:
    """Return what the page would show."""
    shown: dict[str, Any] = httpx.get(f"{server.url}/_ctl/view", params={"bot": 424242, "chat": ANNA, **query}).json()
    return shown


def call(server: TelegramServer, method: str, **params: Any) -> Any:
    """Call a method of the Bot API."""
    return httpx.post(f"{server.url}/bot{TOKEN}/{method}", json=params).json()["result"]


def test_everything_people_do_can_be_ordered_over_http() -> None:
    with TelegramServer() as server:
        act(server, "say", user_id=ANNA, text="/start", first_name="Анна", last_name="Белова")
        markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
        number = call(server, "sendMessage", chat_id=ANNA, text="Звоним?", reply_markup=markup)["message_id"]
        assert act(server, "press", user_id=ANNA, data="Да")["callback_query"]["data"] == "y"
        act(server, "contact", user_id=ANNA, phone="79990001122")
        for kind in ("photo", "document", "voice", "sticker", "location"):
            act(server, "send", user_id=ANNA, kind=kind)
        act(server, "edit", user_id=ANNA, message_id=1, text="/start снова")
        act(server, "block", user_id=ANNA)
        shown = view(server)
        assert [item["name"] for item in shown["people"]] == ["Анна Белова"]
        assert shown["chat"]["is_blocked"] is True
        assert [message["buttons"] for message in shown["chat"]["messages"] if message["id"] == number] == [
            markup["inline_keyboard"]
        ]
        assert len(server.pending(TOKEN)) == 10


def test_a_wrong_order_is_answered_in_words() -> None:
    with TelegramServer() as server:
        unknown = httpx.post(f"{server.url}/_ctl/dance", json={})
        missing = httpx.post(f"{server.url}/_ctl/press", json={"token": TOKEN, "user_id": ANNA, "data": "Да"})
    assert (unknown.status_code, "verbs: " in unknown.json()["error"]) == (404, True)
    assert (missing.status_code, "Да" in missing.json()["error"]) == (400, True)


def test_the_page_waits_for_the_next_change() -> None:
    with TelegramServer() as server:
        server.user_says(TOKEN, ANNA, "раз")
        version = view(server)["version"]
        assert view(server, since=version - 1, wait=20)["version"] == version
        with httpx.Client(timeout=10) as client:
            server.loop.call_soon_threadsafe(server.loop.call_later, 0.2, server.world.changed)
            query = {"bot": 424242, "chat": ANNA, "since": version, "wait": 20}
            assert client.get(f"{server.url}/_ctl/view", params=query).json()["version"] == version + 1


def test_faults_time_and_limits_are_ordered_over_http() -> None:
    with TelegramServer(clock=Clock(start=1_800_000_000, frozen=True)) as server:
        server.user_says(TOKEN, ANNA, "/start")
        httpx.post(f"{server.url}/_ctl/fault", json={"kind": "html", "match": "sendMessage", "status": 502})
        assert httpx.get(f"{server.url}/bot{TOKEN}/sendMessage").status_code == 502
        httpx.post(f"{server.url}/_ctl/advance", json={"seconds": 60})
        assert server.clock.now() == 1_800_000_060
        httpx.post(f"{server.url}/_ctl/limits", json={"enabled": True, "chat_burst": 1})
        assert server.limits.enabled and server.limits.chat_burst == 1
        assert httpx.post(f"{server.url}/_ctl/limits", json={"speed": 1}).status_code == 400


def test_what_was_is_there_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    with TelegramServer(state=state) as server:
        server.user_says(TOKEN, ANNA, "Привет", first_name="Анна")
        server.sends_photo(TOKEN, ANNA)
        markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
        call(server, "sendMessage", chat_id=ANNA, text="Звоним?", reply_markup=markup)
        call(server, "setWebhook", url="http://127.0.0.1:1/x", secret_token="s")
        server.presses(TOKEN, ANNA, None, "Да")
        server.holds_updates(TOKEN)
        before, waiting = view(server)["chat"], server.pending(TOKEN)
    with TelegramServer(state=state) as server:
        assert view(server)["chat"] == before
        assert server.pending(TOKEN) == waiting
        assert server.bot(TOKEN).webhook is not None
        photo = before["messages"][1]["content"]["photo"][-1]["file_id"]
        assert httpx.get(f"{server.url}/_ctl/file", params={"id": photo}).content.startswith(b"\x89PNG")
        assert server.user_says(TOKEN, ANNA, "снова")["update_id"] > waiting[-1]["update_id"]


def test_files_sent_after_a_restart_do_not_take_the_place_of_old_ones(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    with TelegramServer(state=state) as server:
        first = server.sends_document(TOKEN, ANNA)["message"]["document"]["file_id"]
    with TelegramServer(state=state) as server:
        second = server.sends_document(TOKEN, ANNA)["message"]["document"]["file_id"]
        paths = {server.world.files[name].path for name in (first, second)}
    assert len(paths) == 2


@pytest.mark.slow
def test_as_a_process_it_serves_and_ends_when_told(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    command = [sys.executable, "-m", "tests.emulators.telegram", "--port", "0", "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        url = process.stdout.readline().split()[1].rstrip("/")
        page = httpx.get(f"{url}/")
        scripts = [httpx.get(f"{url}/_page/{name}").status_code for name in ("main.js", "style.css")]
        httpx.post(f"{url}/_ctl/say", json={"token": TOKEN, "user_id": ANNA, "text": "Привет"})
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    assert (page.status_code, scripts) == (200, [200, 200])
    assert "Привет" in state.read_text()
