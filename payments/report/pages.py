"""The report's doors: the page and its files."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from content.models import Place
from crm import sheets
from payments import money
from payments.report.charts import chart_of
from payments.report.parts import Part
from payments.report.period import period_of
from payments.report.tables import Line, Report, lines, report_of, tables

RIGHT = "payments.see_shop_report"


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show a period."""
    report, places = _asked(request)
    days = [Part(f"{part.name[8:10]}.{part.name[5:7]}", part.count, part.sum) for part in report.days]
    context = {
        **admin.site.each_context(request),
        "title": _("Report of the shop"),
        "report": report,
        "places": places,
        "lines": [_shown(line) for line in lines(report)],
        "hours": chart_of(report.hours, report.hours_before),
        "days": chart_of(days) if report.period.days > 1 else None,
        "sections": _sections(report),
        "periods": _periods(),
        "query": request.GET.urlencode(),
        "every_hour": range(25),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/board/report.html", context)


@require_GET
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with the same figures as a file."""
    makers = {"csv": (sheets.to_csv, sheets.CSV), "xlsx": (sheets.to_xlsx, sheets.XLSX)}
    if kind not in makers:
        raise Http404
    report, _places = _asked(request)
    make, content_type = makers[kind]
    name = f"shop-{report.period.first:%Y-%m-%d}-{report.period.last:%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(make(tables(report)), content_type=content_type, headers=headers)


def _asked(request: HttpRequest) -> tuple[Report, list[Place]]:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    places = list(Place.objects.all())
    return report_of(period_of(request.GET, timezone.localdate()), places), places


def _periods() -> list[tuple[str, str]]:
    return [
        ("today", _("Today")),
        ("yesterday", _("Yesterday")),
        ("7d", _("7 days")),
        ("30d", _("30 days")),
        ("own", _("Own dates")),
    ]


def _sections(report: Report) -> list[dict[str, Any]]:
    baristas = [(part.name, part.count, roubles(part.sum), minutes(part.making_p50)) for part in report.baristas]
    number = [_("Name"), _("Number"), _("Sum")]
    orders = [_("Name"), _("Orders"), _("Sum")]
    return [
        {"title": _("What is bought"), "head": number, "rows": _rows(report.products)},
        {"title": _("What is chosen with it"), "head": number, "rows": _rows(report.options)},
        {"title": _("By place"), "head": orders, "rows": _rows(report.places)},
        {"title": _("By barista"), "head": [*orders, _("Half within")], "rows": baristas},
        {
            "title": _("Why orders were canceled"),
            "head": [_("Reason"), *orders[1:]],
            "rows": _rows(report.cancellations),
        },
    ]


def _rows(found: Any) -> list[tuple[Any, ...]]:
    return [(part.name, part.count, roubles(part.sum)) for part in found]


def _shown(line: Line) -> dict[str, Any]:
    change = line.change
    sign = "pp" if line.kind == "share" else "%"
    return {
        "code": line.code,
        "title": line.title,
        "now": _words(line.kind, line.now),
        "before": _words(line.kind, line.before),
        "change": "" if not change else f"{change * 100:+.0f}\u00a0{_('pp') if sign == 'pp' else sign}",
        "is_good": line.is_good,
    }


def _words(kind: str, value: Any) -> str:
    if value is None:
        return "—"
    match kind:
        case "sum":
            return roubles(value)
        case "span":
            return minutes(value)
        case "share":
            return percent(value)
    return str(value)


def roubles(value: Decimal) -> str:
    """Return a sum as people read it."""
    return money.shown(value, "RUB")


def minutes(value: dt.timedelta | None) -> str:
    """Return a span in minutes and seconds."""
    if value is None:
        return "—"
    seconds = round(value.total_seconds())
    return _("%(m)d min %(s)02d s") % {"m": seconds // 60, "s": seconds % 60}


def percent(value: Decimal) -> str:
    """Return a share of a hundred."""
    return f"{value * 100:.0f}\u00a0%"
