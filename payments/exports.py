"""Orders as CSV. A spreadsheet must never run what a stranger typed."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exports import MAX_ROWS, guarded
from payments.models import Order


def respond(admin: Any, request: HttpRequest) -> HttpResponse:
    """Answer with a file, or with a word that it would be too long."""
    if not request.user.has_perm("payments.export_order"):
        raise PermissionDenied
    orders = admin.get_changelist_instance(request).get_queryset(request)
    if orders.order_by()[: MAX_ROWS + 1].count() > MAX_ROWS:
        messages.error(request, _("More than %(limit)d rows: narrow the filters first.") % {"limit": MAX_ROWS})
        return HttpResponseRedirect(f"{reverse('admin:payments_order_changelist')}?{request.GET.urlencode()}")
    name = f"orders-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(to_csv(orders), content_type="text/csv; charset=utf-8", headers=headers)


def to_csv(orders: QuerySet[Order]) -> bytes:
    """Return the orders as a file that a spreadsheet opens."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("number"), _("created at"), _("customer"), _("what"), _("amount"), _("currency"), _("status"), _("paid at")]
    )
    for order in orders.select_related("customer").prefetch_related("items"):
        titles = ", ".join(item.title for item in order.items.all())
        row = [order.number, _moment(order.created_at), str(order.customer), titles]
        row += [f"{order.amount:.2f}", order.currency, str(order.get_status_display()), _moment(order.paid_at)]
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")  # the mark tells Excel that this is UTF-8


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""
