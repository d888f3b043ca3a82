"""What providers told us, and what became of it: a ledger with acts."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, DropdownFilter
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin
from bot.errors import Refused
from payments import desk, money
from payments.models import Notice
from payments.words import STATUSES, verdict_words

CHANGE = "payments.change_notice"


class OwnerFilter(DropdownFilter):
    """Only those that belong to no payment of ours."""

    title = _("payment")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("unknown order"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        return queryset.filter(payment=None) if self.value() == "none" else queryset


@admin.register(Notice)
class NoticeAdmin(ButtonsMixin, LedgerAdmin):
    """The payload is masked before it is stored."""

    list_display = ("last_at", "external_id", "order_number", "said", "sum", "source", "times", "verdict_label")
    list_filter = (OwnerFilter, ("source", ChoicesCheckboxFilter), period_filter("told", "last_at", _("last told at")))
    list_select_related = ("payment",)
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("external_id", "order_number")
    fields = (
        *("account", "external_id", "order_number", "payment", "said", "sum", "source", "verdict_label", "times"),
        *(
            "first_at",
            "last_at",
            "verified_at",
            "applied_at",
            "closed_at",
            "check_after",
            "attempts",
            "error",
            "payload",
        ),
    )
    buttons = (
        Button("check", _("Read back again"), "sync", CHANGE, "primary"),
        Button("close", _("Close"), "close", CHANGE),
    )
    change_form_outer_before_template = "admin/payments/notice/top.html"

    @display(description=_("what it said"))
    def said(self, notice: Notice) -> str:
        return str(STATUSES.get(notice.status, notice.status))

    @display(description=_("amount"))
    def sum(self, notice: Notice) -> str:
        return "—" if notice.amount is None else money.shown(notice.amount, notice.currency or notice.account.currency)

    @display(description=_("what became of it"))
    def verdict_label(self, notice: Notice) -> str:
        return verdict_words(notice.verdict)

    def buttons_for(self, request: HttpRequest, row: Notice) -> Iterable[Button]:
        return [b for b in super().buttons_for(request, row) if b.verb != "close" or row.closed_at is None]

    def press_check(self, request: HttpRequest, notice: Notice) -> str:
        desk.check_notice(notice)
        return _now("The provider is being asked; the answer will be here in a moment.")

    def press_close(self, request: HttpRequest, notice: Notice) -> str:
        desk.close(notice)
        return _now("The notice is closed.")

    def get_urls(self) -> list[URLPattern]:
        route = path("<int:notice_id>/attach/", self.admin_site.admin_view(self.attach), name="payments_notice_attach")
        return [route, *super().get_urls()]

    def attach(self, request: HttpRequest, notice_id: int) -> HttpResponse:
        """Tie the deal to the order whose number was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        notice = Notice.objects.select_related("account").filter(pk=notice_id).first()
        if notice is None:
            raise Http404
        try:
            payment = desk.attach(notice, request.POST.get("number", ""))
        except Refused as error:
            messages.error(request, str(error))
        else:
            words = _now("The deal belongs to the order %(number)s now.") % {"number": payment.order.number}
            messages.success(request, words)
        return HttpResponseRedirect(reverse("admin:payments_notice_change", args=[notice_id]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        notice = kwargs.get("obj") or context.get("original")
        context["may_attach"] = notice is not None and notice.payment_id is None and request.user.has_perm(CHANGE)
        return super().render_change_form(request, context, *args, **kwargs)
