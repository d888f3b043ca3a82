"""The shelves of the menu: dragged into their order, with what stands on them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from content.menu.opening import part_of_day
from content.models import Category, MenuItem
from content.scoped_form import ScopedForm

WHAT = ("name", "emoji")
WHEN = ("sold_from", "sold_until")
PLACE = ("code", "scenario_key", "is_active")


class ItemInline(TabularInline):
    """The shelf's products, to be dragged; they are edited on pages of their own."""

    model = MenuItem
    verbose_name_plural = _("On this shelf: drag into order")
    fields = ("name", "price", "is_active", "order")
    readonly_fields = ("price",)
    ordering_field = "order"
    hide_ordering_field = True
    show_change_link = True
    can_delete = False
    extra = 0
    max_num = 0
    ordering = ("order", "id")


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    """A handful of rows."""

    form = ScopedForm
    list_display = ("title", "part", "goods", "scenario_key", "is_active", "order")
    list_filter = ("scenario_key", ("is_active", BooleanRadioFilter))
    list_editable = ("order",)  # Unfold adds both at the first request, and what Django checks would change with it
    ordering_field = "order"
    hide_ordering_field = True
    ordering = ("order", "id")
    sortable_by = ()
    list_per_page = 100
    search_fields = ("name", "code")
    warn_unsaved_form = True
    inlines = (ItemInline,)
    fieldsets = (
        (None, {"fields": WHAT}),
        (_("When it is sold"), {"fields": WHEN}),
        (_("Place"), {"fields": PLACE}),
    )

    @display(description=_("category"))
    def title(self, row: Category) -> str:
        return str(row)

    @display(description=_("when it is sold"))
    def part(self, row: Category) -> str:
        return part_of_day(row.sold_from, row.sold_until)

    @display(description=_("items"))
    def goods(self, row: Any) -> int:
        return int(row.goods)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        rows: QuerySet[Category] = super().get_queryset(request)
        return rows.annotate(goods=Count("products"))  # a menu is small

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # buttons already sent name it
