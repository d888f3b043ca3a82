"""Talk to a draft in the browser: nothing is written, time is skipped by a button, state and effects are shown after each turn.

Where the dialogue stands travels in the page, signed: the server remembers nothing between two turns.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import yaml
from django.core import signing
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogs import surroundings
from dialogs.admin.findings import in_words
from dialogs.drafts import compile_draft, problems_of
from dialogs.engine.effects import Effect, Say
from dialogs.engine.problems import LoopLimitExceeded, Problem, ScriptError
from dialogs.engine.script import load
from dialogs.models import Scenario
from dialogs.prompts.choice import versions_of_scenario
from dialogs.prompts.expanding import expanded, wordings_of
from dialogs.simulator import Moment, Simulation, Simulator
from dialogs.words import timer_words

SALT = "dialogs.simulator"
CLOCK = "⏱"  # begins the name of a moment that a timer brought
MAX_TEXT = 2_000  # characters a simulated customer may write at once


def respond(admin: Any, request: HttpRequest, scenario_id: int) -> HttpResponse:
    """GET: the empty room. POST: one turn, answered with a fragment that the page adds below."""
    scenario: Scenario | None = admin.get_queryset(request).filter(pk=scenario_id).first()
    if scenario is None:
        raise Http404
    if not admin.has_view_permission(request, scenario):
        raise PermissionDenied
    if request.method == "POST":
        return _turn(request, scenario)
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Simulator: %(title)s") % {"title": scenario.title},
        "opts": admin.opts,
        "scenario": scenario,
        "has_findings": bool(problems_of(compile_draft(scenario))),
        "token": _sealed(Simulation(timezone.now())),
    }
    return TemplateResponse(request, "admin/dialogs/scenario/simulator.html", context)


def _turn(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    before = _opened(request.POST.get("token", ""))
    surroundings.forget()  # an FAQ entry saved a second ago counts
    raw = compile_draft(scenario)
    try:
        simulator = Simulator(
            load(expanded(raw, wordings_of(versions_of_scenario(scenario)))),
            surroundings.look_around(timezone.now(), scenario.key),
        )
        after, moments = simulator.write(before, request.POST.get("text", "")[:MAX_TEXT])
    except (ScriptError, LoopLimitExceeded, KeyError) as error:
        return _broken(request, problems_of(raw), error)
    shown = [_shown(moment) for moment in moments]
    if shown and request.POST.get("text", "").startswith(">"):
        shown[0]["what"] = (
            request.POST.get("label") or shown[0]["what"]
        )  # a press shows the button's words, not its code
    context = {
        "moments": shown,
        "text": request.POST.get("text", ""),
        "sim": after,
        "timers": [(timer_words(timer.name), timer.due_at) for timer in after.timers],
        "state": _as_yaml(after),
        "token": _sealed(after),
    }
    return TemplateResponse(request, "admin/dialogs/scenario/simulator_turn.html", context)


def _broken(request: HttpRequest, problems: Sequence[Problem], error: Exception) -> HttpResponse:
    """A draft may lead nowhere or round in a circle: say what is wrong with it instead of what Python thinks of that."""
    if not problems:
        raise error
    return TemplateResponse(request, "admin/dialogs/scenario/simulator_broken.html", {"problems": in_words(problems)})


def _shown(moment: Moment) -> dict[str, Any]:
    rest = [effect for effect in moment.effects if not isinstance(effect, Say)]
    what = moment.what
    if what.startswith(CLOCK):
        what = f"{CLOCK} {timer_words(what.removeprefix(CLOCK).strip())}"
    return {"at": moment.at, "what": what, "said": moment.said, "effects": [_in_words(item) for item in rest]}


def _in_words(effect: Effect) -> str:
    facts = ", ".join(f"{name}={value}" for name, value in asdict(effect).items() if value not in ("", {}, None))
    return f"{type(effect).__name__}({facts})"


def _as_yaml(sim: Simulation) -> str:
    plain = json.loads(json.dumps(sim.state.to_json()))  # YAML knows no enums and tuples
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=60)


def _sealed(sim: Simulation) -> str:
    return signing.dumps(sim.to_json(), salt=SALT, compress=True)


def _opened(token: str) -> Simulation:
    try:
        return Simulation.from_json(signing.loads(token, salt=SALT))
    except signing.BadSignature as error:
        raise BadRequest("the simulator's state was changed on the way") from error
