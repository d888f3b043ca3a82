"""Scenarios: the draft with its findings, check, publish, YAML in and out, the simulator."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.pages import OfficeAdmin
from bot.errors import Refused
from dialogs.admin import anywhere_page, simulator_page, yaml_pages
from dialogs.admin.draft_panel import panel_of
from dialogs.admin.yaml_field import YamlField
from dialogs.drafts import compile_draft, problems_of
from dialogs.engine.problems import ScriptError
from dialogs.models import Scenario
from dialogs.publishing import publish

FIELDS = ("title", "key", "start", "is_active", "settings")
CHANGE = "dialogs.change_scenario"


class ScenarioForm(forms.ModelForm):  # type: ignore[type-arg]
    """What holds for the whole script."""

    settings = YamlField(
        label=capfirst(_("settings")),
        help_text=_(
            "`person`: the step a call for a person leads to; `texts`: own words for the bot's standard replies; `stages`: "
            "the funnel."
        ),
    )

    class Meta:
        model = Scenario
        fields = ("settings",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "start" in self.fields:
            keys = [(key, key) for key in self.instance.steps.values_list("key", flat=True)]
            self.fields["start"].widget = UnfoldAdminSelectWidget(choices=[("", "—"), *keys])


@admin.register(Scenario)
class ScenarioAdmin(ButtonsMixin, OfficeAdmin):
    """One script. Steps have pages of their own; this page lists them with what is wrong."""

    form = ScenarioForm
    list_display = ("title", "key", "version", "is_active", "updated_at")
    list_select_related = ("current",)
    search_fields = ("title", "key")
    fieldsets = ((None, {"fields": FIELDS}),)
    change_form_outer_after_template = "admin/dialogs/scenario/draft.html"
    change_list_template = "admin/dialogs/scenario/list.html"
    buttons = (
        Button("check", _("Check"), "rule", "dialogs.view_scenario"),
        Button(
            "publish",
            _("Publish"),
            "publish",
            CHANGE,
            "primary",
            confirm=_("New dialogues will follow this draft. Dialogues under way stay on their version. Publish?"),
        ),
    )

    @display(description=_("published version"))
    def version(self, scenario: Scenario) -> str:
        return f"v{scenario.current.number}" if scenario.current else "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()  # channels and portals name it

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Dialogues stand on its versions: a published scenario is switched off, not deleted.
        return super().has_delete_permission(request, obj) and (obj is None or not obj.versions.exists())

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        scenario = self.get_object(request, object_id)
        panel = {} if scenario is None else panel_of(scenario)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **panel})

    def press_check(self, request: HttpRequest, scenario: Scenario) -> str:
        """Say whether the draft could be published; the findings are on the page."""
        if problems := problems_of(compile_draft(scenario)):
            raise Refused(
                _now("The draft cannot be published yet: %(count)d findings below.") % {"count": len(problems)}
            )
        return _now("The draft is in order.")

    def press_publish(self, request: HttpRequest, scenario: Scenario) -> str:
        """Freeze the draft."""
        before = scenario.current_id
        try:
            version = publish(scenario, author=request.user)  # type: ignore[arg-type]
        except ScriptError as error:
            words = _now("Not published: %(count)d findings below.") % {"count": len(error.problems)}
            raise Refused(words) from error
        if version.pk == before:
            return _now("Nothing has changed since version %(number)d.") % {"number": version.number}
        return _now("Published as version %(number)d.") % {"number": version.number}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("import/", wrap(self.import_view), name="dialogs_scenario_import"),
            path("<int:scenario_id>/export/", wrap(self.export_view), name="dialogs_scenario_export"),
            path("<int:scenario_id>/buttons/", wrap(self.anywhere_view), name="dialogs_scenario_anywhere"),
            path("<int:scenario_id>/simulator/", wrap(self.simulator_view), name="dialogs_scenario_simulator"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return own + urls

    def import_view(self, request: HttpRequest) -> HttpResponse:
        return yaml_pages.import_page(self, request)

    def export_view(self, request: HttpRequest, scenario_id: int) -> HttpResponse:
        return yaml_pages.export_file(self, request, scenario_id)

    def anywhere_view(self, request: HttpRequest, scenario_id: int) -> HttpResponse:
        return anywhere_page.respond(self, request, scenario_id)

    def simulator_view(self, request: HttpRequest, scenario_id: int) -> HttpResponse:
        return simulator_page.respond(self, request, scenario_id)
