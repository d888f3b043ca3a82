"""Who is next: what the rotation would answer for such a lead now, and why the others are not asked. Writes nothing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.rotation import preview

WHY = {
    "left": gettext_lazy("does not work here"),
    "off_duty": gettext_lazy("off duty"),
    "absent": gettext_lazy("absent"),
    "outside_hours": gettext_lazy("outside working hours"),
    "cap_reached": gettext_lazy("has as many open leads as allowed"),
    "no_rule": gettext_lazy("no rule fits such a lead"),
    "nobody_available": gettext_lazy("nobody is available"),
    "fallback": gettext_lazy("nobody is available, so the named manager gets it"),
}
ASKED = ("source", "product", "language")


def show(admin: Any, request: HttpRequest) -> HttpResponse:
    """Render the page; the questions are in the address, so it can be kept and sent."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    wanted = {name: request.GET.get(name, "").strip()[:120] for name in ASKED}
    choice, candidates = preview(source=wanted["source"], product=wanted["product"], language=wanted["language"])
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Who is next"),
        "opts": admin.opts,
        "wanted": wanted,
        "choice": choice,
        "reason": WHY.get(choice.reason, ""),
        "candidates": [(item, WHY.get(item.away, "")) for item in candidates],
    }
    return TemplateResponse(request, "admin/crm/rotationrule/next.html", context)
