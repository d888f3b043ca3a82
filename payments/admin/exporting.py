"""Exactly the filtered rows of a list as CSV or XLSX, for who has the right."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.backoffice.ledger import LedgerAdmin
from crm.exports import MAX_ROWS
from crm.sheets import CSV, XLSX, Cell, Table, to_csv, to_xlsx

Column = tuple[Any, Callable[[Any], Cell]]  # its head, and what it says of a row
KINDS = {"csv": (to_csv, CSV), "xlsx": (to_xlsx, XLSX)}


class ExportingLedger(LedgerAdmin):
    """A ledger whose list has the buttons CSV and XLSX."""

    columns: ClassVar[Sequence[Column]] = ()
    list_before_template = "admin/payments/exports.html"

    @property
    def route(self) -> str:
        """The name of the export's address."""
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def may_export(self, request: HttpRequest) -> bool:
        """Tell whether this user may take the rows away."""
        return request.user.has_perm(f"{self.opts.app_label}.export_{self.opts.model_name}")

    def get_urls(self) -> list[URLPattern]:
        route = path("export/<str:kind>/", self.admin_site.admin_view(self.export), name=self.route)
        urls: list[URLPattern] = super().get_urls()
        return [route, *urls]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        links = {kind.upper(): f"{reverse(f'admin:{self.route}', args=[kind])}{query}" for kind in KINDS}
        context = {"exports": links if self.may_export(request) else {}}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def exported(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with what their columns read."""
        return rows

    def export(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Answer with the rows that the list shows under the same filters and search."""
        if not self.may_export(request):
            raise PermissionDenied
        if kind not in KINDS:
            raise Http404
        rows: QuerySet[Model] = self.get_changelist_instance(request).get_queryset(request)
        if rows.order_by()[: MAX_ROWS + 1].count() > MAX_ROWS:
            messages.error(request, _("More than %(limit)d rows: narrow the filters first.") % {"limit": MAX_ROWS})
            back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            return HttpResponseRedirect(f"{back}?{request.GET.urlencode()}")
        return self._file(self.exported(rows), kind)

    def _file(self, rows: QuerySet[Any], kind: str) -> HttpResponse:
        head = [str(title) for title, _read in self.columns]
        cells = [[read(row) for _title, read in self.columns] for row in rows]
        write, content_type = KINDS[kind]
        body = write([Table(str(self.opts.verbose_name_plural), head, cells)])
        name = f"{self.opts.model_name}-{timezone.localtime():%Y-%m-%d-%H%M}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(body, content_type=content_type, headers=headers)


def moment(at: Any) -> str:
    """Return an instant by the business's clock; nothing for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""
