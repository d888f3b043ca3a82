"""Orders: what was bought, by whom, and how it stands."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import display

from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin, ReadOnly
from payments import exports, money
from payments.models import Order, OrderItem, Ticket
from payments.queries import visible_orders

Status = Order.Status
COLOURS = {Status.NEW: "info", Status.PAID: "success", Status.REFUNDED: "warning", Status.CANCELED: "default"}


class ItemInline(ReadOnly, TabularInline):
    """The lines of an order."""

    model = OrderItem
    fields = readonly_fields = ("code", "name", "price", "quantity", "discount", "amount")
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("payments.view_order")  # who sees an order sees its lines

    @display(description=_("title"))
    def name(self, item: OrderItem) -> str:
        return item.name

    @display(description=_("amount"))
    def amount(self, item: OrderItem) -> str:
        return money.shown(item.amount, item.order.currency)


@admin.register(Order)
class OrderAdmin(LedgerAdmin):
    """An order changes through its payments, never as a form."""

    list_display = ("created_at", "number", "customer", "what", "sum", "status_label", "paid_at")
    list_display_links = ("created_at", "number")
    list_filter = (("status", ChoicesCheckboxFilter), period_filter("created", "created_at", _("created at")))
    list_select_related = ("customer",)
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("number", "customer__name")
    fields = ("number", "ticket_link", "customer", "lead", "chat", "sum", "status", "created_at", "paid_at")
    inlines = (ItemInline,)
    list_before_template = "admin/payments/order/list_top.html"

    @display(description=_("ticket"))
    def ticket_link(self, order: Order) -> str:
        ticket = Ticket.objects.filter(order=order).select_related("place").first()
        if ticket is None:
            return "—"
        address = reverse("admin:payments_ticket_change", args=[ticket.pk])
        return format_html('<a href="{}">{} · {}</a>', address, ticket, ticket.place)

    @display(description=_("what"))
    def what(self, order: Order) -> str:
        return ", ".join(item.title for item in order.items.all())

    @display(description=_("amount"))
    def sum(self, order: Order) -> str:
        return money.shown(order.amount, order.currency)

    @display(description=_("status"), label=COLOURS)
    def status_label(self, order: Order) -> tuple[str, str]:
        return order.status, order.get_status_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return visible_orders(super().get_queryset(request), request.user).prefetch_related("items")

    def get_urls(self) -> list[URLPattern]:
        route = path("export/", self.admin_site.admin_view(self.export), name="payments_order_export")
        urls: list[URLPattern] = super().get_urls()
        return [route, *urls]

    def export(self, request: HttpRequest) -> HttpResponse:
        """Answer with the rows that the list shows under the same filters and search, as CSV."""
        return exports.respond(self, request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may_export": request.user.has_perm("payments.export_order"), "query": request.GET.urlencode()}
        return super().changelist_view(request, {**(extra_context or {}), **context})
