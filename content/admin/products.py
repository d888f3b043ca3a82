"""Offers and their prices."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminURLInputWidget

from content.models import Product
from content.scoped_form import ScopedForm
from content.words import PERSONAS

WHAT = ("name", "description", "price")
FOR_WHOM = ("audience", "personas")
PLACE = ("code", "scenario_key", "order", "is_active")
PAYING = ("deal_url",)


class ProductForm(ScopedForm):
    """The deal's page is one of the settings; the rest of them is kept as it is."""

    personas = forms.MultipleChoiceField(
        label=capfirst(_("suits")),
        choices=PERSONAS,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None ticked: everybody."),
    )
    deal_url = forms.URLField(
        label=_("GetCourse deal page"),
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text=_("Where the customer pays; the order's number is added to it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("deal_url", self.instance.deal_url)

    def clean_deal_url(self) -> str:
        """Put the address where the payment looks for it."""
        address = str(self.cleaned_data["deal_url"])
        self.instance.meta = {**self.instance.meta, "deal_url": address}
        return address


@admin.register(Product)
class ProductAdmin(ModelAdmin):
    """A dialogue shows one of them, by need."""

    form = ProductForm
    list_display = ("name", "code", "price", "scenario_key", "is_active", "updated_at")
    list_filter = ("scenario_key", ("is_active", BooleanRadioFilter))
    list_filter_submit = True
    list_per_page = 25
    search_fields = ("name", "code", "description")
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": WHAT}),
        (_("For whom"), {"fields": FOR_WHOM}),
        (_("Payment"), {"fields": PAYING}),
        (_("Place"), {"fields": PLACE}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        courses: QuerySet[Product] = super().get_queryset(request).filter(category__isnull=True)
        return courses  # what stands on the menu is edited there

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # buttons already sent name it
