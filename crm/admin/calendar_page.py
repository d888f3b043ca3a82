"""The calendar of consultations: a week to look at, and appointments to move by mouse or keyboard."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from bot.errors import Refused
from crm import booking
from crm.calendars import keeper_of
from crm.models import Appointment
from crm.week import visible_appointments, week_of

MOVE = "crm.change_appointment"
CHOICES = 40  # times offered in the list of a card: about two weeks of them


def show(admin: Any, request: HttpRequest) -> HttpResponse:
    """Render a week: the one asked for, else this one."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    now = timezone.now()
    asked = _day(request.GET.get("week", "")) or timezone.localdate(now)
    monday = asked - dt.timedelta(days=asked.weekday())
    week = week_of(monday, now, request.user)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Calendar of consultations"),
        "week": week,
        "earlier": monday - dt.timedelta(days=7),
        "later": monday + dt.timedelta(days=7),
        "sunday": monday + dt.timedelta(days=6),
        "choices": [(moment.isoformat(), moment) for moment in week.free[:CHOICES]],
        "can_edit_schedule": request.user.has_perm("crm.change_schedulerule"),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/crm/appointment/calendar.html", context)


def move(admin: Any, request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Move one appointment and tell the customer; a script gets JSON, a form comes back to the week."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not admin.has_view_permission(request) or not request.user.has_perm(MOVE):
        raise PermissionDenied
    rows = visible_appointments(request.user).select_related("customer", "chat", "lead__customer", "lead__manager")
    row = rows.filter(pk=appointment_id).first()
    if row is None:
        raise Http404
    try:
        said, is_done = _moved(request, row), True
    except Refused as error:
        said, is_done = str(error), False
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"ok": is_done, "message": said}, status=200 if is_done else 409)
    (messages.success if is_done else messages.error)(request, said)
    return HttpResponseRedirect(f"{reverse('admin:crm_appointment_calendar')}?week={row.local:%Y-%m-%d}")


def _moved(request: HttpRequest, row: Appointment) -> str:
    starts_at = _moment(request.POST.get("starts_at", ""))
    if starts_at is None:
        raise Refused(_("Choose a time."))
    keeper_of(row).move_by_us(row, starts_at, by=name_of(request))
    return _("Moved to %(when)s, the customer is being told.") % {"when": booking.words(row)}


def name_of(request: HttpRequest) -> str:
    """Return who acts, as the history names them."""
    user: Any = request.user
    return str(user.get_full_name() or user.get_username())


def _day(text: str) -> dt.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and 1970 < day.year < 9000 else None


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
