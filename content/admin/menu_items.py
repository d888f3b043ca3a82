"""What stands on the menu, with its photo, its choices and the history of its price."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.decorators import display

from content.admin.menu_exchange import MenuExchange
from content.admin.menu_preview import preview
from content.admin.who import name_of
from content.menu.opening import part_of_day
from content.menu.photos import SMALL, photo_path
from content.menu_item_form import MenuItemForm
from content.models import MenuItem, PriceChange, Product, ProductGroup
from content.photos import keep_prepared
from content.prices import remember_price

WHAT = ("name", "category", "price", "details", "description")
PHOTO = ("upload", "without_photo")
WHEN = ("sold_from", "sold_until", "prep_minutes")
WHERE = ("places",)
PAPERS = ("code", "scenario_key", "vat_code", "is_active")


class ChoiceInline(TabularInline):
    """The groups a guest chooses from, in their order; a group is made once and used by many."""

    model = ProductGroup
    fk_name = "product"
    verbose_name_plural = _("What the guest chooses: drag into order")
    fields = ("group", "order")
    ordering_field = "order"
    hide_ordering_field = True
    extra = 0


class PriceInline(TabularInline):
    """Who changed the price and when; nobody edits that."""

    model = PriceChange
    fk_name = "product"
    verbose_name_plural = _("history of prices")
    fields = ("changed_at", "old", "new", "changed_by")
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False
    ordering = ("-id",)


@admin.register(MenuItem)
class MenuItemAdmin(MenuExchange, ModelAdmin):
    """The menu, shelf by shelf."""

    form = MenuItemForm
    list_display = ("picture", "name", "category", "price", "part", "is_active")
    list_display_links = ("picture", "name")
    list_select_related = ("category",)
    list_filter = (("category", RelatedDropdownFilter), "places", ("is_active", BooleanRadioFilter))
    list_filter_submit = True
    list_per_page = 50
    list_before_template = "admin/content/menu_tools.html"
    change_form_before_template = "admin/content/item_top.html"
    search_fields = ("name", "code", "description")
    autocomplete_fields = ("category",)
    warn_unsaved_form = True
    inlines = (ChoiceInline, PriceInline)
    fieldsets = (
        (None, {"fields": WHAT}),
        (_("Photo"), {"fields": PHOTO}),
        (_("When and how long"), {"fields": WHEN}),
        (_("Where it is sold"), {"fields": WHERE}),
        (_("Papers"), {"fields": PAPERS}),
    )

    @display(description=_("photo"))
    def picture(self, row: MenuItem) -> SafeString | str:
        address = photo_path(row.photo.sha256 if row.photo else "", SMALL)
        return format_html('<img src="{}" width="48" height="48" class="mi-thumb" alt="">', address) if address else "—"

    @display(description=_("when it is sold"))
    def part(self, row: MenuItem) -> str:
        shelf: Any = row.category  # its hours are those of an item without its own
        hours = row if row.sold_from or row.sold_until else shelf
        return part_of_day(hours.sold_from, hours.sold_until)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MenuItem]:
        rows: QuerySet[MenuItem] = super().get_queryset(request).filter(category__isnull=False)
        return rows.select_related("photo").defer("photo__small", "photo__medium", "photo__large")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # buttons already sent name it

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj else (ChoiceInline,)

    def get_urls(self) -> list[URLPattern]:
        page = path("preview/", self.admin_site.admin_view(self.preview_page), name="content_menuitem_preview")
        urls: list[URLPattern] = super().get_urls()
        return [page, *urls]

    def preview_page(self, request: HttpRequest) -> Any:
        """Show the menu as a guest sees it."""
        return preview(self, request)

    def save_model(self, request: HttpRequest, obj: MenuItem, form: Any, change: bool) -> None:
        # The row is locked until the form's transaction ends: the history names the price that was really replaced.
        prices = Product.objects.select_for_update().values_list("price", flat=True)
        old = prices.get(pk=obj.pk) if change else obj.price
        if form.cleaned_data.get("without_photo"):
            obj.photo = None
        if photo := form.cleaned_data.get("upload"):
            obj.photo = keep_prepared(photo)
        super().save_model(request, obj, form, change)
        remember_price(obj, old, by=name_of(request))
