"""Appointments are looked for by what lies ahead: today, tomorrow, the next seven days."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from bot.backoffice.periods import midnight
from crm.models import Appointment

SPANS = {"today": (0, 1), "tomorrow": (1, 2), "week": (0, 7)}  # days from today: from, up to
TITLES = {"today": _("today"), "tomorrow": _("tomorrow"), "week": _("the next 7 days"), "past": _("past")}


class AheadFilter(DropdownFilter):
    """By the business's clock."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(TITLES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> QuerySet[Appointment]:
        value = self.value() or ""
        if value == "past":
            return queryset.filter(starts_at__lt=timezone.now())
        if value not in SPANS:
            return queryset
        first, last = (midnight(timezone.localdate() + dt.timedelta(days=days)) for days in SPANS[value])
        return queryset.filter(starts_at__gte=first, starts_at__lt=last)
