"""Tickets: every order of the shop, from the cart to the hand; to look at. The counter works on its own board."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RelatedDropdownFilter
from unfold.decorators import display

from bot.backoffice.filters import DaysFilter, period_filter
from payments import money
from payments.admin.exporting import ExportingLedger, moment
from payments.models import Ticket

Status = Ticket.Status
COLOURS = {
    Status.HELD: "warning",
    Status.RECEIVED: "info",
    Status.MAKING: "info",
    Status.READY: "success",
    Status.PICKED_UP: "success",
    Status.CANCELED: "danger",
    Status.EXPIRED: "default",
}
DIGITS = 6  # of a ticket's number; an order's has letters
WHAT = ("order_link", "lines", "sum", "customer", "name", "comment")
WHERE_AND_WHEN = ("place", "business_day", "number", "status", "way", "pickup_at", "is_asap", "delay_minutes")
STEPS = (
    *("created_at", "held_until", "received_at", "accepted_at", "accepted_by", "ready_at", "picked_up_at"),
    *("canceled_at", "canceled_by", "cancel_reason"),
)


def _lines(ticket: Ticket) -> str:
    items = ticket.order.items.all()
    return ", ".join(f"{item.name} × {item.quantity}" if item.quantity > 1 else item.name for item in items)


@admin.register(Ticket)
class TicketAdmin(ExportingLedger):
    """A ticket changes on the board, never as a form."""

    list_display = ("created_at", "number", "place", "lines", "sum", "status_label", "way", "pickup_at")
    list_display_links = ("created_at", "number")
    list_filter = (
        ("status", ChoicesCheckboxFilter),
        ("way", ChoicesCheckboxFilter),
        ("place", RelatedDropdownFilter),
        period_filter("created", "created_at", _("created at")),
        ("created_at", DaysFilter),
    )
    list_select_related = ("order__customer", "place")
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("order__number", "name")
    search_help_text = _("Number of the ticket or of the order, or a name")
    fieldsets = (
        (None, {"fields": WHERE_AND_WHEN}),
        (_("what"), {"fields": WHAT}),
        (_("steps"), {"fields": STEPS}),
    )
    readonly_fields = (*WHERE_AND_WHEN, *WHAT, *STEPS)
    columns = (
        (_("number"), lambda row: row.number),
        (_("customer order"), lambda row: row.order.number),
        (_("place"), lambda row: row.place.name),
        (_("what"), _lines),
        (_("amount"), lambda row: row.order.amount),
        (_("way of payment"), lambda row: str(row.get_way_display())),
        (_("status"), lambda row: str(row.get_status_display())),
        (_("name"), lambda row: row.name),
        (_("comment"), lambda row: row.comment),
        (_("created at"), lambda row: moment(row.created_at)),
        (_("pickup"), lambda row: moment(row.pickup_at)),
        (_("accepted at"), lambda row: moment(row.accepted_at)),
        (_("order ready at"), lambda row: moment(row.ready_at)),
        (_("picked up at"), lambda row: moment(row.picked_up_at)),
        (_("reason"), lambda row: row.cancel_reason),
    )

    @display(description=_("what"))
    def lines(self, ticket: Ticket) -> str:
        return _lines(ticket)

    @display(description=_("amount"))
    def sum(self, ticket: Ticket) -> str:
        return money.shown(ticket.order.amount, ticket.order.currency)

    @display(description=_("status"), label=COLOURS)
    def status_label(self, ticket: Ticket) -> tuple[str, str]:
        return ticket.status, ticket.get_status_display()

    @display(description=_("customer"))
    def customer(self, ticket: Ticket) -> str:
        return str(ticket.order.customer)

    @display(description=_("customer order"))
    def order_link(self, ticket: Ticket) -> str:
        address = reverse("admin:payments_order_change", args=[ticket.order_id])
        return format_html('<a href="{}">{}</a>', address, ticket.order.number)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        rows: QuerySet[Ticket] = super().get_queryset(request)
        return rows.prefetch_related("order__items")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str) -> Any:
        word = search_term.strip().removeprefix("№").strip()
        if word.isdecimal() and len(word) <= DIGITS:
            return queryset.filter(number=int(word)), False
        return super().get_search_results(request, queryset, search_term)

    def exported(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by(F("created_at").desc(), F("id").desc())
