"""The page of a survey: its questions in plain fields, what is wrong with them, and what any set of answers would give."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from content.words import PERSONAS, SEGMENTS
from dialogs.admin.draft_panel import findings
from dialogs.admin.findings import in_words
from dialogs.admin.survey_form import SurveyForms
from dialogs.drafts import compile_draft
from dialogs.engine.problems import Problem
from dialogs.engine.scoring import Result, Scoring
from dialogs.models import Step

PICK = "pick-"  # begins the name of a box that chooses an answer for the preview


def respond(admin: Any, request: HttpRequest, step_id: int) -> HttpResponse:
    """Show the page; save what was typed, or tell what the chosen answers would give by it."""
    step = admin.get_queryset(request).filter(pk=step_id, kind="survey").select_related("scenario").first()
    if step is None:
        raise Http404
    if not admin.has_view_permission(request, step):
        raise PermissionDenied
    if request.method != "POST":
        return _shown(admin, request, step, SurveyForms(step), step.config)
    forms = SurveyForms(step, request.POST)
    if not forms.is_valid():
        return _shown(admin, request, step, forms, step.config)
    config, text = forms.config(), forms.intro.cleaned_data["text"].strip()
    if "preview" in request.POST:
        return _shown(admin, request, step, forms, config)
    if not admin.has_change_permission(request, step):
        raise PermissionDenied
    step.config, step.text = config, text
    step.save(update_fields=["config", "text"])
    messages.success(request, _("The survey is saved in the draft. Publish the scenario to use it."))
    return HttpResponseRedirect(reverse("admin:dialogs_step_survey", args=[step.pk]))


def _shown(admin: Any, request: HttpRequest, step: Step, forms: SurveyForms, config: Mapping[str, Any]) -> HttpResponse:
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Survey: %(step)s") % {"step": step.key},
        "opts": admin.opts,
        "step": step,
        "forms": forms,
        "may_save": admin.has_change_permission(request, step),
        "problems": in_words(_problems(step, config)),
        **_preview(config, request),
    }
    return TemplateResponse(request, "admin/dialogs/step/survey.html", context)


def _problems(step: Step, config: Mapping[str, Any]) -> list[Problem]:
    raw = compile_draft(step.scenario)
    raw["steps"][step.key] = {**raw["steps"].get(step.key, {"kind": step.kind}), **config}
    return findings(raw).get(step.key, [])


def _preview(config: Mapping[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Return what the chosen answers give; without a choice, the first answer of each question is taken."""
    try:
        scoring = Scoring.parse(config)
    except (ValueError, TypeError, AttributeError):
        return {"picks": [], "result": None}
    chosen = {
        question.key: request.POST.get(PICK + question.key) or (question.answers[0].key if question.answers else "")
        for question in scoring.questions
    }
    picks = [(PICK + question.key, question, chosen[question.key]) for question in scoring.questions]
    return {"picks": picks, "result": _in_words(scoring.result(chosen))}


def _in_words(result: Result) -> dict[str, Any]:
    segments, personas = dict(SEGMENTS), dict(PERSONAS)
    return {
        "points": result.points,
        "segment": segments.get(result.segment, result.segment),
        "persona": personas.get(result.persona, result.persona),
    }
