"""The stop-list of every place, for an editor; a barista has it on the board."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldBooleanWidget

from content import stops
from content.admin.who import name_of
from content.models import MenuItem, Option, Stop

WHAT = ("place", "product", "option")
HOW = ("left", "until_tomorrow", "until")


class StopForm(forms.ModelForm):  # type: ignore[type-arg]
    """Of one thing; the last word counts, so that a second line about it is no error."""

    until_tomorrow = forms.BooleanField(
        label=_("Back tomorrow"),
        required=False,
        widget=UnfoldBooleanWidget,
        help_text=_("It returns by itself when the coffee shop opens."),
    )

    def clean(self) -> dict[str, Any]:
        """One thing, and an end that is still to come."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("product")) == bool(cleaned.get("option")):
            raise forms.ValidationError(_("Choose an item or an option, one of them."))
        until, place = cleaned.get("until"), cleaned.get("place")
        if cleaned.get("until_tomorrow") and place:
            cleaned["until"] = stops.next_opening(place, timezone.now())
        elif until and until <= timezone.now():
            self.add_error("until", _("This time has passed."))
        # A line about the same thing is written over by the verb: for the constraints this is that line.
        same = Stop.objects.filter(place=place, product=cleaned.get("product"), option=cleaned.get("option"))
        if not self.instance.pk and (known := same.values_list("pk", flat=True).first()):
            self.instance.pk, self.instance._state.adding = known, False
        return cleaned


@admin.register(Stop)
class StopAdmin(ModelAdmin):
    """What has ended where."""

    form = StopForm
    list_display = ("thing", "shop", "how_many", "until", "made_by", "created_at")
    list_filter = ("place",)
    list_select_related = ("place", "product", "option__group")
    list_per_page = 100
    sortable_by = ()
    search_fields = ("product__name", "option__name")
    fieldsets = ((None, {"fields": WHAT}), (_("How many and for how long"), {"fields": HOW}))
    actions = ("put_back",)

    @display(description=_("item or option"))
    def thing(self, row: Stop) -> str:
        return f"{row.option.group}: {row.option}" if row.option else str(row.product)

    @display(description=_("coffee shop"))
    def shop(self, row: Stop) -> str:
        return str(row.place)

    @display(description=_("left"))
    def how_many(self, row: Stop) -> Any:
        return row.left if row.left else _("has ended")

    @action(description=_("Put back on sale"), permissions=["delete"])
    def put_back(self, request: HttpRequest, rows: QuerySet[Stop]) -> None:
        rows.delete()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stop]:
        rows: QuerySet[Stop] = super().get_queryset(request)
        return rows.filter(Q(until=None) | Q(until__gt=timezone.now()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return WHAT if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "place":
            kwargs["label"] = _("Coffee shop")
        if db_field.name == "product":
            kwargs["queryset"] = MenuItem.objects.filter(category__isnull=False, is_active=True)
        if db_field.name == "option":
            kwargs["queryset"] = (
                Option.objects.filter(is_active=True).select_related("group").order_by("group__order", "order")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Stop, form: Any, change: bool) -> None:
        thing = obj.product or obj.option
        assert thing is not None  # noqa: S101 the form and a constraint of the table say so
        made = stops.stop(obj.place, thing, left=obj.left, until=obj.until, by=name_of(request))
        obj.pk = made.pk
