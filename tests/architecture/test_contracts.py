"""The architecture is held by a machine: the house as it stands keeps every contract, and each deliberate breach is caught."""

import ast
import configparser
import re
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
    "statistics", "string", "textwrap", "types", "typing", "unicodedata", "zlib", "zoneinfo",
}  # fmt: skip

LAYERS, ENGINE, MENU, ROOMS, FOLDERS, CYCLES = "layers", "engine", "menu", "rooms", "folders", "cycles"
BREACHES = [
    # where, what is written there, which contract says no
    ("bot", "import dialogs.models", LAYERS),
    ("bot", "import crm.models", LAYERS),
    ("bot", "import content.models", LAYERS),
    ("bot", "import config.env", LAYERS),
    ("content", "import bot.models", LAYERS),
    ("crm", "import payments", LAYERS),
    ("crm", "from dialogs import models", LAYERS),
    ("payments", "import campaigns", LAYERS),
    ("campaigns", "import dialogs.engine.reading", LAYERS),
    ("dialogs", "import config.settings", LAYERS),
    ("dialogs/engine", "import random", ENGINE),
    ("dialogs/engine", "from time import monotonic", ENGINE),
    ("dialogs/engine", "import logging", ENGINE),
    ("dialogs/engine", "from django.utils import timezone", ENGINE),
    ("dialogs/engine", "def now():\n    import os\n    return os.environ", ENGINE),
    ("dialogs/engine", "import bot.messages", ENGINE),
    ("dialogs/engine", "from dialogs.understanding import anything", ENGINE),
    ("dialogs/engine", "import content.models", ENGINE),
    ("content/menu", "import random", MENU),
    ("content/menu", "from django.utils import timezone", MENU),
    ("content/menu", "from content.models import Product", MENU),
    ("dialogs", "import bot.tasks", ROOMS),
    ("dialogs", "from crm.bitrix24.client import Client", ROOMS),
    ("crm", "from bot import tasks", ROOMS),
    ("bot", "import httpx", FOLDERS),
    ("crm", "import telegram", FOLDERS),
    ("dialogs", "import openai", FOLDERS),
    ("crm", "from b24pysdk import Client", FOLDERS),
    ("crm", "import aiogram", FOLDERS),
    ("bot", "from tests.emulators import server", FOLDERS),
    ("crm/bitrix24", "import phonenumbers", FOLDERS),
]


def packages() -> list[str]:
    """Return the rooms of the house: the top-level packages that are not the tests."""
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said under each contract about a copy of the house with every breach in it, each in a file of its own."""
    house = copy_of_the_house(tmp_path_factory.mktemp("house"))
    for number, (where, written, _) in enumerate(BREACHES):
        (house / where / f"breach_{number}.py").write_text(f"{written}\n")
    (house / "bot/egg.py").write_text("import bot.hen\n")
    (house / "bot/hen.py").write_text("import bot.egg\n")
    done = lint_imports(house)
    assert done.returncode == 1, done.stdout
    _, _, broken = done.stdout.partition("Broken contracts")
    return {
        contract: under_the_title_of(contract, broken) for contract in (LAYERS, ENGINE, MENU, ROOMS, FOLDERS, CYCLES)
    }


def copy_of_the_house(folder: Path) -> Path:
    skip = shutil.ignore_patterns("__pycache__", "*.pyc", "static", "locale", "templates")
    for name in packages():
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    (folder / "tests" / "architecture").mkdir(parents=True)
    for name in ("tests/__init__.py", "tests/architecture/__init__.py", "tests/architecture/contracts.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def under_the_title_of(contract: str, report: str) -> str:
    """Return the part of the report between a contract's underlined title and the next one."""
    title = written_contracts()[f"importlinter:contract:{contract}"]["name"]
    _, _, rest = report.partition(f"\n{title}\n{'-' * len(title)}\n")
    return re.split(r"\n-{4,}\n", rest)[0]


def written_contracts() -> configparser.ConfigParser:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    return contracts


def test_the_house_as_it_stands_keeps_every_contract() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("number", "breach"), list(enumerate(BREACHES)), ids=[f"{where}: {what}" for where, what, _ in BREACHES]
)
def test_a_deliberate_breach_is_caught(complaints: dict[str, str], number: int, breach: tuple[str, str, str]) -> None:
    where, _, contract = breach
    module = f"{where.replace('/', '.')}.breach_{number}"
    assert re.search(rf"\b{module}\b", complaints[contract]), complaints[contract]


def test_a_cycle_between_siblings_is_caught(complaints: dict[str, str]) -> None:
    assert ".hen -> .egg" in complaints[CYCLES], complaints[CYCLES]


def test_every_room_has_a_layer() -> None:
    contracts = written_contracts()
    named = contracts["importlinter"]["root_packages"].split()
    layers = contracts["importlinter:contract:layers"]["layers"].replace("|", " ").split()
    assert sorted(named) == packages()
    assert sorted(layers) == packages()


def engine_calls(path: Path) -> set[str]:
    calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {func.id for func in calls if isinstance(func, ast.Name)}


def engine_files() -> list[Path]:
    """The engine, and the menu and the reckoning it prices a cart by."""
    rooms = [ROOT / "dialogs" / "engine", ROOT / "content" / "menu"]
    reckoning = [ROOT / "payments" / "shop" / name for name in ("quoting.py", "rewards.py")]
    return sorted([*(path for room in rooms for path in room.rglob("*.py")), *reckoning])


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
    inside = ("dialogs.engine.", "content.menu.", "payments.shop.quoting.", "payments.shop.rewards.")
    outside = {name for name in imported_by(path) if not f"{name}.".startswith(inside)}
    outside -= {"payments.shop"} if path.name == "quoting.py" else set()  # whose other half it is
    assert {name.split(".")[0] for name in outside} <= PURE
    assert not engine_calls(path) & {"open", "print", "input", "exec", "eval", "__import__"}


@pytest.mark.parametrize(
    "written", ["dt.datetime.now(dt.UTC)", "dt.datetime.utcnow()", "dt.datetime.today()", "dt.date.today()"]
)
def test_the_engine_may_not_ask_what_time_it_is(written: str) -> None:
    source = f'"""A breach."""\n\nimport datetime as dt\n\nmoment = (dt, {written})\n'
    command = [str(BIN / "ruff"), "check", "--stdin-filename", "dialogs/engine", "-"]
    done = subprocess.run(command, cwd=ROOT, input=source, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "TID251" in done.stdout
