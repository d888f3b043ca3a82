"""The loyalty program, and the ledger of what guests saved and spent."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import display

from bot.backoffice.filters import DaysFilter, period_filter
from bot.backoffice.pages import OfficeAdmin
from payments.admin.exporting import ExportingLedger, moment
from payments.models import LoyaltyEntry, LoyaltyProgram

Kind = LoyaltyEntry.Kind
COLOURS = {
    Kind.EARNED: "success",
    Kind.SPENT: "info",
    Kind.RETURNED: "warning",
    Kind.REVOKED: "danger",
    Kind.GIFT: "success",
}


@admin.register(LoyaltyProgram)
class ProgramAdmin(OfficeAdmin):
    """One row for the house, and one for a scenario that has its own."""

    list_display = ("kind", "scope", "every", "percent", "max_share", "updated_at")
    fieldsets = (
        (None, {"fields": ("kind", "scenario_key", "categories")}),
        (_("every Nth drink free"), {"fields": ("every", "most_free")}),
        (_("points"), {"fields": ("percent", "max_share")}),
    )
    filter_horizontal = ()
    autocomplete_fields = ()

    @display(description=_("only in scenario"))
    def scope(self, program: LoyaltyProgram) -> str:
        return program.scenario_key or "—"


class GiftForm(forms.ModelForm):  # type: ignore[type-arg]
    """What our people give or take by hand; the ledger itself is never rewritten."""

    class Meta:
        model = LoyaltyEntry
        fields = ("customer", "unit", "amount")

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount == 0:
            raise ValidationError(_("Nothing would change."))
        return amount


@admin.register(LoyaltyEntry)
class EntryAdmin(ExportingLedger):
    """Lines are added by orders and, as a gift, by hand; none is changed."""

    form = GiftForm
    list_display = ("created_at", "customer", "kind_label", "signed", "unit", "order", "worth", "made_by")
    list_filter = (
        ("kind", ChoicesCheckboxFilter),
        ("unit", ChoicesCheckboxFilter),
        period_filter("created", "created_at", _("created at")),
        ("created_at", DaysFilter),
    )
    list_select_related = ("customer", "order")
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("order__number", "customer__name")
    autocomplete_fields = ("customer",)
    show_add_link = True
    columns = (
        (_("created at"), lambda row: moment(row.created_at)),
        (_("customer"), lambda row: str(row.customer)),
        (_("kind"), lambda row: str(row.get_kind_display())),
        (_("unit"), lambda row: str(row.get_unit_display())),
        (_("amount"), lambda row: row.amount),
        (_("worth, roubles"), lambda row: row.worth),
        (_("customer order"), lambda row: row.order.number if row.order else ""),
        (_("by whom"), lambda row: row.made_by),
    )

    @display(description=_("kind"), label=COLOURS)
    def kind_label(self, entry: LoyaltyEntry) -> tuple[str, str]:
        return entry.kind, entry.get_kind_display()

    @display(description=_("amount"))
    def signed(self, entry: LoyaltyEntry) -> str:
        return f"{entry.amount:+d}"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("payments.add_loyaltyentry")

    def get_fields(self, request: HttpRequest, obj: LoyaltyEntry | None = None) -> Any:
        given = ("customer", "unit", "amount")
        return given if obj is None else ("created_at", *given, "kind", "order", "worth", "made_by")

    def save_model(self, request: HttpRequest, obj: LoyaltyEntry, form: Any, change: bool) -> None:
        obj.kind, obj.made_by = Kind.GIFT, request.user.get_username()[:150]
        super().save_model(request, obj, form, change)
