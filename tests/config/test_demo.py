"""The demo: a busy port is reported, not fatal; secrets are made once; what dies is named."""

import socket
from pathlib import Path

import pytest

from config import demo


@pytest.fixture
def three_in_a_row() -> int:
    """The first of three neighbouring free ports."""
    for first in range(21_000, 29_000, 7):
        if all(demo._is_free(first + step) for step in range(5)):
            return first
    raise RuntimeError("no free ports here")


def test_free_ports_are_taken_as_wanted(three_in_a_row: int) -> None:
    wanted = {"site": three_in_a_row, "bitrix24": three_in_a_row + 1, "telegram": three_in_a_row + 2}
    assert demo._free_ports(wanted) == wanted


def test_a_busy_port_is_reported_and_no_two_services_take_the_same(
    three_in_a_row: int, capsys: pytest.CaptureFixture[str]
) -> None:
    first = three_in_a_row
    with socket.create_server(("127.0.0.1", first)), socket.create_server(("127.0.0.1", first + 1)):
        ports = demo._free_ports({"site": first, "bitrix24": first + 1, "telegram": first + 2})
    assert len(set(ports.values())) == 3
    assert not set(ports.values()) & {first, first + 1}
    assert ports["telegram"] == first + 2
    assert f"port {first} is busy, site takes" in capsys.readouterr().out


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "ENV_FILE", tmp_path / "env")
    first = demo._settings("postgres://a", "unix://b", 8000)
    again = demo._settings("postgres://c", "unix://d", 8001)
    kept = {name for name in first if first[name] == again[name]}
    assert {"SECRET_KEY", "ENCRYPTION_KEYS", "DEMO_ADMIN_PASSWORD", "DEMO_BOT_TOKEN"} <= kept
    assert again["PUBLIC_URL"] == "http://127.0.0.1:8001"
    assert (tmp_path / "env").stat().st_mode & 0o077 == 0
