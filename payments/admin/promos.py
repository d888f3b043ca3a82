"""Promo codes: a plain form, and beside it who used the code."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesCheckboxFilter
from unfold.decorators import display

from bot.backoffice.ledger import ReadOnly
from bot.backoffice.pages import OfficeAdmin
from payments import money
from payments.models import Promo, PromoUse

ABOUT = ("code", "title", "kind", "value", "is_active")
LIMITS = ("least_amount", "starts_at", "ends_at", "most_uses", "most_per_guest", "scenario_key")


class UseInline(ReadOnly, TabularInline):
    """The orders that had the code."""

    model = PromoUse
    fields = readonly_fields = ("used_at", "order", "customer", "amount", "returned_at")
    ordering = ("-used_at",)
    extra = 0
    per_page = 10

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("payments.view_ticket")  # who sees the orders sees which of them had the code


@admin.register(Promo)
class PromoAdmin(OfficeAdmin):
    """A code with uses cannot be deleted: switch it off."""

    list_display = ("code", "title", "takes_off", "starts_at", "ends_at", "uses", "given", "is_active")
    list_display_links = ("code",)
    list_filter = (("is_active", BooleanRadioFilter), ("kind", ChoicesCheckboxFilter))
    search_fields = ("code", "title")
    fieldsets = ((None, {"fields": ABOUT}), (_("limits"), {"fields": LIMITS}))
    inlines = (UseInline,)

    @display(description=_("takes off"))
    def takes_off(self, promo: Promo) -> str:
        if promo.kind == Promo.Kind.PERCENT:
            return f"{promo.value.normalize():f} %"
        return money.shown(promo.value, "RUB")

    @display(description=_("used"))
    def uses(self, promo: Promo) -> str:
        return f"{promo.used} / {promo.most_uses}" if promo.most_uses is not None else str(promo.used)

    @display(description=_("given to guests"))
    def given(self, promo: Promo) -> str:
        total: Decimal | None = promo.given_total  # type: ignore[attr-defined]  # annotated below
        return money.shown(total or Decimal(0), "RUB")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promo]:
        rows: QuerySet[Promo] = super().get_queryset(request)
        # A page of 25 codes reads the uses of these alone; there are as many as orders with a code.
        kept = Sum("uses__amount", filter=Q(uses__returned_at=None))
        return rows.annotate(given_total=kept)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_free = obj is None or not obj.uses.exists()
        return is_free and super().has_delete_permission(request, obj)
