"""The live stream over real HTTP: what was missed, what happens, and who may listen."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from django.test import Client

from bot.channels.base import Address
from bot.channels.registry import adapter_for
from bot.delivery import Drain
from bot.messages import Outgoing
from bot.models import Channel, Chat, Message
from bot.nudges import broker
from bot.outbox import say
from bot.sender import submit
from bot.webchat import admission, stream
from tests.asgi_server import asgi_server
from tests.bot.webchat.visitor import ORIGIN, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[str]:
    with asgi_server() as url:
        yield url


class Ear:
    """An open stream, read frame by frame."""

    def __init__(self, server: str, visitor: Visitor, **headers: str) -> None:
        self._client = httpx.Client(timeout=10)
        self._context = self._client.stream(
            "GET", f"{server}{visitor.path}/stream", headers=headers_of(visitor) | headers
        )
        self.response = self._context.__enter__()
        self._lines = self.response.iter_lines() if self.response.status_code == 200 else iter(())

    def next(self) -> tuple[str, Any]:
        """Return the next event's name and data; a comment is named so."""
        event: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                event["event"], event["data"] = "comment", "null"
            elif line:
                name, _, value = line.partition(": ")
                event[name] = value
            elif event:
                self.last_id = event.get("id", "")
                return event["event"], orjson.loads(event["data"])
        return "end", None

    def until(self, name: str) -> list[Any]:
        """Return the data of what comes before `name`, and of it."""
        seen = []
        while True:
            event, data = self.next()
            seen.append(data)
            if event in (name, "end"):
                return seen

    def close(self) -> None:
        self._context.__exit__(None, None, None)
        self._client.close()


def headers_of(visitor: Visitor) -> dict[str, str]:
    return {"Origin": ORIGIN, "Authorization": f"Bearer {visitor.token}"}


@pytest.fixture
def ears() -> Iterator[Any]:
    opened: list[Ear] = []

    def listen(server: str, visitor: Visitor, **headers: str) -> Ear:
        opened.append(Ear(server, visitor, **headers))
        return opened[-1]

    yield listen
    for ear in opened:
        ear.close()


def chat_of(visitor: Visitor) -> Chat:
    return Chat.objects.get(external_id=visitor.external_id)


def address_of(visitor: Visitor) -> Address:
    chat = chat_of(visitor)
    return Address(chat.channel_id, chat.pk, chat.external_id, "", {}, {}, {})


def test_a_stream_tells_what_was_missed_and_then_what_happens(server: str, visitor: Visitor, ears: Any) -> None:
    visitor.say("Здравствуйте")
    ear = ears(server, visitor)
    assert ear.response.headers["content-type"].startswith("text/event-stream")
    assert ear.response.headers["access-control-allow-origin"] == ORIGIN
    assert [item.get("text") for item in ear.until("ready")] == ["Здравствуйте", None]
    row = say(chat_of(visitor), Outgoing("Добрый день!"))
    Drain(linger=0).run()
    event, item = ear.next()
    assert row is not None
    assert (event, item["id"], item["role"], item["text"]) == ("message", f"m{row.pk}", "bot", "Добрый день!")


def test_a_manager_is_live_as_a_manager(server: str, visitor: Visitor, ears: Any) -> None:
    visitor.say("Позовите человека")
    ear = ears(server, visitor)
    ear.until("ready")
    say(chat_of(visitor), Outgoing("Слушаю вас"), role=Message.Role.MANAGER)
    Drain(linger=0).run()
    assert ear.next()[1]["role"] == "manager"


def test_a_reconnected_stream_goes_on_after_the_last_event(server: str, visitor: Visitor, ears: Any) -> None:
    visitor.say("раз", "1")
    first = ears(server, visitor)
    first.until("ready")
    last_id = first.last_id
    first.close()
    say(chat_of(visitor), Outgoing("пока вас не было"))
    Drain(linger=0).run()
    texts = [item.get("text") for item in ears(server, visitor, **{"Last-Event-ID": last_id}).until("ready")]
    assert "пока вас не было" in texts


def test_another_tab_sees_what_this_one_says(server: str, visitor: Visitor, ears: Any) -> None:
    ear = ears(server, visitor)
    ear.until("ready")
    visitor.say("из другой вкладки", "42")
    assert ear.next()[1]["id"] == "u42"


