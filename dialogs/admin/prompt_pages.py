"""Prompts in the back office: the list, one prompt with its versions, saving the next one, comparing two, activating."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.queries import visible_leads
from dialogs.admin.comparison import side_by_side
from dialogs.admin.prompt_words import WORDS, Words
from dialogs.engine.problems import ScriptError
from dialogs.models import Conversation, Scenario
from dialogs.portrait import portrait_of
from dialogs.prompts.catalogue import KINDS
from dialogs.prompts.files import Prompt, PromptError, PromptsReadOnly, file_name, fill, read, save_next, versions_of
from dialogs.publishing import NotPublished, activate_prompt

VIEW, CHANGE = "dialogs.view_scenario", "dialogs.change_scenario"
DIALOGUES = 20  # to choose from in a preview


@dataclass(frozen=True, slots=True)
class Line:
    """One prompt in the list."""

    name: str
    words: Words
    versions: list[int]
    used: list[tuple[Scenario, int]]
    problem: str


def list_page(request: HttpRequest) -> HttpResponse:
    """Show every prompt, which version each scenario uses, and what is wrong with it."""
    _insist(request, VIEW)
    scenarios = list(_published())
    lines = [_line(name, scenarios) for name in KINDS]
    return _page(request, "list", {"title": _("Prompts"), "lines": lines})


def _line(name: str, scenarios: list[Scenario]) -> Line:
    versions = versions_of(name)
    used = [(scenario, _used_by(scenario, name)) for scenario in scenarios]
    return Line(name, WORDS[name], versions, used, "; ".join(_problems(name, versions)))


def _problems(name: str, versions: list[int]) -> Iterator[str]:
    for version in versions or [1]:
        try:
            read(name, version)
        except PromptError as error:
            yield str(error)


def _published() -> Any:
    return Scenario.objects.filter(current__isnull=False).select_related("current").order_by("title")


def _used_by(scenario: Scenario, name: str) -> int:
    pins = scenario.current.prompts if scenario.current else {}
    return int(pins.get(name, {}).get("version", 1))


def prompt_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one version of a prompt, the newest unless told, ready to be edited into the next one."""
    _insist(request, VIEW)
    versions = _versions(name)
    return _show(request, name, _asked(request, "version", versions, versions[-1]))


def _show(
    request: HttpRequest, name: str, version: int, *, typed: str | None = None, problem: str = ""
) -> HttpResponse:
    prompt = _read_or_none(name, version)
    context = {
        "title": WORDS[name].title,
        "words": WORDS[name],
        "name": name,
        "version": version,
        "versions": versions_of(name),
        "file": file_name(name, version),
        "text": typed if typed is not None else (prompt.text if prompt else ""),
        "problem": problem or "; ".join(_problems(name, [version])),
        "kind": KINDS[name],
        "used": [(scenario, _used_by(scenario, name)) for scenario in _published()],
        "may_change": request.user.has_perm(CHANGE),
    }
    return _page(request, "page", context, status=400 if typed is not None else 200)


def _read_or_none(name: str, version: int) -> Prompt | None:
    try:
        return read(name, version)
    except PromptError:
        return None


