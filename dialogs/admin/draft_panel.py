"""What a scenario's page shows below its form: the steps in order, each with what is wrong about it, and the versions."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from dialogs.admin.findings import Finding, in_words
from dialogs.drafts import WORDING_MARK, compile_draft, content_hash, problems_of
from dialogs.engine.problems import Problem
from dialogs.engine.shortcuts import parse as shortcuts_of
from dialogs.models import Scenario, Step
from dialogs.words import kind_words

VERSIONS = 10
ELSEWHERE = ("otherwise", "reopen")  # and whatever begins with "on_": the settings that name a step


@dataclass(frozen=True, slots=True)
class Line:
    """One step in the list."""

    step: Step
    kind: str
    text: str
    targets: list[str]
    problems: list[Finding]


def panel_of(scenario: Scenario) -> dict[str, Any]:
    """Return the template's context."""
    raw = compile_draft(scenario)
    by_step = findings(raw)
    published = scenario.current
    return {
        "lines": [_line(step, by_step.get(step.key, [])) for step in scenario.steps.prefetch_related("choices")],
        "anywhere": _anywhere(raw),
        "general_problems": in_words(by_step.get("", [])),
        "problem_count": sum(len(problems) for problems in by_step.values()),
        "versions": scenario.versions.select_related("author").order_by("-number")[:VERSIONS],
        "is_published": published is not None and published.content_hash == content_hash(raw),
        "published": published,
    }


def _anywhere(raw: dict[str, Any]) -> list[dict[str, str]]:
    """Return what may be pressed at any step: its key under the chat or its typed words, the data, where it leads."""
    shortcuts = shortcuts_of(raw, [])
    labels = {key.data: key.text for key in shortcuts.menu}
    every = dict.fromkeys([*labels, *shortcuts.by_data])
    return [
        {
            "label": labels.get(data) or ", ".join(words),
            "data": data,
            "target": shortcut.target if shortcut else data.partition(":")[0],
        }
        for data in every
        for shortcut in [shortcuts.by_data.get(data)]
        for words in [shortcut.words if shortcut else ()]
    ]


def findings(raw: dict[str, Any]) -> dict[str, list[Problem]]:
    """Return what keeps the draft from being published, by step; "" holds what is wrong with the whole."""
    by_step: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems_of(raw):
        by_step[problem.step if problem.step in raw["steps"] else ""].append(problem)
    return by_step


def _line(step: Step, problems: list[Problem]) -> Line:
    targets = [step.next, *(choice.next for choice in step.choices.all())]
    branches = step.config.get("rules") or ()
    targets += [str(rule.get("next", "")) for rule in branches if isinstance(rule, dict)]
    targets += [str(value) for name, value in step.config.items() if name in ELSEWHERE or name.startswith("on_")]
    first = step.text.split(WORDING_MARK)[0]
    return Line(
        step, kind_words(step.kind), first, [target for target in dict.fromkeys(targets) if target], in_words(problems)
    )
