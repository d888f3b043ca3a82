"""Which version of a prompt a dialogue uses: chosen with its scenario's version, kept as long as it runs."""

from pathlib import Path

import pytest
from django.core import checks
from pytest_django import Settings

from config.doctor import examine
from dialogs.drafts import import_draft
from dialogs.models import Scenario, ScenarioVersion, Step
from dialogs.prompts.choice import prompt_for, tampered, versions_used_by
from dialogs.prompts.files import MissingPrompt, save_next
from dialogs.publishing import NotPublished, activate_prompt, publish, roll_back
from tests.dialogs.engine.play import ask, script

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def saved(tmp_path: Path, settings: Settings) -> Path:
    """The shipped prompts, and a place for new ones that belongs to the test."""
    settings.PROMPTS_DIR = tmp_path
    return tmp_path


@pytest.fixture
def scenario() -> Scenario:
    return import_draft(script({"phone": ask()}, title="Проба"))


def test_a_published_scenario_begins_with_the_first_versions(scenario: Scenario) -> None:
    version = publish(scenario)
    assert set(versions_used_by(version.pk).values()) == {1}
    assert prompt_for(version.pk, "summarizer").text.startswith("Составь сводку")


def test_a_saved_version_is_used_only_once_it_is_activated_and_only_by_later_dialogues(scenario: Scenario) -> None:
    first = publish(scenario)
    save_next("summarizer", "Коротко о {{customer_name}}.")
    assert prompt_for(first.pk, "summarizer").version == 1
    second = activate_prompt(scenario, "summarizer", 2)
    assert (second.number, second.compiled, second.note) == (2, first.compiled, "summarizer: v1 → v2")
    assert prompt_for(second.pk, "summarizer").text == "Коротко о {{customer_name}}.\n"
    assert prompt_for(first.pk, "summarizer").version == 1
    scenario.refresh_from_db()
    assert scenario.current == second
    assert activate_prompt(scenario, "summarizer", 2) == second  # twice is once


def test_the_draft_may_be_half_written_when_a_prompt_is_activated(scenario: Scenario) -> None:
    publish(scenario)
    Step.objects.filter(key="phone").update(text="")
    save_next("summarizer", "Коротко.")
    assert activate_prompt(scenario, "summarizer", 2).compiled["steps"]["phone"]["text"] == "Ваш номер?"


def test_the_choice_goes_on_to_the_next_versions_and_back_with_an_old_one(scenario: Scenario) -> None:
    first = publish(scenario)
    save_next("summarizer", "Коротко.")
    activate_prompt(scenario, "summarizer", 2)
    Step.objects.filter(key="phone").update(text="Телефон?")
    scenario.refresh_from_db()
    assert versions_used_by(publish(scenario).pk)["summarizer"] == 2
    assert versions_used_by(roll_back(first).pk)["summarizer"] == 1


def test_what_cannot_be_used_is_not_activated(scenario: Scenario, saved: Path) -> None:
    with pytest.raises(NotPublished, match="no published version"):
        activate_prompt(scenario, "summarizer", 1)
    publish(scenario)
    with pytest.raises(MissingPrompt, match=r"summarizer-v9\.txt"):
        activate_prompt(scenario, "summarizer", 9)
    assert ScenarioVersion.objects.count() == 1


def test_a_version_from_before_there_were_prompts_uses_the_first(scenario: Scenario) -> None:
    version = publish(scenario)
    ScenarioVersion.objects.filter(pk=version.pk).update(prompts={})
    versions_used_by.cache_clear()
    assert prompt_for(version.pk, "followups").version == 1
    save_next("summarizer", "Коротко.")
    scenario.refresh_from_db()
    assert versions_used_by(activate_prompt(scenario, "summarizer", 2).pk)["summarizer"] == 2


def test_a_used_file_that_was_changed_or_lost_is_found_by_the_doctor(scenario: Scenario, saved: Path) -> None:
    publish(scenario)
    save_next("summarizer", "Коротко.")
    activate_prompt(scenario, "summarizer", 2)
    assert list(tampered()) == []
    (saved / "summarizer-v2.txt").write_text("Иначе, и длиннее.")
    assert [found.file for found in tampered()] == ["summarizer-v2.txt"]
    (saved / "summarizer-v2.txt").unlink()
    bad = [
        finding.what for finding in examine(with_network=False) if finding.what.startswith("prompt") and not finding.ok
    ]
    assert bad == ["prompt summarizer-v2.txt"]


def test_a_missing_or_broken_prompt_is_told_at_start(saved: Path, settings: Settings) -> None:
    (saved / "followups-v2.txt").write_text("[24 cold]\nПривет, {{nobody}}!")
    told = [str(message.msg) for message in checks.run_checks() if message.id == "otklik.E012"]
    assert len(told) == 1 and told[0].startswith("followups-v2.txt: {{nobody}} is not known here")
    settings.BASE_DIR = saved
    assert {str(message.msg) for message in checks.run_checks() if message.id == "otklik.E012"} >= {
        f"{name}.txt is not in {saved}" for name in ("system_manager", "safety_policies")
    }
