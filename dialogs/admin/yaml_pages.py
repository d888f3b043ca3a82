"""A scenario as a file: out to the editor's disk, in as a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogs.admin.findings import in_words
from dialogs.drafts import export_yaml, import_draft, parse_yaml
from dialogs.engine.problems import Problem, ScriptError

MAX_BYTES = 1_000_000


def export_file(admin: Any, request: HttpRequest, scenario_id: int) -> HttpResponse:
    """Send the draft as YAML."""
    scenario = admin.get_queryset(request).filter(pk=scenario_id).first()
    if scenario is None:
        raise Http404
    if not admin.has_view_permission(request, scenario):
        raise PermissionDenied
    headers = {"Content-Disposition": f'attachment; filename="{scenario.key}.yaml"'}
    return HttpResponse(export_yaml(scenario), content_type="application/yaml; charset=utf-8", headers=headers)


def import_page(admin: Any, request: HttpRequest) -> HttpResponse:
    """Take a file or pasted text as the draft of the scenario it names; nothing is published by that."""
    if not (admin.has_add_permission(request) and admin.has_change_permission(request)):
        raise PermissionDenied
    problems: list[Problem] = []
    text = ""
    if request.method == "POST":
        try:
            text = _sent(request)
            scenario = import_draft(parse_yaml(text))
        except ScriptError as error:
            problems = error.problems
        else:
            messages.success(request, _("The draft of “%(title)s” is this file now.") % {"title": scenario.title})
            return HttpResponseRedirect(reverse("admin:dialogs_scenario_change", args=[scenario.pk]))
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Import a scenario"),
        "opts": admin.opts,
        "problems": in_words(problems),
        "text": text,
    }
    return TemplateResponse(request, "admin/dialogs/scenario/import.html", context)


def _sent(request: HttpRequest) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("text", "")
    if upload.size is None or upload.size > MAX_BYTES:
        raise ScriptError([Problem("too-large", "", _("the file is larger than 1 MB"), _("choose a scenario file"))])
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = Problem("bad-text", "", _("the file is not UTF-8 text"), _("save it as UTF-8"))
        raise ScriptError([problem]) from error
