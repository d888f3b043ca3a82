"""The page of one lead: the card beside the dialogue, and what may be done about it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bot.backoffice.transcript import respond_with_transcript
from bot.errors import Refused
from content.models import Product
from crm import desk
from crm.history import history_of
from crm.models import Lead, Manager

REASSIGN = "crm.change_assignment"
ACT = "crm.change_lead"
SELL = "payments.add_payment"


def show(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Render the page."""
    lead = _lead(admin, request, int(object_id) if object_id.isdigit() else 0)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": lead,
        "title": str(lead),
        "lead": lead,
        "remote": getattr(lead, "remote", None),
        "history": history_of(lead),
        "writes": lead.writes.order_by("-id")[:10],
        "consents": lead.customer.consents.order_by("-given_at")[:5],
        "can_act": request.user.has_perm(ACT),
        "settle_choices": [(value, label) for value, label in Lead.Status.choices if value in desk.SETTLED_BY_HAND],
        "managers": _managers(request),
        "products": _products(request),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/crm/lead/page.html", context)


def dialogue(admin: Any, request: HttpRequest, lead_id: int) -> HttpResponse:
    """Answer the poll of the dialogue beside the card."""
    lead = _lead(admin, request, lead_id)
    if lead.chat_id is None:
        raise Http404
    return respond_with_transcript(request, lead.chat_id)


def act(admin: Any, request: HttpRequest, lead_id: int, verb: str) -> HttpResponse:
    """Do one thing and come back with its word."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    lead = _lead(admin, request, lead_id)
    permission, deed = VERBS.get(verb, ("", None))
    if deed is None:
        raise Http404
    if not request.user.has_perm(permission):
        raise PermissionDenied
    try:
        messages.success(request, deed(request, lead))
    except Refused as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("admin:crm_lead_change", args=[lead.pk]))


def _lead(admin: Any, request: HttpRequest, lead_id: int) -> Lead:
    """Return a lead this user may see; another's lead does not exist for them."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    joined = admin.get_queryset(request).select_related("customer", "manager", "chat__channel", "remote__portal")
    lead: Lead | None = joined.filter(pk=lead_id).first()
    if lead is None:
        raise Http404
    return lead


def _managers(request: HttpRequest) -> list[Manager]:
    if not request.user.has_perm(REASSIGN):
        return []
    return list(Manager.objects.filter(is_active=True))


def _products(request: HttpRequest) -> list[Product]:
    """Return what this person may send a payment link of; the till's own page does it."""
    if not request.user.has_perm(SELL):
        return []
    return list(Product.objects.courses().filter(is_active=True))


def _by(request: HttpRequest) -> str:
    user: Any = request.user
    return str(user.get_full_name() or user.get_username())


def _manager_of(request: HttpRequest) -> Manager | None:
    """Return the card of the one who presses, if they have one: a dialogue taken over is then theirs by name."""
    return Manager.objects.filter(user_id=request.user.pk or 0, is_active=True).first()


def _take_over(request: HttpRequest, lead: Lead) -> str:
    desk.take_over(lead, by=_by(request), manager=_manager_of(request))
    return _("The dialogue is yours: the bot is silent.")


def _give_back(request: HttpRequest, lead: Lead) -> str:
    desk.give_back(lead, by=_by(request))
    return _("The bot talks again.")


def _write(request: HttpRequest, lead: Lead) -> str:
    desk.write(lead, request.POST.get("text", ""), by=_by(request), manager=_manager_of(request))
    return _("The message is on its way.")


def _assign(request: HttpRequest, lead: Lead) -> str:
    number = request.POST.get("manager", "")
    manager = Manager.objects.filter(pk=int(number) if number.isdigit() else 0, is_active=True).first()
    if manager is None:
        raise Refused(_("Choose a manager."))
    desk.assign(lead, manager, by=_by(request))
    return _("The lead is given to %(manager)s.") % {"manager": manager}


def _mark(request: HttpRequest, lead: Lead) -> str:
    desk.mark(lead, request.POST.get("status", ""), reason=request.POST.get("reason", "").strip(), by=_by(request))
    return _("The status is set.")


VERBS: Mapping[str, tuple[str, Callable[[HttpRequest, Lead], str]]] = {
    "take-over": (ACT, _take_over),
    "give-back": (ACT, _give_back),
    "write": (ACT, _write),
    "assign": (REASSIGN, _assign),
    "mark": (ACT, _mark),
}
