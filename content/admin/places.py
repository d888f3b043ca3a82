"""The coffee shops of the chain."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from content.models import Place
from content.scoped_form import ScopedForm
from content.week_fields import DatesField, WeekField, check_time_zone

WHAT = ("name", "address")
HOURS = ("schedule", "holidays", "time_zone")
PACE = ("prep_minutes", "capacity", "accept_minutes", "hold_minutes")
PAUSE = ("is_paused", "paused_until", "pause_reason")
BUSY = ("is_busy", "busy_minutes", "busy_until")
PLACE = ("code", "scenario_key", "is_active")
STATES = {_("open"): "success", _("closed"): "default", _("paused"): "danger", _("busy"): "warning"}


class PlaceForm(ScopedForm):
    """Words in, JSON out."""

    schedule = WeekField(label=capfirst(_("schedule")))
    holidays = DatesField(label=capfirst(_("holidays")))

    class Meta:
        model = Place
        fields = ("schedule", "holidays")  # the admin adds the rest, with its own widgets

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        check_time_zone(name)
        return name


@admin.register(Place)
class PlaceAdmin(ModelAdmin):
    """A handful of rows."""

    form = PlaceForm
    list_display = ("name", "address", "state", "prep_minutes", "capacity", "is_active", "order")
    list_editable = ("order",)  # Unfold adds both at the first request, and what Django checks would change with it
    ordering_field = "order"
    hide_ordering_field = True
    ordering = ("order", "id")
    sortable_by = ()
    list_per_page = 100
    search_fields = ("name", "address", "code")
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": WHAT}),
        (_("Opening hours"), {"fields": HOURS}),
        (_("Pace"), {"fields": PACE}),
        (_("Pause"), {"fields": PAUSE}),
        (_("Busy mode"), {"fields": BUSY}),
        (_("Place"), {"fields": PLACE}),
    )

    @display(description=_("now"), label=STATES)
    def state(self, row: Place) -> Any:
        return _state(row, timezone.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # links and carts name it


def _state(row: Place, now: dt.datetime) -> Any:
    if row.is_paused_at(now):
        return _("paused")
    if not row.hours.is_open(now):
        return _("closed")
    return _("busy") if row.is_busy_at(now) else _("open")
