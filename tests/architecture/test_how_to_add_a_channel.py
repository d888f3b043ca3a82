"""The page about adding a channel is true: its file is taken out of the page, connected, and carries a conversation."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from pytest_django import Settings

from bot.channels.registry import adapter_for
from bot.delivery import Drain
from bot.messages import Outgoing
from bot.models import Channel, Chat, InboxEvent, Message
from bot.outbox import say
from config.env import ROOT
from dialogs.connecting import check_row, connect_row
from tests.adapters import forget_adapters
from tests.asgi_server import asgi_server
from tests.emulators.server import Emulator

pytestmark = pytest.mark.django_db(transaction=True)


class Pager:
    """The imaginary messenger."""

    def __init__(self) -> None:
        self.subscribed = ""
        self.messages: list[dict[str, Any]] = []
        self.statuses: list[int] = []  # what to answer next instead of taking the message
        self.app = web.Application()
        self.app.router.add_post("/{method}", self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Take one call."""
        if request.headers["Authorization"] != "Bearer right":
            return web.json_response({}, status=401)
        body = await request.json()
        if request.match_info["method"] == "subscribe":
            self.subscribed = body["url"]
        if request.match_info["method"] == "messages":
            if self.statuses:
                return web.json_response({}, status=self.statuses.pop(0), headers={"Retry-After": "1"})
            self.messages.append(body)
        return web.json_response({"id": len(self.messages)})


@pytest.fixture
def pager() -> Iterator[tuple[Pager, str]]:
    messenger = Pager()
    with Emulator(messenger.app) as server:
        yield messenger, server.url


@pytest.fixture
def channel(tmp_path: Path, settings: Settings, pager: tuple[Pager, str]) -> Iterator[Channel]:
    """The page's own file, under the name the page gives it."""
    page = (ROOT / "docs" / "how-to-add-a-channel.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(code) == 1
    (tmp_path / "pager.py").write_text(code[0], encoding="utf-8")
    spec = importlib.util.spec_from_file_location("bot.channels.pager", tmp_path / "pager.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["bot.channels.pager"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    settings.CHANNELS = {**settings.CHANNELS, "pager": "bot.channels.pager.PagerAdapter"}
    yield Channel.objects.create(kind="pager", title="Pager", api_url=pager[1], credentials={"token": "right"})
    forget_adapters()
    del sys.modules["bot.channels.pager"]


def test_a_customer_writes_through_the_door_and_is_answered(channel: Channel, pager: tuple[Pager, str]) -> None:
    messenger, _ = pager
    with asgi_server() as url:
        assert connect_row(channel, public_url=url).ok
        assert messenger.subscribed.startswith(url)
        body = {"id": "17", "from": "anna", "name": "Анна", "text": "Здравствуйте"}
        assert [httpx.post(messenger.subscribed, json=body).status_code for _ in range(2)] == [200, 200]
        assert httpx.post(messenger.subscribed, json={"id": "18"}).status_code == 400
        assert httpx.post(f"{messenger.subscribed}x", json=body).status_code == 403
    event = InboxEvent.objects.get()
    assert adapter_for("pager").parse(event.kind, event.payload).text == "Здравствуйте"
    chat = Chat.objects.get()
    assert (chat.external_id, chat.name) == ("anna", "Анна")
    say(chat, Outgoing("Добрый день!"))
    Drain(linger=0).run()
    assert messenger.messages == [{"to": "anna", "text": "Добрый день!"}]
    assert Message.objects.get().status == Message.Status.SENT


@pytest.mark.parametrize(("status", "expected"), [(410, "failed"), (400, "failed"), (502, "unknown")])
def test_each_refusal_tells_the_outbox_what_to_do(
    channel: Channel, pager: tuple[Pager, str], status: int, expected: str
) -> None:
    pager[0].statuses.append(status)
    say(Chat.objects.create(channel=channel, external_id="anna"), Outgoing("Добрый день!"))
    Drain(linger=0).run()
    assert Message.objects.get().status == expected


def test_a_wrong_token_is_seen_when_the_connection_is_checked(channel: Channel) -> None:
    assert check_row(channel).ok
    channel.credentials = {"token": "wrong"}
    channel.save()
    result = check_row(channel)
    assert (result.ok, result.note) == (False, "Pager ответил 401")


def test_the_file_is_written_as_the_house_writes(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to-add-a-channel.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    ruff = [str(Path(sys.executable).parent / "ruff"), "check", "--stdin-filename", "bot/channels/pager.py", "-"]
    done = subprocess.run(ruff, cwd=ROOT, input=code, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
