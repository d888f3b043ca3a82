"""The draft of a scenario as rows, as the plain mapping the engine reads, and as YAML; one shape in all three."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import yaml
from django.db import transaction

from dialogs.engine.problems import Problem, ScriptError
from dialogs.engine.script import load
from dialogs.engine.validation import check
from dialogs.models import Choice, Scenario, Step
from dialogs.prompts.expanding import expanded, wordings_of

WORDING_MARK = "\n---\n"  # between the wordings of one text, in the editor's text field
INTENT_MARK = "@"  # a synonym such as @affirm is understood by meaning
_ROW_SETTINGS = ("kind", "text", "next", "choices")  # the rest of a step lives in its `config`


def compile_draft(scenario: Scenario) -> dict[str, Any]:
    """Return the draft as the engine's mapping; step order is kept, so the same draft gives the same bytes."""
    steps = {step.key: _compile_step(step) for step in scenario.steps.prefetch_related("choices")}
    return {"key": scenario.key, "title": scenario.title, "start": scenario.start, **scenario.settings, "steps": steps}


def _compile_step(step: Step) -> dict[str, Any]:
    compiled: dict[str, Any] = {"kind": step.kind}
    wordings = [part.strip() for part in step.text.replace("\r\n", "\n").split(WORDING_MARK) if part.strip()]
    if wordings:
        compiled["text"] = wordings[0] if len(wordings) == 1 else wordings
    if step.next:
        compiled["next"] = step.next
    compiled |= step.config
    choices = [_compile_choice(choice) for choice in step.choices.all()]
    return compiled | ({"choices": choices} if choices else {})


def _compile_choice(choice: Choice) -> dict[str, Any]:
    compiled: dict[str, Any] = {"key": choice.key, "text": choice.text, "next": choice.next}
    words = [word.strip() for word in choice.synonyms.split(",") if word.strip()]
    synonyms = [word for word in words if not word.startswith(INTENT_MARK)]
    intents = [word.removeprefix(INTENT_MARK) for word in words if word.startswith(INTENT_MARK)]
    return compiled | ({"synonyms": synonyms} if synonyms else {}) | ({"intents": intents} if intents else {})


def problems_of(raw: Mapping[str, Any], prompts: Mapping[str, int] | None = None) -> list[Problem]:
    """Return what keeps a script from being published; `prompts` are the versions it would use, the first ones unless told."""
    try:
        return check(load(expanded(raw, wordings_of(prompts or {}))))
    except ScriptError as error:
        return error.problems


def content_hash(raw: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a script's content."""
    return hashlib.sha256(json.dumps(raw, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def parse_yaml(text: str) -> dict[str, Any]:
    """Read a script file; raises `ScriptError` for what is no YAML mapping with a key."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ScriptError([Problem("bad-yaml", "", f"not readable as YAML: {error}", "mend the named line")]) from error
    if not isinstance(raw, dict) or not raw.get("key"):
        raise ScriptError([Problem("bad-yaml", "", "no scenario with a `key`", "start the file with `key: …`")])
    return raw


def export_yaml(scenario: Scenario) -> str:
    """Return the draft as a script file; `import_draft` of it gives the same draft."""
    return yaml.safe_dump(compile_draft(scenario), allow_unicode=True, sort_keys=False, width=110)


def import_draft(raw: Mapping[str, Any]) -> Scenario:
    """Replace the draft of the scenario named in `raw` (made if missing); raises `ScriptError` and changes nothing."""
    script = load(raw)  # a file that cannot even be read must not touch the rows
    extras = {name: value for name, value in raw.items() if name not in ("key", "title", "start", "steps")}
    with transaction.atomic(durable=False):
        scenario, _made = Scenario.objects.update_or_create(
            key=script.key, defaults={"title": script.title or script.key, "start": script.start, "settings": extras}
        )
        scenario.steps.all().delete()
        for order, (key, item) in enumerate(raw["steps"].items()):
            _store_step(scenario, str(key), item, order)
    return scenario


def _store_step(scenario: Scenario, key: str, raw: Mapping[str, Any], order: int) -> None:
    text = raw.get("text") or ""
    step = Step.objects.create(
        scenario=scenario,
        key=key,
        kind=raw["kind"],
        order=order,
        text=WORDING_MARK.join(text) if isinstance(text, list) else str(text),
        next=raw.get("next") or "",
        config={name: value for name, value in raw.items() if name not in _ROW_SETTINGS},
    )
    Choice.objects.bulk_create(
        Choice(
            step=step,
            key=item["key"],
            text=item["text"],
            next=item.get("next") or "",
            synonyms=", ".join([*item.get("synonyms", ()), *(INTENT_MARK + name for name in item.get("intents", ()))]),
            order=number,
        )
        for number, item in enumerate(raw.get("choices") or ())
    )
