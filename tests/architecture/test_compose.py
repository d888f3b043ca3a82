"""compose.yaml starts what the settings ask for: every queue has a worker, there is one beat, nothing names a missing file."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

ROOT = Path(__file__).parents[2]


def services() -> dict[str, Any]:
    compose: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return dict(compose["services"])


def test_every_queue_has_a_worker() -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    commands = [service.get("command", "") for service in services().values()]
    listened = {
        queue
        for command in commands
        if "--queues" in command
        for queue in command.partition("--queues ")[2].split()[0].split(",")
    }
    assert listened == routed


def test_there_is_one_beat_and_everything_waits_for_migrations() -> None:
    ours = {name: service for name, service in services().items() if service.get("image") == "otklik"}
    assert [name for name, service in ours.items() if " beat" in service["command"]] == ["beat"]
    waiting = {name for name, service in ours.items() if "migrate" in service["depends_on"]}
    assert waiting == set(ours) - {"migrate"}


def test_the_image_is_built_from_files_that_exist() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [line.split()[1] for line in dockerfile.splitlines() if line.startswith("COPY ") and "--" not in line]
    assert copied and all((ROOT / name).exists() for name in copied)


def test_a_prompt_saved_in_the_admin_is_read_by_every_worker() -> None:
    ours = {name: service for name, service in services().items() if service.get("image") == "otklik"}
    place = f"prompts:{ours['web']['environment']['PROMPTS_DIR']}"
    readers = {name for name, service in ours.items() if name == "web" or " worker" in service["command"]}
    assert all(place in ours[name]["volumes"] for name in readers)
    assert "saved-prompts" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
