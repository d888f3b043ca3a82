"""Pages of the back office that belong to no single table: the errors, and the box to try phone finding in."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.backoffice.filters import PERIOD_TITLES
from bot.backoffice.periods import NAMES, Span, span_of
from config import troubles
from config.navigation import may
from content.models import BusinessProfile
from crm.models import Alert
from crm.phones import REASON_TEXTS, find_phones, is_region, readable

MAX_TRY = 4_000  # characters


def errors_page(request: HttpRequest) -> HttpResponse:
    """Show what failed, why, how often it was tried, and a button to try again."""
    _insist(request, "bot.view_inboxevent")
    since = request.GET.get("since", "")
    span = span_of(since, timezone.now()) if since in NAMES else None
    context = {
        "title": _("Errors"),
        "since": since if span else "",
        "periods": PERIOD_TITLES,
        "alerts": Alert.objects.filter(closed_at=None).order_by("opened_at"),
        "sections": [_section(request, kind, span) for kind in troubles.KINDS],
    }
    return _page(request, "admin/office/errors.html", context)


def _section(request: HttpRequest, kind: troubles.Kind, span: Span | None) -> dict[str, Any]:
    rows = kind.within(span)
    shown = [
        {
            "what": str(row),
            "where": getattr(row, "chat", None) or getattr(row, "lead", None) or "",
            "at": kind.moment_of(row),
            "reason": row.error,
            "attempts": row.attempts,
            "url": reverse(f"admin:{kind.admin}_change", args=[row.pk]),
            "retry_url": reverse(f"admin:{kind.admin}_do", args=[row.pk, kind.verb]),
        }
        for row in rows.order_by(f"-{kind.moment}", "-pk")[: troubles.SHOWN]
    ]
    ledger = f"{reverse(f'admin:{kind.admin}_changelist')}?{kind.ledger_query}"
    may_retry = request.user.has_perm(kind.retry_permission)
    return {"kind": kind, "rows": shown, "count": rows.order_by().count(), "ledger": ledger, "may_retry": may_retry}


def try_phone_page(request: HttpRequest) -> HttpResponse:
    """Run the very code that reads customers' messages on what is typed here; nothing is stored."""
    _insist(request, "content.view_faq", "crm.view_lead")
    text = request.POST.get("text", "")[:MAX_TRY]
    region = request.POST.get("region", "").strip().upper() or BusinessProfile.current().phone_region
    context: dict[str, Any] = {"title": _("Try it: phone numbers"), "text": text, "region": region}
    if request.method == "POST" and text.strip():
        if is_region(region):
            context["found"] = _found(text, region)
        else:
            context["error"] = _("There is no region “%(region)s”.") % {"region": region}
    return _page(request, "admin/office/try_phone.html", context)


def _found(text: str, region: str) -> dict[str, Any]:
    messages = [line.strip() for line in text.splitlines() if line.strip()]
    found = find_phones(messages, region=region)
    return {
        "numbers": [(number, readable(number)) for number in found.numbers],
        "extension": found.extension,
        "reason": REASON_TEXTS.get(found.reason, "") if found.reason else "",
    }


def _insist(request: HttpRequest, *permissions: str) -> None:
    if not may(*permissions)(request):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    request.current_app = admin.site.name
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
