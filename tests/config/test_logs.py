"""The log: one JSON object a line, with the work's fields on it and nothing of a customer's or a secret's in it."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from celery import shared_task
from celery.contrib.testing.worker import start_worker
from django.test import Client, RequestFactory

from bot.context import bound, current
from bot.masking import mask, mask_value
from config.celery import app
from config.env import ROOT
from config.logs import JsonLines
from config.middleware import RequestContextMiddleware
from config.sentry import scrub

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
HOOK = "https://portal.bitrix24.ru/rest/1/abcdef0123456789/crm.item.list.json"


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("call +7 916 123-45-67 now", "916 123-45"),
        ("call 8 (916) 123-45-67 now", "123-45"),
        ("+79161234567", "7916123"),
        ("phone=89161234567", "8916123"),
        ("(495) 123-45-67", "123-45"),
        ("9161234567", "916123"),
        ("+49 170 1234567", "170 12345"),
        ("+375291234567 and +380501234567", "2912345"),
        ("anna.petrova@example.ru wrote", "petrova"),
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", "AAHdq"),
        (TOKEN, "AAHdq"),
        (f"GET {HOOK}", "abcdef0123456789"),
        ("Authorization: Bearer abc.def.ghi", "abc.def"),
        ("key sk-proj-abcdefghijklmnop", "abcdefgh"),
        ("postgres://otklik:p4ssw0rd@db.example/otklik", "p4ssw0rd"),
        ('{"application_token": "0123456789abcdef"}', "0123456789abcdef"),
        ("auth[application_token]=0123456789abcdef&x=1", "0123456789abcdef"),
        ("POST /webhook/vk/Zm9vYmFyYmF6", "Zm9vYmFyYmF6"),
        ("secret_token='s3cr3t-value'", "s3cr3t-value"),
    ],
)
def test_phones_addresses_and_secrets_are_masked(text: str, gone: str) -> None:
    assert gone not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "turn 1 of 25 took 350 ms",
        "chat 4711 in channel 3",
        "2026-11-20 16:31:56.123456",
        "2026-11-20T16:31:56+00:00",
        "order 2026-11-20 for 12 500 rub",
        "update_id 512345678 stored",
        "127.0.0.1:8000",
        "request 0b5f3c2d8f1e4a9e8f2b6d1c3a5e7f90",
        "/admin/crm/lead/123/change/",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert mask(text) == text


def test_a_field_whose_name_says_secret_is_hidden_whole() -> None:
    data = {"credentials": {"token": "x"}, "phone": "1", "list": [{"api_key": "k", "n": 1}], "empty": {"token": ""}}
    expected = {"credentials": "[hidden]", "phone": "[hidden]", "list": [{"api_key": "[hidden]", "n": 1}]}
    assert mask_value(data) == {**expected, "empty": {"token": ""}}


def line_of(**record: Any) -> dict[str, Any]:
    values = {"name": "bot.test", "levelname": "INFO", "msg": "hello", **record}
    line: dict[str, Any] = json.loads(JsonLines().format(logging.makeLogRecord(values)))
    return line


def test_a_line_carries_the_fields_of_the_work_and_its_own() -> None:
    with bound(request_id="r", channel=3, chat=7), bound(conversation=9):
        line = line_of(msg="took %s", args=("turn",), step="ask")
    line.pop("at")
    assert line == {
        "level": "info",
        "logger": "bot.test",
        "message": "took turn",
        "request_id": "r",
        "channel": 3,
        "chat": 7,
        "conversation": 9,
        "step": "ask",
    }
    assert not current()


def test_arguments_fields_and_tracebacks_are_masked() -> None:
    try:
        raise ValueError(f"no answer from {HOOK} for +79161234567")
    except ValueError:
        line = line_of(msg="sent %s", args=(TOKEN,), extra_text="8 916 123-45-67", token="t", exc_info=sys.exc_info())
    assert line["error"] == "ValueError"
    assert "ValueError: no answer from" in line["traceback"]
    everything = json.dumps(line)
    for secret in ("AAHdq", "abcdef0123456789", "9161234567", "123-45"):
        assert secret not in everything
    assert line["token"] == "[hidden]"


def test_what_sentry_gets_is_masked_and_tagged() -> None:
    with bound(request_id="r", chat=7):
        event = scrub({"message": f"failed {TOKEN}", "extra": {"phone": "+79161234567", "url": HOOK}}, {})
    assert event["tags"] == {"request_id": "r", "chat": "7"}
    assert "AAHdq" not in str(event)
    assert "9161234567" not in str(event)
    assert "abcdef0123456789" not in str(event)


def test_a_command_answers_on_stdout_and_logs_on_stderr() -> None:
    code = "import logging, django; django.setup(); logging.getLogger('x').warning('to be seen'); print('answer')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "x",
            "LOG_STREAM": "stderr",
            "PATH": "/usr/bin",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "answer\n"
    assert json.loads(done.stderr.splitlines()[-1])["message"] == "to be seen"


@pytest.mark.django_db
def test_a_request_keeps_the_id_its_proxy_gave_and_answers_with_it(client: Client) -> None:
    response = client.get("/admin/login/", headers={"X-Request-ID": "from-the-proxy"})
    assert response["X-Request-ID"] == "from-the-proxy"
    assert len(client.get("/admin/login/", headers={"X-Request-ID": "two words\tand more"})["X-Request-ID"]) == 32


def test_every_line_of_a_request_carries_its_id() -> None:
    seen: list[Any] = []

    def view(_request: object) -> Any:
        from django.http import HttpResponse

        seen.append(current()["request_id"])
        return HttpResponse()

    response = RequestContextMiddleware(view)(RequestFactory().get("/", headers={"X-Request-ID": "abc"}))
    assert seen == ["abc"]
    assert response["X-Request-ID"] == "abc"


ids: list[Any] = []


@shared_task(name="tests.note_request_id")
def note_request_id() -> None:
    """Remember the fields a worker works with."""
    ids.append(current().get("request_id"))


@pytest.fixture
def worker() -> Iterator[None]:
    """A worker thread on the run's own Redis."""
    app.loader.import_default_modules()
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        yield


@pytest.mark.django_db(transaction=True)
def test_a_task_carries_the_request_id_of_the_work_that_sent_it(worker: None) -> None:
    import time

    ids.clear()
    with bound(request_id="of-the-request"):
        note_request_id.delay()
    note_request_id.delay()
    deadline = time.monotonic() + 20
    while len(ids) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert ids[0] == "of-the-request"
    assert len(ids[1]) == 32
