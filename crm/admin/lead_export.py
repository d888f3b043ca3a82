"""Exactly the filtered rows as a file."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import exports

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def respond(admin: Any, request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with the rows that the list shows under the same filters and search."""
    if not request.user.has_perm("crm.export_lead"):
        raise PermissionDenied
    if kind not in ("csv", "xlsx"):
        raise Http404
    leads = admin.get_changelist_instance(request).get_queryset(request)
    if leads.order_by()[: exports.MAX_ROWS + 1].count() > exports.MAX_ROWS:
        messages.error(request, _("More than %(limit)d rows: narrow the filters first.") % {"limit": exports.MAX_ROWS})
        return HttpResponseRedirect(f"{reverse('admin:crm_lead_changelist')}?{request.GET.urlencode()}")
    table = exports.rows(leads)
    body = _csv(table) if kind == "csv" else _xlsx(table)
    name = f"leads-{timezone.localtime():%Y-%m-%d-%H%M}.{kind}"
    content_type = "text/csv; charset=utf-8" if kind == "csv" else XLSX
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _csv(table: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(exports.headers())
    writer.writerows(exports.to_csv_rows(table))
    return out.getvalue().encode("utf-8-sig")  # the mark tells Excel that this is UTF-8


def _xlsx(table: list[list[str]]) -> bytes:
    out = io.BytesIO()
    exports.to_workbook(exports.headers(), table).save(out)
    return out.getvalue()
