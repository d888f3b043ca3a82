"""Is a script fit to be published? Every finding names the step and the cure."""

from collections.abc import Iterable, Iterator

from dialogs.engine import shortcuts
from dialogs.engine.problems import Problem
from dialogs.engine.rendering import is_known, variables_in
from dialogs.engine.script import LEADS_TO, Script
from dialogs.engine.steps import KINDS, Step
from dialogs.engine.steps.end import End
from dialogs.engine.steps.handover import Handover


def check(script: Script) -> list[Problem]:
    """Return what keeps `script` from being published; empty means fit."""
    if script.start not in script.steps:
        return [Problem("no-start", "", f"its first step {script.start!r} does not exist", "set `start` to a step")]
    problems = [problem for step in script.steps.values() for problem in step.problems()]
    problems += script.followups.problems()
    problems += _unknown_targets(script)
    problems += shortcuts.problems_of(script.shortcuts, {key: step.kind for key, step in script.steps.items()})
    problems += _unreachable(script)
    problems += _unknown_variables(script)
    problems += _circles(script)
    problems += _endless(script)
    return problems


def _followers(script: Script, step: Step) -> list[str]:
    return [key for key in step.targets() if key in script.steps]


def _unknown_targets(script: Script) -> Iterator[Problem]:
    if script.leads_to not in LEADS_TO:
        cure = f"use one of: {', '.join(LEADS_TO)}"
        yield Problem("bad-value", "", f"`leads_to` is {script.leads_to!r}", cure)
    if script.person and script.person not in script.steps:
        yield Problem("unknown-step", "", f"`person` leads to {script.person!r}", "name an existing step")
    for stage in script.stages:
        for key in stage.steps:
            if key not in script.steps:
                yield Problem("unknown-step", "", f"the stage {stage.key!r} names {key!r}", "name an existing step")
    for step in script.steps.values():
        for key in dict.fromkeys(step.targets()):
            if key not in script.steps:
                yield Problem(
                    "unknown-step", step.key, f"it leads to {key!r}, which does not exist", "name an existing step"
                )


def _reached(script: Script, first: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    waiting = [key for key in first if key in script.steps]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += _followers(script, script.steps[key])
    return seen


def _unreachable(script: Script) -> Iterator[Problem]:
    pressed = [item.target for item in script.shortcuts.by_data.values()]
    reached = _reached(script, [script.start, script.person, *pressed])
    for key in script.steps:
        if key not in reached:
            yield Problem("unreachable", key, "no step leads here", "lead to it from another step, or delete it")


def _unknown_variables(script: Script) -> Iterator[Problem]:
    texts = [(step.key, text) for step in script.steps.values() for text in step.texts()]
    texts += [("", text) for wordings in script.texts.values() for text in wordings]
    texts += [("", text) for text in script.followups.texts()]
    for key, text in texts:
        for name in variables_in(text):
            if not is_known(name):
                cure = "use customer.…, business.…, lead.…, value.<answer> or snippet.<key>"
                yield Problem("unknown-variable", key, f"{{{{{name}}}}} is not known", cure)


def _circles(script: Script) -> Iterator[Problem]:
    """Find loops that no step interrupts by waiting: such a turn would never end."""
    quick = {key: step for key, step in script.steps.items() if step.is_passed and not isinstance(step, End | Handover)}
    for key in quick:
        if key in _reached_through(script, quick, key):
            cure = "put a step that waits (ask, menu, wait) into the circle, or lead out of it"
            yield Problem("loop-without-input", key, "it comes back to itself without asking anybody anything", cure)


def _reached_through(script: Script, quick: dict[str, Step], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = _followers(script, script.steps[start])
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        if key in quick:
            waiting += _followers(script, quick[key])
    return seen


def _endless(script: Script) -> Iterator[Problem]:
    for key in script.steps:
        after = _reached(script, [key])
        if not any(isinstance(script.steps[name], End | Handover) for name in after):
            kinds = " or ".join(name for name in KINDS if name in ("end", "handover"))
            yield Problem("dead-end", key, "no way leads from here to an end", f"lead to a step of kind {kinds}")
