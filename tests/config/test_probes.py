"""What machines ask of the house: is it alive, can it work, how is it going."""

import datetime as dt
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bot import metrics
from bot.models import Channel, Chat, InboxEvent, Message
from bot.nudges import broker
from config import probes
from config.env import ROOT
from config.tasks import heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat() -> Chat:
    channel = Channel.objects.create(kind="telegram", title="t", health=Channel.Health.DOWN)
    return Chat.objects.create(channel=channel, external_id="7")


def event(chat: Chat, number: int, **values: Any) -> InboxEvent:
    return InboxEvent.objects.create(channel=chat.channel, chat=chat, external_id=str(number), kind="text", **values)


def series(client: Client) -> dict[str, float]:
    text = client.get("/metrics").content.decode()
    return {name: float(value) for name, value in re.findall(r"^(otklik_\S+) (\S+)$", text, re.MULTILINE)}


def test_alive_touches_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_ready_tells_how_late_the_queues_are(client: Client, chat: Chat) -> None:
    event(chat, 1, ready_at=timezone.now() - dt.timedelta(minutes=5))
    event(chat, 2, ready_at=timezone.now() - dt.timedelta(hours=5), handled_at=timezone.now())
    response = client.get("/readyz")
    answer = response.json()
    assert response.status_code == 200
    assert (answer["database"], answer["broker"], answer["late"]) == ("ok", "ok", ["inbox"])
    assert 300 <= answer["queue_seconds"]["inbox"] < 330
    assert answer["queue_seconds"]["outbox"] == 0


def test_what_is_due_later_is_not_late(client: Client, chat: Chat) -> None:
    event(chat, 1, ready_at=timezone.now() + dt.timedelta(minutes=5))
    assert client.get("/readyz").json()["queue_seconds"]["inbox"] == 0


def test_without_a_broker_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import redis

    dead = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    monkeypatch.setattr(probes, "broker", lambda: dead)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["broker"]) == (503, "ConnectionError")


def test_metrics_are_prometheus_text(client: Client, chat: Chat) -> None:
    event(chat, 1, parked_at=timezone.now())
    Message.objects.create(chat=chat, channel=chat.channel, role="bot", status=Message.Status.UNKNOWN)
    Message.objects.create(chat=chat, channel=chat.channel, role="bot", status=Message.Status.QUEUED)
    metrics.count("turns", 3, outcome="ok")
    heartbeat()
    found = series(client)
    assert found['otklik_turns_total{outcome="ok"}'] == 3
    assert found["otklik_parked_events"] == 1
    assert found['otklik_troubled_messages{status="unknown"}'] == 1
    assert found['otklik_troubled_messages{status="failed"}'] == 0
    assert found["otklik_channels_down"] == 1
    assert found["otklik_backup_age_seconds"] == -1
    assert 0 <= found["otklik_beat_age_seconds"] < 30
    assert found['otklik_broker_tasks{queue="turns"}'] == 0
    assert found['otklik_up{part="database"}'] == found['otklik_up{part="broker"}'] == 1


def test_every_family_has_its_type_once(client: Client) -> None:
    metrics.count("turns", outcome="ok")
    metrics.count("turns", outcome="error")
    metrics.count("turns_of_fate")
    lines = client.get("/metrics").content.decode().splitlines()
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(families) == len(set(families))
    for line in lines:
        if not line.startswith("#"):
            assert re.split(r"[{ ]", line)[0] in families


def test_counters_of_several_processes_are_added_up(client: Client) -> None:
    code = (
        "import django; django.setup(); from bot import metrics\n"
        "for _ in range(5): metrics.count('deliveries', kind='telegram', outcome='sent')\n"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    metrics.count("deliveries", kind="telegram", outcome="sent")
    assert series(client)['otklik_deliveries_total{kind="telegram",outcome="sent"}'] == 11
    assert broker().exists(metrics.KEY)
