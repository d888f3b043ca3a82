"""The filters of the lead list."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, DropdownFilter

from bot.backoffice.filters import DaysFilter, period_filter
from bot.models import Channel
from crm.models import Lead, Manager
from crm.queries import recent_sources


class ContactFilter(DropdownFilter):
    """Has the customer left a contact?"""

    title = _("contact")
    parameter_name = "contact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("received")), ("no", _("not yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(captured_at__isnull=self.value() == "no")


class ManagerFilter(DropdownFilter):
    """One of our people, or nobody."""

    title = _("manager")
    parameter_name = "manager"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        people = [(str(pk), name) for pk, name in Manager.objects.values_list("pk", "name")]
        return [("none", _("nobody")), *people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        value = self.value() or ""
        if value == "none":
            return queryset.filter(manager=None)
        return queryset.filter(manager_id=int(value)) if value.isdigit() else queryset


class SourceFilter(DropdownFilter):
    """Where leads came from lately."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(source, source) for source in recent_sources()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        return queryset.filter(source=self.value()) if self.value() else queryset


class ChannelFilter(DropdownFilter):
    """The channel of the lead's chat."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(pk), title) for pk, title in Channel.objects.values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        value = self.value() or ""
        return queryset.filter(chat__channel_id=int(value)) if value.isdigit() else queryset


LEAD_FILTERS = (
    ("status", ChoicesCheckboxFilter),
    period_filter("created", "created_at", _("created at")),
    ("created_at", DaysFilter),
    ContactFilter,
    period_filter("captured", "captured_at", _("contact received at")),
    ManagerFilter,
    SourceFilter,
    ChannelFilter,
)
