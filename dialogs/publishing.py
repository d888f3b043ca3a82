"""From draft to version: checked, frozen, numbered; and back to an earlier one."""

from functools import lru_cache
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from dialogs.drafts import compile_draft, content_hash, import_draft, problems_of
from dialogs.engine.problems import ScriptError
from dialogs.engine.script import Script, load
from dialogs.models import Scenario, ScenarioVersion
from dialogs.prompts.choice import Pins, numbers_of, pins_after
from dialogs.prompts.expanding import expanded, wordings_of


class NotPublished(Exception):
    """Only a published scenario has prompts to choose."""


def publish(scenario: Scenario, *, author: AbstractBaseUser | None = None, note: str = "") -> ScenarioVersion:
    """Freeze the draft as the next version and make it current; raises `ScriptError` with every finding.

    A draft equal to the current version makes no new one. Dialogues under way stay on theirs.
    """
    with transaction.atomic():
        # The scenario's row orders two who press Publish at once: no number twice, and no older draft on top of a newer.
        locked = Scenario.objects.select_for_update().get(pk=scenario.pk)
        raw = compile_draft(locked)
        pins = pins_after(locked.current.prompts if locked.current else None)
        if problems := problems_of(raw, numbers_of(pins)):
            raise ScriptError(problems)
        if locked.current is not None and locked.current.content_hash == content_hash(raw):
            return locked.current
        return _freeze(locked, raw, pins, author=author, note=note)


def activate_prompt(
    scenario: Scenario, name: str, version: int, *, author: AbstractBaseUser | None = None
) -> ScenarioVersion:
    """Publish the current script again with another version of a prompt; raises `PromptError` for one that cannot be used,
    `ScriptError` for one this script cannot speak.

    The draft is left alone, and dialogues under way keep the prompts of their own version.
    """
    with transaction.atomic():
        # Two who activate at once: the second starts from what the first has published.
        locked = Scenario.objects.select_for_update(of=("self",)).select_related("current").get(pk=scenario.pk)
        if locked.current is None:
            raise NotPublished(f"scenario {locked.key!r} has no published version")
        chosen = locked.current.prompts.get(name, {}).get("version", 1)
        if chosen == version and name in locked.current.prompts:
            return locked.current
        pins = pins_after(locked.current.prompts, {name: version})
        if problems := problems_of(locked.current.compiled, numbers_of(pins)):
            raise ScriptError(problems)
        note = f"{name}: v{chosen} → v{version}"
        return _freeze(locked, locked.current.compiled, pins, author=author, note=note)


def roll_back(version: ScenarioVersion, *, author: AbstractBaseUser | None = None) -> ScenarioVersion:
    """Publish an earlier version again as the newest, and make the draft equal to it."""
    with transaction.atomic():
        import_draft(version.compiled)
        locked = Scenario.objects.select_for_update().get(pk=version.scenario_id)
        pins = pins_after(version.prompts)
        return _freeze(locked, version.compiled, pins, author=author, note=f"rolled back to v{version.number}")


def _freeze(
    scenario: Scenario, raw: dict[str, Any], prompts: Pins, *, author: AbstractBaseUser | None, note: str
) -> ScenarioVersion:
    last = scenario.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ScenarioVersion.objects.create(
        scenario=scenario,
        number=last + 1,
        compiled=raw,
        content_hash=content_hash(raw),
        prompts=prompts,
        author_id=_pk(author),
        note=note,
    )
    Scenario.objects.filter(pk=scenario.pk).update(current=version)
    return version


def _pk(author: AbstractBaseUser | None) -> int | None:
    return None if author is None else int(author.pk)


@lru_cache(maxsize=512)
def script_of(version_id: int) -> Script:
    """Return the script of a version. A version never changes, so the memory of a process is as good as the table."""
    compiled, pins = ScenarioVersion.objects.values_list("compiled", "prompts").get(pk=version_id)
    return load(expanded(compiled, wordings_of(numbers_of(pins))))
