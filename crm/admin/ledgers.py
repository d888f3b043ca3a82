"""The ledgers of the memory: assignments, events, what the portal was told and what it told us."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin
from crm import retries
from crm.models import Assignment, Event, RemoteLead, WriteBack
from crm.words import event_words, facts_in_words

Status = WriteBack.Status
WRITE_COLOURS = {
    Status.QUEUED: "default",
    Status.RUNNING: "info",
    Status.DONE: "success",
    Status.UNKNOWN: "warning",
    Status.FAILED: "danger",
    Status.CANCELED: "default",
}


@admin.register(Assignment)
class AssignmentAdmin(LedgerAdmin):
    """Who was given which lead, when, and why it ended."""

    list_display = ("assigned_at", "lead", "manager", "rule_title", "ended_at", "end_reason")
    list_filter = (("manager", RelatedDropdownFilter), period_filter("assigned", "assigned_at", _("assigned at")))
    list_select_related = ("lead", "manager")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Event)
class EventAdmin(LedgerAdmin):
    """The analytics log."""

    list_display = ("created_at", "what", "customer", "facts")
    list_filter = (period_filter("created", "created_at", _("created at")),)
    list_select_related = ("customer",)
    ordering = ("-id",)
    sortable_by = ()

    @display(description=_("what happened"))
    def what(self, event: Event) -> str:
        return event_words(event.type)

    @display(description=_("details"), empty_value="")
    def facts(self, event: Event) -> str:
        return facts_in_words(event.payload)


@admin.register(WriteBack)
class WriteBackAdmin(ButtonsMixin, LedgerAdmin):
    """What the portal was told. The parameters may hold a phone and are not shown."""

    list_display = ("created_at", "what", "lead", "status_label", "attempts", "error")
    list_filter = (("status", ChoicesCheckboxFilter), period_filter("created", "created_at", _("created at")))
    list_select_related = ("lead",)
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "portal",
        "lead",
        "what",
        "status",
        "result",
        "attempts",
        "error",
        "created_at",
        "run_after",
        "claimed_at",
        "done_at",
    )
    buttons = (
        Button("retry", _("Try again"), "replay", "crm.change_writeback", "primary"),
        Button("dismiss", _("Give up"), "close", "crm.change_writeback"),
    )

    @display(description=_("operation"))
    def what(self, write: WriteBack) -> str:
        return write.operation_label

    @display(description=_("status"), label=WRITE_COLOURS)
    def status_label(self, write: WriteBack) -> tuple[str, str]:
        return write.status, write.get_status_display()

    def buttons_for(self, request: HttpRequest, row: WriteBack) -> Iterable[Button]:
        return super().buttons_for(request, row) if row.status in WriteBack.RETRYABLE else []

    def press_retry(self, request: HttpRequest, write: WriteBack) -> str:
        retries.retry_write(write.pk)
        return _now("The write is queued again.")

    def press_dismiss(self, request: HttpRequest, write: WriteBack) -> str:
        retries.dismiss_write(write.pk)
        return _now("Closed without writing.")


class TroubleFilter(DropdownFilter):
    """Only those that could not be read."""

    title = _("error")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("with an error"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RemoteLead]) -> QuerySet[RemoteLead]:
        return queryset.exclude(error="") if self.value() == "yes" else queryset


@admin.register(RemoteLead)
class RemoteLeadAdmin(ButtonsMixin, LedgerAdmin):
    """What the portal told us about its leads and deals."""

    list_display = ("remote_id", "entity", "stage_name", "has_phone", "noticed_at", "reviewed_at", "attempts", "error")
    list_filter = (TroubleFilter, "entity")
    list_select_related = ("portal", "lead")
    ordering = ("-id",)
    sortable_by = ()
    buttons = (Button("retry", _("Look at it again"), "replay", "crm.change_remotelead", "primary"),)

    @display(description=_("stage"))
    def stage_name(self, remote: RemoteLead) -> str:
        return remote.stage_name or "—"

    def press_retry(self, request: HttpRequest, remote: RemoteLead) -> str:
        retries.retry_remote(remote.pk)
        return _now("It will be looked at again at once.")
