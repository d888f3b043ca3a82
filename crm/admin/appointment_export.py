"""Appointments as a file: exactly the rows that the list shows."""

import csv
import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exports import MAX_ROWS, guarded
from crm.models import Appointment

RIGHT = "crm.export_appointment"
SAYS = {
    "booked": "записался(ась)",
    "moved": "перенос",
    "canceled": "отмена",
    "confirmed": "придёт",
    "declined": "не придёт",
    "completed": "состоялась",
    "no_show": "не пришёл",
}
BY = {"customer": "клиент", "clock": "по времени"}


def respond(admin: Any, request: HttpRequest) -> HttpResponse:
    """Answer with the rows under the same filters and search."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    rows = admin.get_changelist_instance(request).get_queryset(request)
    if rows.order_by()[: MAX_ROWS + 1].count() > MAX_ROWS:
        messages.error(request, _("More than %(limit)d rows: narrow the filters first.") % {"limit": MAX_ROWS})
        return HttpResponseRedirect(f"{reverse('admin:crm_appointment_changelist')}?{request.GET.urlencode()}")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_head())
    joined = rows.select_related("customer", "lead__manager")
    writer.writerows([guarded(cell) for cell in _cells(row)] for row in joined.iterator(chunk_size=2_000))
    name = f"appointments-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # The mark tells Excel that this is UTF-8.
    return HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)


def _head() -> list[str]:
    names = (
        _("id"),
        _("date"),
        _("time"),
        _("time zone"),
        _("status"),
        _("customer"),
        _("phone"),
        _("manager"),
        _("source"),
    )
    return [*names, _("created at"), _("reason")]


def _cells(row: Appointment) -> list[str]:
    manager = row.lead.manager if row.lead is not None else None
    when = [f"{row.date:%Y-%m-%d}", f"{row.slot:%H:%M}", row.tz, str(row.get_status_display())]
    who = [str(row.customer), row.customer.phone, str(manager or ""), str(row.get_source_display())]
    return [str(row.pk), *when, *who, f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M}", row.reason]


def history_lines(row: Appointment) -> list[str]:
    """Return what happened to it, oldest first: "16.11 12:03 · перенос на 17.11 14:00 · Ольга"."""
    zone = ZoneInfo(row.tz)
    lines = []
    for line in row.history:
        at = dt.datetime.fromisoformat(line["at"]).astimezone(zone)
        to = dt.datetime.fromisoformat(line["starts_at"]).astimezone(zone)
        says = SAYS.get(line["what"], line["what"])
        lines.append(f"{at:%d.%m %H:%M} · {says} ({to:%d.%m %H:%M}) · {BY.get(line['by'], line['by'])}")
    return lines
