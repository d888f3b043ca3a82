"""check_scenario, import_scenario, export_scenario, load_preset, simulate: what they print, and that an error changes nothing."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from content.models import BusinessProfile, Faq
from dialogs.drafts import compile_draft
from dialogs.models import Scenario, ScenarioVersion, Step
from dialogs.preset_loading import script_file
from tests.dialogs.engine.play import ask, script

pytestmark = pytest.mark.django_db


def run(*command: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, no_color=True, **options)
    return out.getvalue()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return written(tmp_path, script())


@pytest.fixture
def unfit(tmp_path: Path) -> Path:
    return written(tmp_path, script({"phone": ask(next="nowhere")}))


def written(folder: Path, raw: dict[str, Any]) -> Path:
    path = folder / "script.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


# --- check_scenario


def test_a_good_file_is_called_good_and_nothing_is_imported(good: Path) -> None:
    assert "fit to be published" in run("check_scenario", good)
    assert not Scenario.objects.exists()


def test_a_bad_file_is_told_step_finding_and_cure_with_exit_status_one(unfit: Path) -> None:
    with pytest.raises(CommandError) as caught:
        run("check_scenario", unfit)
    assert "step 'phone': it leads to 'nowhere', which does not exist → name an existing step [unknown-step]" in str(
        caught.value
    )
    assert caught.value.returncode == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None, b"key: [", b"just words", b"key: x"])
def test_what_is_no_script_at_all_is_a_clear_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "script.yaml"
    if content is not None:
        path.write_bytes(content)
    for command in ("check_scenario", "import_scenario"):
        with pytest.raises(CommandError) as caught:
            run(command, path)
        assert str(caught.value)
    assert not Scenario.objects.exists()


def test_a_file_with_a_byte_order_mark_is_read(good: Path) -> None:
    good.write_bytes(b"\xef\xbb\xbf" + good.read_bytes())
    assert "fit" in run("check_scenario", good)


def test_the_shipped_files_are_fit() -> None:
    assert "fit" in run("check_scenario", script_file("first-contact"))


# --- import and export


def test_a_file_is_imported_as_a_draft_and_published_when_asked(good: Path) -> None:
    assert run("import_scenario", good) == "Draft of 'test' imported: 4 steps.\n"
    assert not ScenarioVersion.objects.exists()
    assert "Version 1 is current." in run("import_scenario", good, publish=True)


def test_an_unfit_file_is_imported_but_not_published(unfit: Path) -> None:
    with pytest.raises(CommandError, match="unknown-step"):
        run("import_scenario", unfit, publish=True)
    assert not ScenarioVersion.objects.exists()


def test_an_unreadable_file_leaves_the_draft_alone(good: Path, tmp_path: Path) -> None:
    run("import_scenario", good)
    before = compile_draft(Scenario.objects.get())
    with pytest.raises(CommandError, match="unknown-kind"):
        run("import_scenario", written(tmp_path, script({"phone": {"kind": "dance"}})))
    assert compile_draft(Scenario.objects.get()) == before


def test_what_goes_out_comes_back_the_same(good: Path, tmp_path: Path) -> None:
    run("import_scenario", good)
    exported = run("export_scenario", "test")
    again = tmp_path / "again.yaml"
    again.write_text(exported, encoding="utf-8")
    run("import_scenario", again)
    assert run("export_scenario", "test") == exported


@pytest.mark.parametrize("command", ["export_scenario", "simulate"])
def test_an_unknown_key_is_a_clear_error(command: str) -> None:
    with pytest.raises(CommandError, match="There is no scenario 'nowhere'"):
        run(command, "nowhere")


# --- load_preset


def test_a_preset_is_loaded_published_and_left_alone_the_second_time() -> None:
    assert run("load_preset", "first-contact") == "first-contact: version 1 is current.\n"
    Step.objects.filter(key="hello").update(text="Своё приветствие")
    Faq.objects.filter(key="hours").update(answer="Свой ответ")
    BusinessProfile.objects.update(name="Своё имя")
    assert "first-contact: version 1 is current." in run("load_preset").splitlines()
    assert Step.objects.get(scenario__key="first-contact", key="hello").text == "Своё приветствие"
    assert Faq.objects.get(scenario_key="first-contact", key="hours").answer == "Свой ответ"
    assert BusinessProfile.current().name == "Своё имя"


def test_an_unknown_preset_is_told_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match="first-contact"):
        run("load_preset", "nowhere")
    assert not Scenario.objects.exists()


# --- simulate


def test_a_draft_is_talked_to_in_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    run("load_preset", "first-contact")
    lines = iter(["Здравствуйте", "+2h", ""])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    shown = run("simulate", "first-contact")
    assert "🤖 Здравствуйте!" in shown and "⏱ timeout" in shown and "SettleLead" in shown
    assert "= step silent_end, ended" in shown


def test_quiet_shows_only_what_is_said_and_the_end_of_input_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run("load_preset", "first-contact")
    said = iter(["Здравствуйте"])

    def typed(_prompt: str) -> str:
        try:
            return next(said)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", typed)
    shown = run("simulate", "first-contact", quiet=True)
    assert "🤖" in shown and "StartTimer" not in shown and "= step" not in shown


def test_a_draft_that_cannot_be_read_is_told_before_the_talk() -> None:
    run("load_preset", "first-contact")
    Step.objects.filter(key="hello").update(kind="dance")
    with pytest.raises(CommandError, match="unknown-kind"):
        run("simulate", "first-contact")
