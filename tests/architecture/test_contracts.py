"""The architecture is held by a machine: the house as it stands keeps every contract, and each deliberate breach is caught."""

import ast
import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

# The parts of the standard library that only compute.
PURE = {
    "__future__", "abc", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "decimal", "difflib",
    "enum", "fractions", "functools", "hashlib", "heapq", "itertools", "json", "math", "numbers", "operator", "re",
    "statistics", "string", "textwrap", "types", "typing", "unicodedata", "zoneinfo",
}  # fmt: skip

LAYERS, ENGINE, ROOMS, FOLDERS, CYCLES = "layers", "engine", "rooms", "folders", "cycles"
BREACHES = [
    # where, what is written there, which contract says no
    ("bot/breach.py", "import dialogs.models", LAYERS),
    ("bot/breach.py", "import crm.models", LAYERS),
    ("bot/breach.py", "import content.models", LAYERS),
    ("bot/breach.py", "import config.env", LAYERS),
    ("content/breach.py", "import bot.models", LAYERS),
    ("crm/breach.py", "import payments", LAYERS),
    ("crm/breach.py", "from dialogs import models", LAYERS),
    ("payments/breach.py", "import campaigns", LAYERS),
    ("campaigns/breach.py", "import dialogs.engine.reading", LAYERS),
    ("dialogs/breach.py", "import config.settings", LAYERS),
    ("dialogs/engine/breach.py", "import random", ENGINE),
    ("dialogs/engine/breach.py", "from time import monotonic", ENGINE),
    ("dialogs/engine/breach.py", "import logging", ENGINE),
    ("dialogs/engine/breach.py", "from django.utils import timezone", ENGINE),
    ("dialogs/engine/breach.py", "def now():\n    import os\n    return os.environ", ENGINE),
    ("dialogs/engine/breach.py", "import bot.messages", ENGINE),
    ("dialogs/engine/breach.py", "from dialogs.understanding import anything", ENGINE),
    ("dialogs/breach.py", "import bot.tasks", ROOMS),
    ("dialogs/breach.py", "from crm.bitrix24.client import Client", ROOMS),
    ("crm/breach.py", "from bot import tasks", ROOMS),
    ("bot/breach.py", "import httpx", FOLDERS),
    ("crm/breach.py", "import telegram", FOLDERS),
    ("dialogs/breach.py", "import openai", FOLDERS),
    ("crm/breach.py", "from b24pysdk import Client", FOLDERS),
    ("crm/breach.py", "import aiogram", FOLDERS),
    ("bot/breach.py", "from tests.emulators import server", FOLDERS),
    ("crm/bitrix24/breach.py", "import phonenumbers", FOLDERS),
]


def packages() -> list[str]:
    """Return the rooms of the house: the top-level packages that are not the tests."""
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house to break things in."""
    skip = shutil.ignore_patterns("__pycache__", "*.pyc", "static", "locale", "templates")
    for name in packages():
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    (tmp_path / "tests" / "architecture").mkdir(parents=True)
    for name in ("tests/__init__.py", "tests/architecture/__init__.py", "tests/architecture/contracts.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint_imports(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "lint-imports"), "--no-cache", *(f"--contract={name}" for name in contracts)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_house_as_it_stands_keeps_every_contract() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("where", "written", "contract"), BREACHES)
def test_a_deliberate_breach_is_caught(house: Path, where: str, written: str, contract: str) -> None:
    (house / where).write_text(f"{written}\n")
    done = lint_imports(house, contract)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_a_cycle_between_siblings_is_caught(house: Path) -> None:
    (house / "bot/egg.py").write_text("import bot.hen\n")
    (house / "bot/hen.py").write_text("import bot.egg\n")
    assert lint_imports(house, CYCLES).returncode == 1


def test_every_room_has_a_layer() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    named = contracts["importlinter"]["root_packages"].split()
    layers = contracts["importlinter:contract:layers"]["layers"].replace("|", " ").split()
    assert sorted(named) == packages()
    assert sorted(layers) == packages()


def engine_calls(path: Path) -> set[str]:
    calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {func.id for func in calls if isinstance(func, ast.Name)}


def engine_files() -> list[Path]:
    return sorted((ROOT / "dialogs" / "engine").rglob("*.py"))


def imported_by(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else str(node.module))
    return names


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: path.name)
def test_the_engine_imports_only_itself_and_what_computes(path: Path) -> None:
    outside = {name for name in imported_by(path) if not f"{name}.".startswith("dialogs.engine.")}
    assert {name.split(".")[0] for name in outside} <= PURE
    assert not engine_calls(path) & {"open", "print", "input", "exec", "eval", "__import__"}


@pytest.mark.parametrize(
    "written", ["dt.datetime.now(dt.UTC)", "dt.datetime.utcnow()", "dt.datetime.today()", "dt.date.today()"]
)
def test_the_engine_may_not_ask_what_time_it_is(written: str) -> None:
    source = f'"""A breach."""\n\nimport datetime as dt\n\nmoment = (dt, {written})\n'
    command = [str(BIN / "ruff"), "check", "--stdin-filename", "dialogs/engine/breach.py", "-"]
    done = subprocess.run(command, cwd=ROOT, input=source, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "TID251" in done.stdout
