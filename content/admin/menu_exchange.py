"""Taking the menu away as a file and bringing it back: first what would change is shown, then it is done."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from tablib import Dataset

from content.admin.who import name_of
from content.menu_files import FORMATS, MOST_BYTES, MenuResource, read_file, write_file

KEPT_SECONDS = 15 * 60  # between the look and the yes; in the cache, which all processes share
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN = 200


class MenuExchange:
    """The two pages of a file, for the menu's admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view  # type: ignore[attr-defined]
        own = [
            path("import/", view(self.import_page), name="content_menuitem_import"),
            path("export/<str:form>/", view(self.export_file), name="content_menuitem_export"),
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [*own, *urls]

    def export_file(self, request: HttpRequest, form: str) -> HttpResponse:
        """Answer with the whole menu."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        if form not in FORMATS:
            raise Http404
        rows = self.get_queryset(request).order_by("category__order", "category_id", "order", "id")  # type: ignore[attr-defined]
        answer = HttpResponse(write_file(rows, form), content_type=TYPES[form])
        answer["Content-Disposition"] = f'attachment; filename="menu-{timezone.localdate():%Y-%m-%d}.{form}"'
        return answer

    def import_page(self, request: HttpRequest) -> HttpResponse:
        """Take a file, show what it would change, and do it when the person says yes."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):  # type: ignore[attr-defined]
            raise PermissionDenied
        context: dict[str, Any] = {}
        if request.method == "POST" and (token := request.POST.get("token")):
            done = self._do(request, token)
            if done:
                return done
            context = {"problems": [_("This check is too old. Choose the file again.")]}
        elif request.method == "POST":
            context = self._look(request)
        common = {**self.admin_site.each_context(request), "opts": self.opts}  # type: ignore[attr-defined]
        title = {"title": _("Menu from a file"), "columns": list(MenuResource().get_export_headers())}
        return render(request, "admin/content/menu_import.html", {**common, **title, **context})

    def _look(self, request: HttpRequest) -> dict[str, Any]:
        file = request.FILES.get("file")
        if file is None:
            return {"problems": [_("Choose a file.")]}
        try:
            table = read_file(str(file.name), file.read(MOST_BYTES + 1))
        except ValidationError as error:
            return {"problems": error.messages}
        result = run(table, request, is_trial=True)
        if rows := _bad_rows(result):
            return {"bad_rows": rows[:SHOWN], "bad_count": len(rows)}
        token = uuid4().hex
        cache.set(f"menu-import:{token}", (request.user.pk, table.export("json")), KEPT_SECONDS)
        return {"token": token, "totals": result.totals, "rows": _changed_rows(result)[:SHOWN]}

    def _do(self, request: HttpRequest, token: str) -> HttpResponse | None:
        owner, text = cache.get(f"menu-import:{token[:64]}") or (None, "")
        if owner != request.user.pk:
            return None
        table = Dataset().load(text, format="json")
        result = run(table, request, is_trial=False)
        if rows := _bad_rows(result):  # the menu has changed since the look
            messages.error(request, f"{rows[0][0]}: {rows[0][1]}")
            return HttpResponseRedirect(reverse("admin:content_menuitem_import"))
        cache.delete(f"menu-import:{token}")
        counts = {"new": result.totals["new"], "changed": result.totals["update"]}
        messages.success(request, _("The menu is in: %(new)s new items, %(changed)s brought up to date.") % counts)
        return HttpResponseRedirect(reverse("admin:content_menuitem_changelist"))


def run(table: Dataset, request: HttpRequest, *, is_trial: bool) -> Any:
    """Import a table, or try it; one bad row and nothing is written."""
    resource = MenuResource(by=name_of(request), scenario_key=_scenario())
    return resource.import_data(table, dry_run=is_trial, use_transactions=True, rollback_on_validation_errors=True)


def _scenario() -> str:
    """New items belong where the shelves do; one coffee shop has one scenario."""
    keys = set(MenuResource.Meta.model.objects.filter(category__isnull=False).values_list("scenario_key", flat=True))
    return keys.pop() if len(keys) == 1 else ""


def _bad_rows(result: Any) -> list[tuple[int, str]]:
    """Return the line in the file and what is wrong with it; line 1 names the columns."""
    bad = [(row.number + 1, _words(row.error)) for row in result.invalid_rows]
    broken = [(line + 1, str(error.error)) for line, errors in result.row_errors() for error in errors]
    return sorted([*bad, *broken, *((1, str(error.error)) for error in result.base_errors)])


def _words(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    parts = ((field, "; ".join(messages_)) for field, messages_ in error.message_dict.items())
    return " · ".join(words if field == "__all__" else f"{field}: {words}" for field, words in parts)


def _changed_rows(result: Any) -> list[dict[str, Any]]:
    return [
        {"line": number, "name": row.object_repr, "is_new": row.import_type == "new"}
        for number, row in enumerate(result.rows, 2)
        if row.import_type in ("new", "update")
    ]
