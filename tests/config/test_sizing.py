"""What PostgreSQL is given of small and large machines."""

from pathlib import Path

import pytest
from django.db import connection

from config.embedded import CONFIGURATION
from config.sizing import MEGABYTE, configuration, memory_bytes, settings_for


@pytest.mark.parametrize(
    ("megabytes", "buffers"), [(256, "128MB"), (2_048, "512MB"), (8_192, "2048MB"), (262_144, "2048MB")]
)
def test_buffers_are_a_quarter_of_the_memory_within_bounds(megabytes: int, buffers: str) -> None:
    assert settings_for(megabytes * MEGABYTE)["shared_buffers"] == buffers


def test_a_container_is_not_promised_the_memory_of_its_machine(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    whole = memory_bytes(limit)
    limit.write_text("max\n")
    assert memory_bytes(limit) == whole
    limit.write_text(f"{128 * MEGABYTE}\n")
    assert memory_bytes(limit) == 128 * MEGABYTE


def test_the_server_of_the_wheel_runs_with_them(db: None) -> None:
    wanted = settings_for(memory_bytes())
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (folder,) = cursor.fetchone()
        ours = Path(folder) / CONFIGURATION
        if not ours.exists():
            pytest.skip("another server than our own")
        assert ours.read_text(encoding="ascii") == configuration(wanted)
        cursor.execute("SELECT count(*) FROM pg_file_settings WHERE sourcefile = %s AND applied", [str(ours)])
        assert cursor.fetchone() == (len(wanted),)
