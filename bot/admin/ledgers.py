"""The ledgers of what came in and what went out, with the buttons for what failed."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesCheckboxFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from bot import retries
from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin
from bot.models import InboxEvent, Message

Status = Message.Status
STATUS_COLOURS = {
    Status.SENT: "success",
    Status.RECEIVED: "info",
    Status.FAILED: "danger",
    Status.UNKNOWN: "warning",
    Status.QUEUED: "default",
    Status.SENDING: "default",
    Status.CANCELED: "default",
}


@admin.register(Message)
class MessageAdmin(ButtonsMixin, LedgerAdmin):
    """The transcript and the outbox, row by row."""

    list_display = ("created_at", "chat", "channel", "role", "short_text", "status_label", "attempts", "error")
    list_filter = (
        ("status", ChoicesCheckboxFilter),
        ("role", ChoicesDropdownFilter),
        ("channel", RelatedDropdownFilter),
        period_filter("created", "created_at", _("created at")),
    )
    list_select_related = ("chat", "channel")
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "chat",
        "channel",
        "role",
        "text",
        "extras",
        "status",
        "attempts",
        "error",
        "external_id",
        "created_at",
        "send_after",
        "claimed_at",
        "sent_at",
    )
    buttons = (
        Button("retry", _("Send again"), "replay", "bot.change_message", "primary"),
        Button("delivered", _("It has arrived"), "done_all", "bot.change_message"),
        Button("dismiss", _("Give up"), "close", "bot.change_message"),
    )

    @display(description=_("text"))
    def short_text(self, message: Message) -> str:
        return message.text[:80]

    @display(description=_("status"), label=STATUS_COLOURS)
    def status_label(self, message: Message) -> tuple[str, str]:
        return message.status, message.get_status_display()

    def buttons_for(self, request: HttpRequest, row: Message) -> Iterable[Button]:
        if row.status not in Message.RETRYABLE:
            return []
        shown = super().buttons_for(request, row)
        return [b for b in shown if b.verb != "delivered" or row.status == Status.UNKNOWN]

    def press_retry(self, request: HttpRequest, message: Message) -> str:
        retries.retry_message(message.pk)
        return _now("The message is queued again.")

    def press_delivered(self, request: HttpRequest, message: Message) -> str:
        retries.settle_message(message.pk, delivered=True)
        return _now("Marked as delivered.")

    def press_dismiss(self, request: HttpRequest, message: Message) -> str:
        retries.settle_message(message.pk, delivered=False)
        return _now("Closed without sending.")


class EventStateFilter(DropdownFilter):
    """Pending, handled or parked: three ways of two instants."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [("parked", _("parked")), ("pending", _("waiting")), ("handled", _("handled"))]

    def queryset(self, request, queryset):  # type: ignore[no-untyped-def]
        match self.value():
            case "parked":
                return queryset.filter(parked_at__isnull=False, handled_at=None)
            case "pending":
                return queryset.filter(parked_at=None, handled_at=None)
            case "handled":
                return queryset.filter(handled_at__isnull=False)
        return queryset


@admin.register(InboxEvent)
class InboxEventAdmin(ButtonsMixin, LedgerAdmin):
    """Whatever happened, one row per event."""

    list_display = ("received_at", "channel", "chat", "kind", "state_label", "attempts", "error")
    list_filter = (EventStateFilter, ("kind", ChoicesDropdownFilter), ("channel", RelatedDropdownFilter))
    list_select_related = ("chat", "channel")
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "channel",
        "chat",
        "kind",
        "external_id",
        "payload",
        "attempts",
        "error",
        "received_at",
        "ready_at",
        "handled_at",
        "parked_at",
    )
    buttons = (
        Button("retry", _("Try again"), "replay", "bot.change_inboxevent", "primary"),
        Button("dismiss", _("Give up"), "close", "bot.change_inboxevent"),
    )

    @display(description=_("state"), label={"parked": "danger", "handled": "success", "pending": "warning"})
    def state_label(self, event: InboxEvent) -> tuple[str, object]:
        if event.handled_at:
            return "handled", _("handled")
        return ("parked", _("parked")) if event.parked_at else ("pending", _("waiting"))

    def buttons_for(self, request: HttpRequest, row: InboxEvent) -> Iterable[Button]:
        return super().buttons_for(request, row) if row.parked_at and not row.handled_at else []

    def press_retry(self, request: HttpRequest, event: InboxEvent) -> str:
        retries.retry_event(event.pk)
        return _now("The event will be taken again at once.")

    def press_dismiss(self, request: HttpRequest, event: InboxEvent) -> str:
        retries.dismiss_event(event.pk)
        return _now("Closed unhandled.")
