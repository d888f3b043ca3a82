"""The webhook door, by real HTTP against the real web server."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from bot import door, gathering, inbox, nudges
from bot.channels.registry import adapter_for
from bot.inbox import Arrival
from bot.models import Channel, Chat, InboxEvent
from bot.secrets import fingerprint
from tests.asgi_server import asgi_server

pytestmark = pytest.mark.django_db(transaction=True)
PAYLOADS = Path(__file__).parents[1] / "payloads" / "telegram"
SECRET = "a-secret-that-telegram-shows"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with asgi_server() as address:
        yield address


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nudges are counted, not sent: no worker listens here."""
    calls: list[str] = []
    monkeypatch.setattr(gathering, "nudge", calls.append)
    return calls


@pytest.fixture(autouse=True)
def channel(nudged: list[str], monkeypatch: pytest.MonkeyPatch) -> Channel:
    monkeypatch.setattr(door, "CHANNEL_SECONDS", 0.0)  # the tests share the server, not its memory
    return Channel.objects.create(kind="telegram", title="t", webhook_secret=SECRET)


@pytest.fixture
def url(server: str) -> str:
    return f"{server}/telegram/webhook"


def update(number: int, *, chat: int = 7, text: str = "Здравствуйте") -> dict[str, Any]:
    body: dict[str, Any] = json.loads((PAYLOADS / "text.json").read_text())
    body["update_id"] = number
    body["message"]["chat"]["id"] = body["message"]["from"]["id"] = chat
    body["message"]["text"] = text
    return body


def post(url: str, body: Any, *, secret: str | None = SECRET) -> httpx.Response:
    headers = {} if secret is None else {b"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.post(url, content=content, headers=headers)


def post_all(url: str, bodies: list[Any], *, at_once: int = 32) -> list[int]:
    """Post many bodies over a few connections; return the statuses in order."""

    async def run() -> list[int]:
        limits = httpx.Limits(max_connections=at_once)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with httpx.AsyncClient(limits=limits, headers=headers, timeout=30) as client:
            responses = await asyncio.gather(*[client.post(url, json=body) for body in bodies])
        return [response.status_code for response in responses]

    return asyncio.run(run())


def ids() -> list[int]:
    return [int(number) for number in InboxEvent.objects.order_by("id").values_list("external_id", flat=True)]


def test_an_update_is_a_row_before_it_is_answered(url: str, channel: Channel, nudged: list[str]) -> None:
    response = post(url, update(1, text="Сколько стоит?"))
    assert (response.status_code, response.content) == (200, b"")
    event = InboxEvent.objects.get()
    assert (event.channel_id, event.external_id, event.kind) == (channel.pk, "1", "text")
    assert event.payload["message"]["text"] == "Сколько стоит?"
    assert len(event.request_id) == 32
    assert Chat.objects.get().external_id == "7"


def test_the_request_id_of_the_proxy_is_kept(url: str) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "X-Request-ID": "from-the-proxy"}
    assert httpx.post(url, json=update(1), headers=headers).status_code == 200
    assert InboxEvent.objects.get().request_id == "from-the-proxy"


def test_a_repeat_is_answered_200_and_stays_one_row(url: str) -> None:
    assert [post(url, update(1)).status_code for _ in range(3)] == [200, 200, 200]
    assert ids() == [1]


@pytest.mark.parametrize("secret", [None, "", "another secret", "ключ"])
def test_an_unknown_sender_is_refused(url: str, secret: str | None) -> None:
    assert post(url, update(1), secret=secret).status_code == 403
    assert not InboxEvent.objects.exists()


def test_who_knocks_too_often_without_a_secret_is_shut_out_and_a_known_sender_is_not(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", 1)

    with httpx.Client() as client:

        def knock(secret: str, address: str) -> httpx.Response:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "X-Forwarded-For": address}
            return client.post(url, json=update(1), headers=headers)

        assert knock(SECRET, "203.0.113.5").status_code == 200
        refused = next(r for n in range(300) if (r := knock(f"guess {n}", "203.0.113.5")).status_code == 429)
        assert 1 <= int(refused.headers["retry-after"]) <= door.STRANGER_SECONDS
        assert knock(SECRET, "203.0.113.5").status_code == 200
        assert knock("guess", "203.0.113.6").status_code == 403


def test_a_channel_that_is_switched_off_is_unknown(url: str) -> None:
    Channel.objects.create(kind="telegram", title="off", webhook_secret="off", is_active=False)
    assert post(url, update(1), secret="off").status_code == 403