def test_the_typing_sign_reaches_the_page(server: str, visitor: Visitor, ears: Any) -> None:
    visitor.say("Здравствуйте")
    ear = ears(server, visitor)
    ear.until("ready")
    submit(adapter_for("webchat").show_typing(address_of(visitor))).result(5)
    assert ear.next() == ("typing", {"role": "bot"})


def test_a_stranger_hears_nothing(server: str, visitor: Visitor, site: Channel, client: Client, ears: Any) -> None:
    stranger = Visitor(client, site)
    ear = ears(server, stranger)
    ear.until("ready")
    visitor.say("тайна", "1")
    stranger.say("моё", "2")
    assert ear.next()[1]["text"] == "моё"


def test_two_web_processes_hear_the_same(server: str, visitor: Visitor, ears: Any) -> None:
    with asgi_server() as other:
        here, there = ears(server, visitor), ears(other, visitor)
        here.until("ready")
        there.until("ready")
        visitor.say("всем", "1")
        assert here.next()[1]["text"] == there.next()[1]["text"] == "всем"
        there.close()


def test_a_quiet_stream_shows_that_it_lives(server: str, visitor: Visitor, ears: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    ear = ears(server, visitor)
    ear.until("ready")
    assert ear.next()[0] == "comment"


def test_when_redis_cuts_the_line_the_stream_ends_and_the_next_one_works(
    server: str, visitor: Visitor, ears: Any
) -> None:
    ear = ears(server, visitor)
    ear.until("ready")
    broker().client_kill_filter(_type="pubsub")
    assert ear.next()[0] == "end"
    again = ears(server, visitor)
    again.until("ready")
    visitor.say("снова", "1")
    assert again.next()[1]["text"] == "снова"


def test_a_lifetime_ends_a_stream_politely(server: str, visitor: Visitor, ears: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(stream, "LIFETIME_SECONDS", 0.0)
    ear = ears(server, visitor)
    ear.until("ready")
    assert ear.next()[0] == "end"


def test_one_visitor_keeps_few_streams(server: str, visitor: Visitor, ears: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(stream, "PER_CHAT", 1)
    ears(server, visitor).until("ready")
    refused = ears(server, visitor).response
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "30"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": ""}, 403),
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer x"}, 401),
        ({"Last-Event-ID": "x"}, 400),
    ],
)
def test_who_may_not_listen_is_told_so(server: str, visitor: Visitor, headers: dict[str, str], status: int) -> None:
    answer = httpx.get(f"{server}{visitor.path}/stream", headers=headers_of(visitor) | headers)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]


def test_the_stream_has_a_preflight_and_one_method(server: str, visitor: Visitor) -> None:
    url = f"{server}{visitor.path}/stream"
    asked = httpx.options(url, headers={"Origin": ORIGIN, "Access-Control-Request-Headers": "authorization"})
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET")
    assert httpx.post(url, headers=headers_of(visitor)).status_code == 405
    assert httpx.get(f"{server}/chat/nobody/stream", headers=headers_of(visitor)).status_code == 404


def test_knocking_too_often_is_a_429(server: str, visitor: Visitor, monkeypatch: Any) -> None:
    monkeypatch.setitem(admission.PER_CHAT, "stream", (0, 60))
    answer = httpx.get(f"{server}{visitor.path}/stream", headers=headers_of(visitor))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_many_listeners_hold_no_thread_of_their_own(server: str, site: Channel, client: Client, ears: Any) -> None:
    before = threading.active_count()
    for _ in range(40):
        ears(server, Visitor(client, site)).until("ready")
    assert threading.active_count() - before <= 8  # the desk's four and the server's own few
    assert len(broker().client_list(_type="pubsub")) == 1


def test_a_visitor_who_leaves_is_forgotten(server: str, visitor: Visitor, ears: Any) -> None:
    ear = ears(server, visitor)
    ear.until("ready")
    ear.close()
    name = f"otklik:webchat:{visitor.channel.pk}:{visitor.external_id}"
    deadline = time.monotonic() + 5
    while broker().pubsub_numsub(name)[0][1] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert broker().pubsub_numsub(name)[0][1] == 0
