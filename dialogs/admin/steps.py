"""One step of a draft: its words, what follows, its buttons, and what is wrong with it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminSelectWidget

from bot.backoffice.pages import OfficeAdmin
from dialogs.admin import survey_page
from dialogs.admin.draft_panel import findings
from dialogs.admin.findings import in_words
from dialogs.admin.yaml_field import YamlField
from dialogs.drafts import compile_draft
from dialogs.engine.steps import KINDS
from dialogs.models import Choice, Scenario, Step
from dialogs.words import kind_words

OWN_FIELDS = ("kind", "text", "next", "choices")  # rows and fields of their own, never in `config`


def kinds() -> list[tuple[str, str]]:
    """Return the kinds to choose from: the word, and the code that the YAML has."""
    return [(kind, f"{kind_words(kind)} ({kind})") for kind in KINDS]


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    """The kind decides which settings there are; the steps of the scenario are the places to go."""

    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=kinds, widget=UnfoldAdminSelectWidget)
    config = YamlField(label=capfirst(_("settings")))

    class Meta:
        model = Step
        fields = ("kind", "config")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "next" in self.fields:
            self.fields["next"].widget = UnfoldAdminSelectWidget(choices=targets(self._scenario_id()))
        if "text" in self.fields:
            self.fields["text"].help_text = _("Several wordings: part them by a line of three dashes.")
        kind = KINDS.get(self.instance.kind)
        if kind and "config" in self.fields:
            names = ", ".join(name for name in kind.asks if name not in OWN_FIELDS)
            self.fields["config"].help_text = _("This kind knows: %(names)s.") % {"names": names or "—"}

    def _scenario_id(self) -> int | None:
        if self.instance.scenario_id:
            return int(self.instance.scenario_id)
        chosen = str(self.initial.get("scenario") or self.data.get("scenario") or "")
        return int(chosen) if chosen.isdigit() else None

    def clean_config(self) -> dict[str, Any]:
        """Refuse settings that have a field or rows of their own."""
        config: dict[str, Any] = self.cleaned_data["config"]
        if doubled := [name for name in config if name in OWN_FIELDS]:
            raise forms.ValidationError(_("Set these above or below: %(names)s."), params={"names": ", ".join(doubled)})
        return config


def targets(scenario_id: int | None) -> list[tuple[str, str]]:
    """Return the steps of a scenario to go to."""
    keys = Step.objects.filter(scenario_id=scenario_id or 0).values_list("key", flat=True)
    return [("", "—"), *((key, key) for key in keys)]


class ChoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A button leads to one of the steps."""

    class Meta:
        model = Choice
        fields = ()

    def __init__(self, *args: Any, scenario_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next"].widget = UnfoldAdminSelectWidget(choices=targets(scenario_id))


class ChoiceInline(TabularInline):
    """The buttons of a menu."""

    model = Choice
    form = ChoiceForm
    extra = 0
    fields = ("key", "text", "next", "synonyms", "order")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        scenario_id = obj.scenario_id if obj else None

        class ForScenario(formset):  # type: ignore[misc, valid-type]
            """Tells every row whose steps it may lead to."""

            def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
                return {**super().get_form_kwargs(index), "scenario_id": scenario_id}

        return ForScenario


@admin.register(Step)
class StepAdmin(OfficeAdmin):
    """Reached from its scenario, and goes back there."""

    form = StepForm
    inlines = (ChoiceInline,)
    list_display = ("key", "kind", "scenario", "order")
    list_select_related = ("scenario",)
    list_filter = ("scenario",)
    change_form_outer_before_template = "admin/dialogs/step/findings.html"
    fields = ("scenario", "key", "kind", "order", "text", "next", "config")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("scenario",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[Any, ...]:
        return self.inlines if obj and obj.kind == "menu" else ()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        step = self.get_object(request, object_id)
        found = [] if step is None else findings(compile_draft(step.scenario)).get(step.key, [])
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "step_problems": in_words(found)}
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.survey_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:step_id>/survey/", view, name="dialogs_step_survey"), *urls]

    def survey_view(self, request: HttpRequest, step_id: int) -> HttpResponse:
        return survey_page.respond(self, request, step_id)

    def response_post_save_change(self, request: HttpRequest, obj: Step) -> HttpResponse:
        return HttpResponseRedirect(scenario_url(obj.scenario))

    def response_post_save_add(self, request: HttpRequest, obj: Step) -> HttpResponse:
        return HttpResponseRedirect(scenario_url(obj.scenario))

    def response_add(self, request: HttpRequest, obj: Step, post_url_continue: str | None = None) -> HttpResponse:
        if obj.kind == "menu" and "_popup" not in request.POST:  # its buttons come next
            return HttpResponseRedirect(reverse("admin:dialogs_step_change", args=[obj.pk]))
        if obj.kind == "survey" and "_popup" not in request.POST:  # its questions come next
            return HttpResponseRedirect(reverse("admin:dialogs_step_survey", args=[obj.pk]))
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        return response


def scenario_url(scenario: Scenario) -> str:
    """Return the address of a scenario's page."""
    return reverse("admin:dialogs_scenario_change", args=[scenario.pk])
