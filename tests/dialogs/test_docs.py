"""The pages about scenarios are true: every kind, setting, action, text, variable and finding is there, and the examples run."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.engine.problems import ScriptError
from dialogs.engine.rendering import KNOWN_VARIABLES
from dialogs.engine.script import SETTINGS, load
from dialogs.engine.steps import KINDS
from dialogs.engine.steps.action import ACTIONS
from dialogs.engine.steps.branch import FLAGS, WORDS
from dialogs.engine.texts import DEFAULT_TEXTS
from dialogs.engine.validation import check
from tests.dialogs.engine.play import Play, script

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = (ROOT / "docs/scenarios.md").read_text(encoding="utf-8")
NEW_KIND = (ROOT / "docs/how-to-add-a-step-kind.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return what stands under a heading, up to the next one."""
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^##+ |\Z)", SCENARIOS, re.M | re.S)
    assert found, f"no heading {title!r}"
    return found[1]


def settings_in(text: str) -> set[str]:
    """Return the names in the first column of the tables headed Setting."""
    rows = re.findall(r"^\| (`.*?`) \|", text.split("| Action |")[0], re.M)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_of_every_kind_is_documented_and_no_other(kind: str) -> None:
    assert settings_in(section(kind)) == set(KINDS[kind].asks)


def test_the_file_s_own_settings_are_shown() -> None:
    assert all(re.search(rf"^{name}:", SCENARIOS, re.M) for name in SETTINGS)


@pytest.mark.parametrize(
    ("title", "names"), [("action", ACTIONS), ("branch", (*FLAGS, *WORDS)), ("Texts", tuple(DEFAULT_TEXTS))]
)
def test_every_name_is_documented(title: str, names: tuple[str, ...]) -> None:
    assert {name for name in names if f"`{name}`" not in section(title)} == set()


def test_every_variable_is_documented() -> None:
    assert {name for name in KNOWN_VARIABLES if f"{{{{{name}}}}}" not in section("Variables")} == set()


def test_every_finding_is_documented_with_its_cure_and_no_other() -> None:
    sources = [*(ROOT / "dialogs/engine").rglob("*.py"), ROOT / "dialogs/drafts.py"]
    codes = {code for path in sources for code in re.findall(r'Problem\(\s*"([a-z-]+)"', path.read_text())}
    assert set(re.findall(r"^\| `([a-z-]+)` \| .+ \| .+ \|$", section("What publishing refuses"), re.M)) == codes


def test_every_command_named_exists() -> None:
    commands = {path.stem for path in (ROOT / "dialogs/management/commands").glob("*.py")}
    assert set(re.findall(r"manage\.py (\w+)", SCENARIOS)) <= commands


def test_the_example_is_fit_to_be_published() -> None:
    example = re.search(r"```yaml\n(.*?)```", SCENARIOS, re.S)
    assert example
    assert check(load(yaml.safe_load(example[1]))) == []


def test_the_new_kind_of_the_page_works_as_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = re.search(r"```python\n(.*?)```", NEW_KIND, re.S)
    assert source
    raw: dict[str, Any] = {"kind": "rate", "text": "Оценка?", "next": "phone", "timeout": "1h", "on_timeout": "silent"}
    with pytest.raises(ScriptError, match="unknown-kind"):
        load(script({"mark": raw}))
    (tmp_path / "rate_of_the_page.py").write_text(source[1], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(KINDS, "rate", importlib.import_module("rate_of_the_page").Rate)
    assert check(load(script({"mark": raw}, start="mark"))) == []
    play = Play(script({"mark": raw}, start="mark")).start()
    assert [key.text for key in play.keys] == ["1", "2", "3", "4", "5"]
    assert play.says("семь", "statement").text.endswith("\n\nОценка?")
    play.press("mark:4")
    assert play.state.values["mark"] == "4" and play.text == "Ваш номер?"


def test_every_file_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:dialogs|tests|docs)/[\w./-]+)`", NEW_KIND)) - {"dialogs/engine/steps/rate.py"}
    assert len(named) > 8
    assert {name for name in named if not (ROOT / name).exists()} == set()
