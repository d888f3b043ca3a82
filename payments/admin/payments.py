"""Payments: a ledger with acts. And the page that sends a lead's customer a link."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin
from bot.errors import Refused
from content.models import Product
from crm.queries import visible_leads
from payments import desk, giving_back, money
from payments.admin.refunds import RefundInline
from payments.models import Payment, Refund
from payments.models.refund import new_key
from payments.providers import PROVIDERS
from payments.queries import visible_payments
from payments.words import verdict_words

Status = Payment.Status
COLOURS = {
    Status.CREATED: "info",
    Status.SENT: "info",
    Status.PARTIAL: "warning",
    Status.PAID: "success",
    Status.PARTLY_REFUNDED: "warning",
    Status.REFUNDED: "warning",
    Status.FAILED: "danger",
    Status.CANCELED: "default",
    Status.NEEDS_REVIEW: "danger",
}
CHANGE = "payments.change_payment"
REFUND = "payments.change_refund"


@admin.register(Payment)
class PaymentAdmin(ButtonsMixin, LedgerAdmin):
    """What was to be paid, through whom, and what came."""

    list_display = ("created_at", "number", "customer", "sum", "paid_sum", "status_label", "why", "paid_at")
    list_display_links = ("created_at", "number")
    list_filter = (
        ("status", ChoicesCheckboxFilter),
        period_filter("created", "created_at", _("created at")),
    )
    list_select_related = ("order__customer",)
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("order__number", "external_id", "order__customer__name")
    fields = (
        *("order", "customer", "account", "external_id", "status", "why", "sum", "paid_sum", "back_sum", "open_link"),
        *("created_at", "sent_at", "paid_at", "check_after", "attempts", "error"),
    )
    inlines = (RefundInline,)
    change_form_outer_before_template = "admin/payments/payment/top.html"
    buttons = (
        Button("check", _("Check again"), "sync", CHANGE, "primary"),
        Button("resend", _("Send the link again"), "send", "payments.add_payment"),
        Button("paid", _("Mark as paid"), "task_alt", CHANGE, confirm=_("You have seen the money yourself?")),
    )

    @display(description=_("customer order"))
    def number(self, payment: Payment) -> str:
        return payment.order.number

    @display(description=_("customer"))
    def customer(self, payment: Payment) -> str:
        return str(payment.order.customer)

    @display(description=_("amount"))
    def sum(self, payment: Payment) -> str:
        return money.shown(payment.amount, payment.currency)

    @display(description=_("paid so far"))
    def paid_sum(self, payment: Payment) -> str:
        return money.shown(payment.paid_amount, payment.currency) if payment.paid_amount else "—"

    @display(description=_("given back"))
    def back_sum(self, payment: Payment) -> str:
        return money.shown(payment.refunded_amount, payment.currency) if payment.refunded_amount else "—"

    @display(description=_("status"), label=COLOURS)
    def status_label(self, payment: Payment) -> tuple[str, str]:
        return payment.status, payment.get_status_display()

    @display(description=_("reason"))
    def why(self, payment: Payment) -> str:
        return verdict_words(payment.reason) if payment.reason else "—"

    @display(description=_("link"))
    def open_link(self, payment: Payment) -> str:
        if not payment.link:
            return "—"
        return format_html('<a href="{0}" target="_blank" rel="noopener">{0}</a>', payment.link)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return visible_payments(super().get_queryset(request), request.user)

    def buttons_for(self, request: HttpRequest, row: Payment) -> Iterable[Button]:
        able = {
            "check": row.status in Payment.CHECKABLE,
            "resend": row.status in Payment.SENDABLE and bool(row.link),
            "paid": row.status not in (*Payment.MONEY_IN, Status.REFUNDED) and row.account is not None,
        }
        return [button for button in super().buttons_for(request, row) if able[button.verb]]

    def press_check(self, request: HttpRequest, payment: Payment) -> str:
        desk.check_again(payment)
        return _now("The provider is being asked; the answer will be here in a moment.")

    def press_resend(self, request: HttpRequest, payment: Payment) -> str:
        desk.resend(payment)
        return _now("The link is on its way.")

    def press_paid(self, request: HttpRequest, payment: Payment) -> str:
        desk.declare_paid(payment, by=_by(request))
        return _now("The order is paid.")

    # --- giving money back

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        payment = kwargs.get("obj") or context.get("original")
        if payment is not None and payment.is_refundable and request.user.has_perm(REFUND):
            left = giving_back.left_of(payment)
            context["may_refund"] = left > 0
            context["refund_left"] = f"{left:.2f}"
            context["refund_key"] = new_key()
            context["is_by_hand"] = not PROVIDERS[payment.provider].can_refund
        return super().render_change_form(request, context, *args, **kwargs)

    def refund(self, request: HttpRequest, payment_id: int) -> HttpResponse:
        """Give back what was typed; the form's own key makes it one refund however often it is sent."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(REFUND):
            raise PermissionDenied
        payment = self.get_queryset(request).filter(pk=payment_id).first()
        if payment is None:
            raise Http404
        try:
            messages.success(request, self._refund(request, payment))
        except Refused as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:payments_payment_change", args=[payment_id]))

    def _refund(self, request: HttpRequest, payment: Payment) -> str:
        amount = money.amount_of(request.POST.get("amount", ""))
        if amount is None:
            raise Refused(_now("Write the sum as 350 or 350.50."))
        why = request.POST.get("why", "").strip()[:100]
        by = f"{_by(request)}: {why}" if why else _by(request)
        key = request.POST.get("key", "")[:64]
        refund = desk.refund(payment, amount, by=by[:190], key=key, reason="at_the_counter")
        if refund.status == Refund.Status.BY_HAND:
            return _now("Give the money back in the provider's cabinet, then press “Given back by hand”.")
        return _now("The refund is asked for.")

    # --- sending a link from the lead's page

    def get_urls(self) -> list[URLPattern]:
        send = path("send/<int:lead_id>/", self.admin_site.admin_view(self.send), name="payments_payment_send")
        back = path("<int:payment_id>/refund/", self.admin_site.admin_view(self.refund), name="payments_payment_refund")
        return [send, back, *super().get_urls()]

    def send(self, request: HttpRequest, lead_id: int) -> HttpResponse:
        """Send a link of the chosen product and come back to the lead."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("payments.add_payment"):
            raise PermissionDenied
        lead = (
            visible_leads(request.user)
            .select_related("customer", "chat__channel", "manager")
            .filter(pk=lead_id)
            .first()
        )
        if lead is None:
            raise Http404
        try:
            messages.success(request, self._send(request, lead))
        except Refused as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:crm_lead_change", args=[lead_id]))

    def _send(self, request: HttpRequest, lead: Any) -> str:
        number = request.POST.get("product", "")
        product = Product.objects.filter(pk=int(number) if number.isdigit() else 0, is_active=True).first()
        if product is None:
            raise Refused(_now("Choose a product."))
        desk.send_link(lead, product, by=_by(request))
        return _now("The link is on its way.")


def _by(request: HttpRequest) -> str:
    user: Any = request.user
    return str(user.get_full_name() or user.get_username())
