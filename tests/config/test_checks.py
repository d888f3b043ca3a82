"""Wrong settings are told at start; the doctor says what is wrong and the cure."""

import io
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import checks
from django.core.management import call_command
from pytest_django import Settings

from bot.models import Channel
from config.doctor import Finding, examine
from config.tasks import heartbeat


def ids() -> set[str]:
    return {str(message.id) for message in checks.run_checks(include_deployment_checks=True)}


def test_the_settings_of_the_tests_are_right() -> None:
    assert not {identity for identity in ids() if identity.startswith("otklik.E")}


def test_a_model_without_a_price_is_named(settings: Settings) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL = "sk-x", "nobody-knows"
    assert "otklik.W022" in ids()


@pytest.mark.parametrize(
    ("name", "value", "identity"),
    [
        ("SECRET_KEY", "not-set", "otklik.E001"),
        ("ENCRYPTION_KEYS", [], "otklik.E002"),
        ("ENCRYPTION_KEYS", ["short"], "otklik.E002"),
        ("REDIS_URL", "amqp://x", "otklik.E007"),
        ("INBOX_READY_TASK", "dialogs.tasks.nothing", "otklik.E008"),
        ("OUTBOX_READY_TASK", "dialogs.tasks.time.sleep", "otklik.E008"),
        ("CHANNELS", {"fax": "bot.channels.fax.FaxAdapter"}, "otklik.E009"),
        ("CHANNELS", {"fax": "bot.models.Channel"}, "otklik.E009"),
        ("ASSISTANT_READY_TASK", "dialogs.tasks.nothing", "otklik.E008"),
        ("OPENAI_BASE_URL", "localhost:8093", "otklik.E020"),
        ("OPENAI_BASE_URL", "http://localhost:8093/v1", "otklik.W021"),
        ("ASSISTANT_DEADLINE_SECONDS", 1.0, "otklik.W023"),
        ("PUBLIC_URL", "http://site", "otklik.W010"),
        ("ALLOWED_HOSTS", ["*"], "otklik.W011"),
    ],
)
def test_a_wrong_setting_is_named(settings: Settings, name: str, value: Any, identity: str) -> None:
    setattr(settings, name, value)
    assert identity in ids()


@pytest.mark.parametrize(
    ("changes", "identity"),
    [
        ({"ENGINE": "django.db.backends.sqlite3"}, "otklik.E003"),
        ({"HOST": "ep-x.eu.neon.tech", "OPTIONS": {}}, "otklik.W004"),
        ({"HOST": "ep-x-pooler.eu.neon.tech", "DISABLE_SERVER_SIDE_CURSORS": False}, "otklik.W005"),
        ({"HOST": "ep-x-pooler.eu.neon.tech"}, "otklik.W006"),
    ],
)
def test_a_wrong_database_address_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, changes: dict[str, Any], identity: str
) -> None:
    for key, value in changes.items():
        monkeypatch.setitem(settings.DATABASES["default"], key, value)
    assert identity in ids()


def doctor() -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out, no_color=True)
    except SystemExit as end:
        return out.getvalue(), int(str(end.code))
    return out.getvalue(), 0


@pytest.mark.django_db
def test_the_doctor_finds_beat_missing_and_then_there() -> None:
    said, code = doctor()
    assert code == 1
    assert "✗ beat and workers: never seen\n    Start beat" in said
    heartbeat()
    said, code = doctor()
    assert "✓ beat and workers" in said
    assert "✓ database: PostgreSQL" in said
    assert "✓ migrations: all applied" in said
    assert "! channels: none" in said
    assert (code, said.splitlines()[-1]) == (0, "All is well."), said


@pytest.mark.django_db
def test_the_doctor_makes_a_key_where_none_is(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = []
    said, code = doctor()
    assert code == 1
    (key,) = [line.split("=", 1)[1] for line in said.splitlines() if "ENCRYPTION_KEYS=" in line]
    Fernet(key)


@pytest.mark.django_db
def test_the_doctor_knows_a_lost_key(settings: Settings) -> None:
    Channel.objects.create(kind="telegram", title="t", credentials={"token": "1:x"})
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    (finding,) = [finding for finding in examine(with_network=False) if finding.what == "channels"]
    assert finding == Finding(
        False,
        "channels",
        "A sealed value was written with a key that ENCRYPTION_KEYS no longer has.",
        "Put the old key behind the new one in ENCRYPTION_KEYS.",
    )
