"""The docs are under test: every command, setting, metric and check is explained, and every link leads somewhere."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import find_commands

from config.env import ROOT, Env
from config.probes import HELP

DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands() -> list[str]:
    ours = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT / config.label)]
    return sorted(name for config in ours for name in find_commands(str(Path(config.path) / "management")))


def sources() -> str:
    rooms = ("bot", "campaigns", "config", "content", "crm", "dialogs", "payments")
    return "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in sorted((ROOT / room).rglob("*.py")))


def test_there_are_commands_to_explain() -> None:
    assert {"backup", "connect", "doctor", "simulate"} <= set(commands())


@pytest.mark.parametrize("name", commands())
def test_every_command_is_explained(name: str) -> None:
    assert re.search(rf"`{name}\b", text("commands.md")), f"docs/commands.md does not mention {name}"


def test_no_command_is_explained_that_does_not_exist() -> None:
    named = set(re.findall(r"^\| `([a-z_]+)", text("commands.md"), re.MULTILINE))
    assert named <= set(commands())


def test_every_setting_has_a_line_and_every_line_a_setting() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.split("=")[0] for line in lines if re.match(r"[A-Z0-9_]+=", line)}
    assert named == {name.upper() for name in Env.model_fields}


def test_every_check_is_in_the_table_of_operations() -> None:
    found = set(re.findall(r"otklik\.[EW]\d{3}", (ROOT / "config" / "checks.py").read_text(encoding="utf-8")))
    assert found
    assert found == set(re.findall(r"otklik\.[EW]\d{3}", text("operations.md")))


def test_every_metric_is_in_the_table_of_operations() -> None:
    counters = {f"otklik_{name}_total" for name in re.findall(r'metrics\.count\(\s*"(\w+)"', sources())}
    gauges = {f"otklik_{name}" for name in HELP}
    assert len(counters) > 4
    assert {
        name.split("{")[0] for name in re.findall(r"^\| `(otklik_[^`]+)`", text("operations.md"), re.MULTILINE)
    } == (counters | gauges)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = {
        str((page.parent / link).resolve().relative_to(ROOT)) for link in links if not (page.parent / link).exists()
    }
    assert not missing
