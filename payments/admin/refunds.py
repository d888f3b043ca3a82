"""Refunds: what was asked to go back, and what became of it. A ledger with acts; asked for on the payment's page."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin, ReadOnly
from payments import desk, money
from payments.models import Payment, Refund
from payments.queries import visible_payments
from payments.words import verdict_words

Status = Refund.Status
COLOURS = {
    Status.WANTED: "info",
    Status.PENDING: "info",
    Status.BY_HAND: "warning",
    Status.DONE: "success",
    Status.FAILED: "danger",
}
CHANGE = "payments.change_refund"


class Words:
    """What both the list and the payment's page show of a refund."""

    @display(description=_("amount"))
    def sum(self, refund: Refund) -> str:
        return money.shown(refund.amount, refund.payment.currency)

    @display(description=_("status"), label=COLOURS)
    def status_label(self, refund: Refund) -> tuple[str, str]:
        return refund.status, refund.get_status_display()

    @display(description=_("reason"))
    def why(self, refund: Refund) -> str:
        return verdict_words(refund.reason) if refund.reason else "—"


class RefundInline(Words, ReadOnly, TabularInline):
    """What went back of one payment."""

    model = Refund
    fields = readonly_fields = ("created_at", "sum", "status_label", "why", "by", "error", "done_at")
    ordering = ("-id",)
    extra = 0
    show_change_link = True


@admin.register(Refund)
class RefundAdmin(Words, ButtonsMixin, LedgerAdmin):
    """What failed or waits for a person is found by its status."""

    list_display = ("created_at", "number", "sum", "status_label", "why", "by", "done_at")
    list_display_links = ("created_at", "number")
    list_filter = (("status", ChoicesCheckboxFilter), period_filter("asked", "created_at", _("created at")))
    list_select_related = ("payment__order",)
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("payment__order__number", "external_id")
    fields = (
        *("payment", "sum", "status_label", "why", "by", "external_id"),
        *("created_at", "done_at", "attempts", "run_after", "error"),
    )
    buttons = (
        Button(
            "done",
            _("Given back by hand"),
            "task_alt",
            CHANGE,
            "primary",
            confirm=_("You have given the money back in the provider's cabinet?"),
        ),
        Button("again", _("Ask again"), "sync", CHANGE, "primary", confirm=_("The money goes back to the customer.")),
    )

    @display(description=_("customer order"))
    def number(self, refund: Refund) -> str:
        return refund.payment.order.number

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        rows: QuerySet[Refund] = super().get_queryset(request).select_related("payment__order")
        return rows.filter(payment__in=visible_payments(Payment.objects.all(), request.user))

    def buttons_for(self, request: HttpRequest, row: Refund) -> Iterable[Button]:
        able = {"done": row.status == Status.BY_HAND, "again": row.status == Status.FAILED}
        return [button for button in super().buttons_for(request, row) if able[button.verb]]

    def press_done(self, request: HttpRequest, refund: Refund) -> str:
        desk.declare_refunded(refund, by=str(request.user))
        return _now("The refund is noted.")

    def press_again(self, request: HttpRequest, refund: Refund) -> str:
        desk.retry_refund(refund, by=str(request.user))
        return _now("The refund is asked for.")
