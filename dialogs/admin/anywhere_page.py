"""The page of what may be pressed at any step: the permanent keys under the chat, and the shortcuts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from dialogs.admin.draft_panel import findings
from dialogs.admin.findings import in_words
from dialogs.drafts import compile_draft
from dialogs.models import Scenario

Settings = dict[str, Any]


class KeyForm(forms.Form):
    """One permanent key; an empty row is passed over."""

    text = forms.CharField(label=_("button"), max_length=60, required=False, widget=UnfoldAdminTextInputWidget)
    pressed = forms.CharField(
        label=_("what it presses"), max_length=64, required=False, widget=UnfoldAdminTextInputWidget
    )
    gone = forms.BooleanField(label=_("remove"), required=False, widget=UnfoldBooleanWidget)


class ShortcutForm(forms.Form):
    """What one press means; an empty row is passed over."""

    pressed = forms.CharField(
        label=_("what is pressed"), max_length=64, required=False, widget=UnfoldAdminTextInputWidget
    )
    next = forms.ChoiceField(label=_("leads to"), required=False, widget=UnfoldAdminSelectWidget)
    show = forms.ChoiceField(label=_("or says aside"), required=False, widget=UnfoldAdminSelectWidget)
    words = forms.CharField(label=_("typed words"), max_length=300, required=False, widget=UnfoldAdminTextInputWidget)
    gone = forms.BooleanField(label=_("remove"), required=False, widget=UnfoldBooleanWidget)

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [(key, key) for key, kind in steps if kind == "say"]
        self.fields["next"].choices = [("", "—"), *((key, key) for key, _kind in steps)]  # type: ignore[attr-defined]
        self.fields["show"].choices = [("", "—"), *said]  # type: ignore[attr-defined]


Keys = forms.formset_factory(KeyForm, extra=1)
Shortcuts = forms.formset_factory(ShortcutForm, extra=1)


def respond(admin: Any, request: HttpRequest, scenario_id: int) -> HttpResponse:
    """Show the page, or save what was typed into the draft."""
    scenario = admin.get_queryset(request).filter(pk=scenario_id).first()
    if scenario is None:
        raise Http404
    if not admin.has_view_permission(request, scenario):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    keys, shortcuts = _forms(scenario, data)
    if data is not None and keys.is_valid() and shortcuts.is_valid():
        if not admin.has_change_permission(request, scenario):
            raise PermissionDenied
        scenario.settings = {**scenario.settings, **_settings(keys, shortcuts)}
        scenario.save(update_fields=["settings", "updated_at"])
        messages.success(request, _now("The buttons are saved in the draft. Publish the scenario to use them."))
        return HttpResponseRedirect(reverse("admin:dialogs_scenario_anywhere", args=[scenario.pk]))
    context = {
        **admin.admin_site.each_context(request),
        "title": _now("Buttons at any step: %(title)s") % {"title": scenario.title},
        "opts": admin.opts,
        "scenario": scenario,
        "tables": [
            (_now("Permanent buttons under the chat"), keys),
            (_now("What a press means at any step"), shortcuts),
        ],
        "may_save": admin.has_change_permission(request, scenario),
        "problems": in_words(findings(compile_draft(scenario)).get("", [])),
    }
    return TemplateResponse(request, "admin/dialogs/scenario/anywhere.html", context)


def _forms(scenario: Scenario, data: Mapping[str, Any] | None) -> tuple[Any, Any]:
    menu, pressed = scenario.settings.get("menu"), scenario.settings.get("shortcuts")
    keys = [{**item, "pressed": item.get("data")} for item in menu or () if isinstance(item, Mapping)]
    rows = [_row(name, item) for name, item in dict(pressed or {}).items() if isinstance(item, Mapping)]
    steps = list(scenario.steps.values_list("key", "kind"))
    return (
        Keys(data, prefix="menu", initial=keys),
        Shortcuts(data, prefix="shortcuts", initial=rows, form_kwargs={"steps": steps}),
    )


def _row(data: str, item: Mapping[str, Any]) -> Settings:
    words = item.get("words") or ()
    listed = words if isinstance(words, list) else [words]
    return {"pressed": data, "next": item.get("next"), "show": item.get("show"), "words": ", ".join(map(str, listed))}


def _settings(keys: Any, shortcuts: Any) -> Settings:
    menu = [
        {"text": row["text"], "data": row["pressed"]}
        for row in (form.cleaned_data for form in keys)
        if row and not row.get("gone") and (row["text"] or row["pressed"])
    ]
    pressed = {
        row["pressed"]: _shortcut(row)
        for row in (form.cleaned_data for form in shortcuts)
        if row and not row.get("gone") and row["pressed"]
    }
    return {"menu": menu, "shortcuts": pressed}


def _shortcut(row: Settings) -> Settings:
    words = [word.strip() for word in row["words"].split(",") if word.strip()]
    return {name: value for name, value in {"next": row["next"], "show": row["show"], "words": words}.items() if value}