@require_POST
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Write what was typed as the next version; nothing is used before it is activated."""
    _insist(request, CHANGE)
    versions = _versions(name)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    base = _asked(request, "base", versions, versions[-1])
    before = _read_or_none(name, base)
    if before is not None and before.text.strip() == text.strip():
        messages.info(request, _("Nothing was changed: no new version."))
        return _to(name, base)
    try:
        saved = save_next(name, text)
    except PromptsReadOnly as error:
        words = _("The prompts' folder cannot be written to: add the file with the next release. (%(error)s)")
        return _show(request, name, base, typed=text, problem=words % {"error": error})
    except PromptError as error:
        return _show(request, name, base, typed=text, problem=str(error))
    words = _("Saved as version %(version)d. It is used once you activate it.") % {"version": saved.version}
    messages.success(request, words)
    return _to(name, saved.version)


@require_POST
def activate(request: HttpRequest, name: str) -> HttpResponse:
    """Let new dialogues of one scenario use a version."""
    _insist(request, CHANGE)
    versions = _versions(name)
    version = _asked(request, "version", versions, versions[-1])
    pk = request.POST.get("scenario", "")
    scenario = _published().filter(pk=pk).first() if pk.isdigit() else None
    if scenario is None:
        raise Http404
    try:
        made = activate_prompt(scenario, name, version, author=request.user)  # type: ignore[arg-type]
    except (PromptError, NotPublished, ScriptError) as error:
        messages.error(request, str(error))
    else:
        told = {"title": scenario.title, "version": version, "number": made.number}
        words = _("New dialogues of “%(title)s” use version %(version)d (scenario version %(number)d).")
        messages.success(request, words % told)
    return _to(name, version)


def compare_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show two versions side by side: `?old=1&new=2`, the newest two unless told."""
    _insist(request, VIEW)
    versions = _versions(name)
    new = _asked(request, "new", versions, versions[-1])
    old = _asked(request, "old", versions, max((number for number in versions if number < new), default=new))
    before, after = _read_or_none(name, old), _read_or_none(name, new)
    context = {
        "title": _("Compare versions"),
        "name": name,
        "words": WORDS[name],
        "versions": versions,
        "old": old,
        "new": new,
        "lines": side_by_side(before.text if before else "", after.text if after else ""),
    }
    return _page(request, "compare", context)


def preview_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a version filled in with what is known of a real dialogue: the one asked for, else the latest."""
    _insist(request, VIEW)
    versions = _versions(name)
    version = _asked(request, "version", versions, versions[-1])
    latest = list(_dialogues(request).order_by("-updated_at", "-id")[:DIALOGUES])
    asked = request.GET.get("conversation", "")
    shown = _dialogues(request).filter(pk=asked).first() if asked.isdecimal() else next(iter(latest), None)
    if asked and shown is None:
        raise Http404
    prompt = _read_or_none(name, version)
    values = portrait_of(shown, now=timezone.now()) if shown is not None else {}
    context = {
        "title": _("Preview"),
        "name": name,
        "words": WORDS[name],
        "version": version,
        "versions": versions,
        "dialogues": latest,
        "shown": shown,
        "text": _filled(prompt, values) if prompt else "",
        "problem": "; ".join(_problems(name, [version])),
    }
    return _page(request, "preview", context)


def _filled(prompt: Prompt, values: dict[str, str]) -> str:
    """Fill in the whole text, or each wording by itself, as it would be said."""
    if not KINDS[prompt.name].is_for_people:
        return fill(prompt, values)
    sections = prompt.sections.items()
    return "\n\n".join(
        f"[{section}]\n" + "\n.\n".join(fill(prompt, values, text=text) for text in texts)
        for section, texts in sections
    )


def _dialogues(request: HttpRequest) -> Any:
    rows = Conversation.objects.select_related("customer", "chat__channel", "version__scenario", "lead")
    if not request.user.has_perm("dialogs.view_conversation"):
        return rows.none()  # who writes the texts need not know whom they are said to
    if request.user.has_perm("crm.see_every_lead"):
        return rows
    return rows.filter(lead__in=visible_leads(request.user))


def _versions(name: str) -> list[int]:
    if name not in KINDS:
        raise Http404
    return versions_of(name) or [1]


def _asked(request: HttpRequest, field: str, versions: list[int], otherwise: int) -> int:
    asked = request.POST.get(field) or request.GET.get(field) or ""
    number = int(asked) if asked.isdecimal() else otherwise
    if number not in versions:
        raise Http404
    return number


def _to(name: str, version: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('prompts_one', args=[name])}?version={version}")


def _insist(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    request.current_app = admin.site.name
    everywhere = admin.site.each_context(request)
    return TemplateResponse(request, f"admin/dialogs/prompts/{template}.html", {**everywhere, **context}, status=status)


def urls() -> list[URLPattern]:
    """Return the doors of these pages."""
    view = admin.site.admin_view
    return [
        path("", view(list_page), name="prompts"),
        path("<slug:name>/", view(prompt_page), name="prompts_one"),
        path("<slug:name>/save/", view(save), name="prompts_save"),
        path("<slug:name>/activate/", view(activate), name="prompts_activate"),
        path("<slug:name>/preview/", view(preview_page), name="prompts_preview"),
        path("<slug:name>/compare/", view(compare_page), name="prompts_compare"),
    ]
