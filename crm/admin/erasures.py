"""The proofs of erasures: to look at."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin
from crm.erasure import BY_CUSTOMER
from crm.models import Erasure


@admin.register(Erasure)
class ErasureAdmin(LedgerAdmin):
    """When somebody was forgotten, at whose wish, and how many rows it took; not who."""

    list_display = ("erased_at", "wish", "customer_number", "count")
    list_filter = (period_filter("erased", "erased_at", _("erased at")),)
    ordering = ("-erased_at", "-id")
    sortable_by = ()
    fields = ("erased_at", "wish", "customer_number", "count", "rows")

    def get_readonly_fields(self, request: HttpRequest, obj: Erasure | None = None) -> tuple[str, ...]:
        return self.fields

    @display(description=_("at whose wish"))
    def wish(self, erasure: Erasure) -> str:
        return str(_("the customer's own")) if erasure.asked_by == BY_CUSTOMER else erasure.asked_by

    @display(description=_("customer"))
    def customer_number(self, erasure: Erasure) -> str:
        return f"№ {erasure.customer_id}"

    @display(description=_("rows"))
    def count(self, erasure: Erasure) -> int:
        return sum(erasure.rows.values())
