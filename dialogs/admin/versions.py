"""Published versions: to look at, to compare, to go back to."""

from collections.abc import Iterable
from typing import Any

import yaml
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.ledger import LedgerAdmin
from dialogs.admin.comparison import side_by_side
from dialogs.models import ScenarioVersion
from dialogs.publishing import roll_back


def as_yaml(compiled: dict[str, Any]) -> str:
    """Return a script as its editors read it."""
    return yaml.safe_dump(compiled, allow_unicode=True, sort_keys=False, width=100)


@admin.register(ScenarioVersion)
class VersionAdmin(ButtonsMixin, LedgerAdmin):
    """Frozen: a version is never changed, only published again."""

    list_display = ("scenario", "number", "created_at", "author", "note", "short_hash")
    list_display_links = ("scenario", "number")
    list_filter = (("scenario", RelatedDropdownFilter),)
    list_select_related = ("scenario", "author")
    ordering = ("-id",)
    sortable_by = ()
    fields = ("scenario", "number", "created_at", "author", "note", "short_hash")
    readonly_fields = ("short_hash",)
    change_form_outer_after_template = "admin/dialogs/scenarioversion/script.html"
    buttons = (
        Button(
            "roll-back",
            _("Go back to this version"),
            "history",
            "dialogs.change_scenario",
            confirm=_("The draft becomes this version and is published as the newest. Go back?"),
        ),
    )

    @display(description=_("hash"))
    def short_hash(self, version: ScenarioVersion) -> str:
        return version.content_hash[:12]

    def buttons_for(self, request: HttpRequest, row: ScenarioVersion) -> Iterable[Button]:
        is_current = row.scenario.current_id == row.pk
        return [] if is_current else super().buttons_for(request, row)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        version = self.get_object(request, object_id)
        script = {} if version is None else {"script": as_yaml(version.compiled)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **script})

    def press_roll_back(self, request: HttpRequest, version: ScenarioVersion) -> str:
        newest = roll_back(version, author=request.user)  # type: ignore[arg-type]
        words = {"old": version.number, "new": newest.number}
        return _now("Version %(old)d is published again as version %(new)d.") % words

    def return_to(self, request: HttpRequest, row: ScenarioVersion) -> str:
        return reverse("admin:dialogs_scenario_change", args=[row.scenario_id])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.compare_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:version_id>/compare/", view, name="dialogs_scenarioversion_compare"), *urls]

    def compare_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Show a version beside an earlier one (`?with=number`), its predecessor unless told."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = ScenarioVersion.objects.select_related("scenario")
        new = rows.filter(pk=version_id).first()
        if new is None:
            raise Http404
        asked = request.GET.get("with", "")
        number = int(asked) if asked.isdigit() else new.number - 1
        old = rows.filter(scenario=new.scenario, number=number).first()
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Compare versions"),
            "opts": self.opts,
            "new": new,
            "old": old,
            "others": rows.filter(scenario=new.scenario).exclude(pk=new.pk),
            "lines": side_by_side(as_yaml(old.compiled) if old else "", as_yaml(new.compiled)),
        }
        return TemplateResponse(request, "admin/dialogs/scenarioversion/compare.html", context)
