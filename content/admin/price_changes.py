"""The history of prices, read only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from content.models import PriceChange


@admin.register(PriceChange)
class PriceChangeAdmin(ModelAdmin):
    """Who changed which price, newest first."""

    list_display = ("changed_at", "thing", "old", "new", "changed_by")
    list_display_links = None
    list_select_related = ("product", "option__group")
    list_per_page = 50
    sortable_by = ()
    search_fields = ("product__name", "option__name", "changed_by")

    @display(description=_("item or option"))
    def thing(self, row: PriceChange) -> str:
        return f"{row.option.group}: {row.option}" if row.option else str(row.product)

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
