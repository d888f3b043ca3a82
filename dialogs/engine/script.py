"""A script as the engine runs it: frozen, made from the plain JSON of a version (the same shape as the YAML files).

key: first-contact
title: Первый контакт
start: hello
person: to_manager          # optional: where "call a person" leads
stop: end                   # optional: what "stop" ends, the dialogue (end) or only what we say unasked (stay)
leads_to: managers          # optional: leads are offered in the managers' chat before the rotation gives them
texts: {help: …}            # optional: replaces words of `dialogs.engine.texts`
menu: [{text: …, data: …}]  # optional: permanent keys under the chat
shortcuts: {data: {next: …}} # optional: what may be pressed at any step
stages: [{key: …, steps: […]}] # optional: the funnel, from its mouth to its end
steps:
  hello: {kind: say, text: …, next: phone}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine import shortcuts
from dialogs.engine.followups import NONE as NO_FOLLOWUPS
from dialogs.engine.followups import Followups
from dialogs.engine.problems import Problem, ScriptError
from dialogs.engine.shortcuts import Shortcuts
from dialogs.engine.steps import KINDS, Step
from dialogs.engine.steps.booking import Booking
from dialogs.engine.steps.catalogue import Catalogue
from dialogs.engine.steps.checkout import Checkout
from dialogs.engine.steps.payment import Payment
from dialogs.engine.texts import DEFAULT_TEXTS
from dialogs.engine.wordings import wordings_of

SETTINGS = (
    "key",
    "title",
    "start",
    "person",
    "stop",
    "followups",
    "leads_to",
    "texts",
    "menu",
    "shortcuts",
    "stages",
    "steps",
)
STOPS = ("end", "stay")
LEADS_TO = ("rotation", "managers")


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the funnel: who comes to one of its steps has reached it."""

    key: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """Steps by key, and what is said outside them."""

    key: str
    title: str
    start: str
    steps: Mapping[str, Step]
    texts: Mapping[str, tuple[str, ...]]
    person: str = ""
    stop: str = "end"
    followups: Followups = NO_FOLLOWUPS
    booking: Booking | None = None  # the step that hears about appointments wherever the dialogue stands
    till: Payment | None = None  # the step that hears about money wherever the dialogue stands
    shop: Catalogue | None = None  # the step that hears about orders wherever the dialogue stands
    checkout: Checkout | None = None
    leads_to: str = "rotation"  # one of LEADS_TO: who chooses the manager of a lead
    shortcuts: Shortcuts = shortcuts.NONE
    stages: tuple[Stage, ...] = ()

    def lasting(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return what of an earlier dialogue's values the next one knows from the beginning."""
        names = {name for step in self.steps.values() for name in step.lasting()}
        return {name: value for name, value in values.items() if name in names}

    def stage_of(self, step: str) -> int:
        """Return the number of the stage that `step` belongs to; -1 for none."""
        return next((number for number, stage in enumerate(self.stages) if step in stage.steps), -1)


def load(raw: Mapping[str, Any]) -> Script:
    """Build a script; raises `ScriptError` when it cannot even be read. Whether it is good is `validation.check`'s say."""
    problems: list[Problem] = [
        Problem("unknown-setting", "", f"there is no setting {name!r}", f"use: {', '.join(SETTINGS)}")
        for name in raw
        if name not in SETTINGS
    ]
    raw_steps = raw.get("steps")
    if not isinstance(raw_steps, Mapping):
        problems.append(Problem("no-steps", "", "it has no steps", "add `steps`, a mapping of key to step"))
        raw_steps = {}
    steps = {str(key): step for key, item in raw_steps.items() if (step := _step(str(key), item, problems))}
    own = _texts(raw.get("texts") or {}, problems)
    if (stop := str(raw.get("stop") or STOPS[0])) not in STOPS:
        problems.append(Problem("bad-value", "", f"`stop` is {stop!r}", f"write one of: {', '.join(STOPS)}"))
    followups = _followups(raw.get("followups"), problems)
    pressed, stages = shortcuts.parse(raw, problems), tuple(_stages(raw.get("stages") or (), problems))
    if problems:
        raise ScriptError(problems)
    return Script(
        key=str(raw.get("key") or ""),
        title=str(raw.get("title") or ""),
        start=str(raw.get("start") or next(iter(steps), "")),
        steps=steps,
        texts={**DEFAULT_TEXTS, **own},
        person=str(raw.get("person") or ""),
        stop=stop,
        followups=followups,
        booking=next((step for step in steps.values() if isinstance(step, Booking)), None),
        till=next((step for step in steps.values() if isinstance(step, Payment)), None),
        shop=next((step for step in steps.values() if isinstance(step, Catalogue)), None),
        checkout=next((step for step in steps.values() if isinstance(step, Checkout)), None),
        leads_to=str(raw.get("leads_to") or "rotation"),
        shortcuts=pressed,
        stages=stages,
    )


def _step(key: str, raw: Any, problems: list[Problem]) -> Step | None:
    if not isinstance(raw, Mapping) or raw.get("kind") not in KINDS:
        kind = raw.get("kind") if isinstance(raw, Mapping) else raw
        problems.append(
            Problem("unknown-kind", key, f"its kind is {kind!r}", f"set `kind` to one of: {', '.join(KINDS)}")
        )
        return None
    kind = KINDS[raw["kind"]]
    for name in raw:
        if name != "kind" and name not in kind.asks:
            cure = f"a `{kind.kind}` step knows: {', '.join(kind.asks)}"
            problems.append(Problem("unknown-setting", key, f"there is no setting {name!r}", cure))
    try:
        return kind.parse(key, raw)
    except (ValueError, TypeError, AttributeError) as error:
        problems.append(Problem("bad-value", key, str(error), "write the value as the documentation shows"))
        return None


def _followups(raw: Any, problems: list[Problem]) -> Followups:
    if not raw:
        return NO_FOLLOWUPS
    try:
        return Followups.parse(raw)
    except (ValueError, TypeError, AttributeError) as error:
        problems.append(Problem("bad-value", "", str(error), "write the value as the documentation shows"))
        return NO_FOLLOWUPS


def _stages(raw: Any, problems: list[Problem]) -> Iterator[Stage]:
    for item in raw if isinstance(raw, list | tuple) else [raw]:
        steps = item.get("steps") if isinstance(item, Mapping) else None
        if isinstance(item, Mapping) and item.get("key") and isinstance(steps, list | tuple):
            yield Stage(str(item["key"])[:32], tuple(map(str, steps)))
        else:
            cure = "write each stage as {key: …, steps: […]}"
            problems.append(Problem("bad-value", "", f"`stages` has {item!r}, which is no stage", cure))


def _texts(raw: Any, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    own: dict[str, tuple[str, ...]] = {}
    for name, value in raw.items() if isinstance(raw, Mapping) else ():
        if name not in DEFAULT_TEXTS:
            cure = f"use one of: {', '.join(DEFAULT_TEXTS)}"
            problems.append(Problem("unknown-text", "", f"there is no text {name!r}", cure))
        elif not (wordings := wordings_of(value)):
            problems.append(Problem("empty-text", "", f"the text {name!r} says nothing", "write it or leave it out"))
        else:
            own[name] = wordings
    return own
