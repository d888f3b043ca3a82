"""The mini-script on a lead's card: shown when there is one, asked for with a button, looked at until it is written."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from crm.models import Lead
from crm.queries import visible_leads
from dialogs.briefings import ask_for_script, conversation_of
from dialogs.models import Briefing

ACT = "crm.change_lead"


@require_http_methods(["GET", "POST"])
def panel(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Return the fragment of the card; a POST asks for a new script first."""
    if not request.user.has_perm("crm.view_lead"):
        raise PermissionDenied
    lead = visible_leads(request.user).filter(pk=lead_id).first()
    if lead is None:
        raise Http404
    may_ask = request.user.has_perm(ACT)
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied
        ask_for_script(lead, author=request.user)  # type: ignore[arg-type]
    return render(request, "admin/dialogs/lead_script.html", _context(lead, may_ask=may_ask))


def _context(lead: Lead, *, may_ask: bool) -> dict[str, object]:
    scripts = Briefing.objects.filter(lead=lead, kind=Briefing.Kind.SCRIPT).select_related("author").order_by("-id")
    return {
        "lead": lead,
        "can_be_written": conversation_of(lead) is not None,
        "is_under_way": scripts.filter(written_at=None).exists(),
        "script": scripts.exclude(written_at=None).first(),
        "may_ask": may_ask,
    }