def test_a_secret_of_another_kind_of_channel_does_not_open_this_door(url: str) -> None:
    Channel.objects.create(kind="webchat", title="w", webhook_secret="of-a-widget")
    assert post(url, update(1), secret="of-a-widget").status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}", b'{"update_id": "x"}', b"[" * 5000]
)
def test_what_telegram_does_not_send_is_refused_and_changes_nothing(url: str, body: bytes) -> None:
    response = post(url, body)
    assert response.status_code == 400
    assert response.json()["error"]
    assert not InboxEvent.objects.exists()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_post_is_taken(url: str, method: str) -> None:
    response = httpx.request(method, url, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_a_body_that_is_too_large_is_refused(url: str) -> None:
    assert post(url, b" " * (door.MAX_BODY + 1)).status_code == 413

    def stream() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * (door.MAX_BODY // 16)

    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert httpx.post(url, content=stream(), headers=headers).status_code == 413


def test_another_channel_shows_its_secret_in_the_address(server: str) -> None:
    assert post(f"{server}/webhook/telegram/{SECRET}", update(1), secret=None).status_code == 200
    assert post(f"{server}/webhook/telegram/wrong", update(2), secret=None).status_code == 403
    assert post(f"{server}/webhook/webchat/{SECRET}", update(2), secret=None).status_code == 403
    assert ids() == [1]


def test_a_channel_deleted_since_it_was_looked_up_is_looked_up_again(
    url: str, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "CHANNEL_SECONDS", 60.0)
    Channel.objects.filter(pk=channel.pk).update(secret_fingerprint=fingerprint("remembered"))
    assert post(url, update(1), secret="remembered").status_code == 200
    InboxEvent.objects.all().delete()
    Chat.objects.all().delete()
    channel.delete()
    assert [post(url, update(2), secret="remembered").status_code for _ in range(2)] == [503, 403]


def test_what_is_not_a_channel_is_djangos(server: str) -> None:
    response = httpx.post(f"{server}/webhook/nothing/here")
    assert response.status_code in (403, 404)
    assert "x-frame-options" in response.headers


def test_updates_of_concurrent_requests_are_all_stored_once(url: str, nudged: list[str]) -> None:
    numbers = list(range(1, 201))
    deliveries = numbers * 3
    random.Random(7).shuffle(deliveries)
    assert set(post_all(url, [update(number, chat=number % 20) for number in deliveries])) == {200}
    assert sorted(ids()) == numbers
    assert Chat.objects.count() == 20
    assert nudged


def test_updates_that_wait_together_keep_the_order_of_their_numbers(channel: Channel) -> None:
    numbers = [*range(95, 105)]

    async def run() -> None:
        connections = gathering.Connections()
        gatherer = gathering.Gatherer(connections)
        arrivals = [
            Arrival(channel.pk, adapter_for("telegram").open(update(number))[0]) for number in reversed(numbers)
        ]
        await asyncio.gather(*[gatherer.store([arrival]) for arrival in arrivals])
        await gatherer.drain()
        await connections.aclose()

    asyncio.run(run())
    assert ids() == numbers


@pytest.fixture
def slow_store(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make the first statement slow, so that the requests behind it gather."""

    def arrange() -> None:
        monkeypatch.setattr(gathering, "WRITERS", 1)
        monkeypatch.setattr(
            gathering, "STORE_SQL", inbox.STORE_SQL.replace("FROM incoming i", "FROM pg_sleep(0.3), incoming i")
        )

    return arrange


def test_one_poison_among_many_fails_alone(url: str, slow_store: Callable[[], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bot_inboxevent ADD CONSTRAINT poison CHECK (external_id <> '13')")
    slow_store()
    try:
        statuses = post_all(url, [update(number, chat=number) for number in range(1, 31)])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE bot_inboxevent DROP CONSTRAINT poison")
    assert [number for number, status in enumerate(statuses, 1) if status != 200] == [13]
    assert statuses[12] == 400
    assert sorted(ids()) == [number for number in range(1, 31) if number != 13]


def test_text_that_postgres_cannot_hold_does_not_fail(url: str) -> None:
    assert post(url, update(1, text="a\x00b")).status_code == 200
    assert InboxEvent.objects.get().payload["message"]["text"] == "ab"


def cut_all_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )


def test_connections_that_were_cut_are_replaced_without_a_trace(url: str) -> None:
    assert post(url, update(1)).status_code == 200
    cut_all_connections()
    assert post(url, update(2)).status_code == 200
    assert ids() == [1, 2]


def test_while_the_database_is_away_the_sender_is_told_to_repeat(url: str) -> None:
    assert post(url, update(1)).status_code == 200
    name = settings.DATABASES["default"]["NAME"]
    connection.close()
    admin = psycopg.connect(**{**_params(), "dbname": "postgres"}, autocommit=True)
    with admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            response = post(url, update(2))
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert post(url, update(2)).status_code == 200
    assert ids() == [1, 2]


def _params() -> dict[str, Any]:
    params = connection.get_connection_params()
    return {key: params[key] for key in ("host", "user", "password", "port") if key in params}


def test_too_many_waiting_are_turned_away(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BACKLOG", 0)
    assert post(url, update(1)).status_code == 503


def test_a_nudge_is_one_task_however_many_updates_came(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "nudge", nudges.nudge)
    sent: list[str] = []
    monkeypatch.setattr(nudges, "import_string", lambda path: _Task(path, sent))
    begun = time.monotonic()
    assert set(post_all(url, [update(number) for number in range(1, 101)])) == {200}
    lapsed = int((time.monotonic() - begun) / (nudges.GUARD_MILLISECONDS / 1000))  # guards that ended meanwhile
    assert sent
    assert set(sent) == {settings.INBOX_READY_TASK}
    assert len(sent) <= 1 + lapsed


class _Task:
    def __init__(self, path: str, sent: list[str]) -> None:
        self.path, self.sent = path, sent

    def apply_async(self, *, retry: bool) -> None:
        assert not retry
        self.sent.append(self.path)
