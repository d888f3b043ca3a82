"""Filters that know days and never scan a table to offer their choices."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

from bot.backoffice.periods import NAMES, midnight, span_of

_DAY = dt.timedelta(days=1)
PERIOD_TITLES = {"today": _("today"), "yesterday": _("yesterday"), "7d": _("7 days"), "30d": _("30 days")}


class PeriodFilter(DropdownFilter):
    """Rows whose `field` falls into a named period; a saved link to "today" means today tomorrow, too."""

    field = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, PERIOD_TITLES[name]) for name in NAMES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in NAMES:
            return queryset
        span = span_of(self.value(), timezone.now())
        return queryset.filter(**{f"{self.field}__gte": span.start, f"{self.field}__lt": span.end})


def period_filter(name: str, field: str, title: Any) -> type[PeriodFilter]:
    """Return a `PeriodFilter` on `field`, asked for as `?name=today`."""
    return type(f"{name.title()}Period", (PeriodFilter,), {"parameter_name": name, "field": field, "title": title})


class DaysFilter(RangeDateFilter):
    """From one day to another, both included, by the business's clock."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first = _day(self.used_parameters.get(f"{self.parameter_name}_from"))
        last = _day(self.used_parameters.get(f"{self.parameter_name}_to"))
        if first:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": midnight(first)})
        if last:
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": midnight(last + _DAY)})
        return queryset


def _day(text: Any) -> Any:
    """Read 2026-12-31 or 31.12.2026; anything else is no day."""
    if not isinstance(text, str) or not text:
        return None
    parts = text.split(".")
    try:
        return parse_date("-".join(reversed(parts)) if len(parts) == 3 else text)
    except ValueError:
        return None
