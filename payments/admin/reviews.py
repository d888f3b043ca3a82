"""What guests say after the pickup."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AllValuesCheckboxFilter, RelatedDropdownFilter
from unfold.decorators import display

from bot.backoffice.filters import DaysFilter, period_filter
from payments.admin.exporting import ExportingLedger, moment
from payments.models import Review

WORDS = 120  # characters of a review in the list


@admin.register(Review)
class ReviewAdmin(ExportingLedger):
    """Stars and words, newest first."""

    list_display = ("created_at", "rating", "words", "customer", "place", "order")
    list_display_links = ("created_at", "rating")
    list_filter = (
        ("stars", AllValuesCheckboxFilter),
        ("order__ticket__place", RelatedDropdownFilter),
        period_filter("created", "created_at", _("created at")),
        ("created_at", DaysFilter),
    )
    list_select_related = ("order__customer", "order__ticket__place")
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("text", "order__number")
    fields = ("rating", "text", "order", "customer", "place", "created_at", "updated_at")
    readonly_fields = fields
    columns = (
        (_("created at"), lambda row: moment(row.created_at)),
        (_("stars"), lambda row: row.stars),
        (_("words"), lambda row: row.text),
        (_("customer"), lambda row: str(row.order.customer)),
        (_("place"), lambda row: row.order.ticket.place.name),
        (_("customer order"), lambda row: row.order.number),
    )

    @display(description=_("stars"))
    def rating(self, review: Review) -> str:
        return str(review)

    @display(description=_("words"))
    def words(self, review: Review) -> str:
        return Truncator(review.text).chars(WORDS)

    @display(description=_("customer"))
    def customer(self, review: Review) -> str:
        return str(review.order.customer)

    @display(description=_("place"))
    def place(self, review: Review) -> str:
        return str(review.order.ticket.place)
