"""Choices: made once, shared by many products."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from content.admin.who import name_of
from content.models import Option, OptionGroup, PriceChange, ProductGroup
from content.prices import remember_price
from content.scoped_form import ScopedForm

WHAT = ("name", "min_choices", "max_choices")
PLACE = ("code", "scenario_key")


class OptionsFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The options of a group agree with its limits."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        active = [row for row in rows if row.get("is_active")]
        group = self.instance
        if any(self.errors) or group.min_choices is None or group.max_choices is None:
            return
        if len(active) < group.min_choices:
            raise ValidationError(
                _("The guest must choose %(least)s, and there are only %(count)s options."),
                params={"least": group.min_choices, "count": len(active)},
            )
        if sum(bool(row.get("is_default")) for row in active) > group.max_choices:
            raise ValidationError(_("More options are chosen at first than may be chosen at all."))


class OptionInline(TabularInline):
    """The options, to be dragged into order."""

    model = Option
    formset = OptionsFormSet
    fields = ("name", "code", "price", "is_default", "is_active", "order")
    verbose_name_plural = _("Options: drag into order")
    ordering_field = "order"
    hide_ordering_field = True
    ordering = ("order", "id")
    extra = 0


class OptionGroupForm(ScopedForm):
    """Limits that agree."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        least, most = cleaned.get("min_choices"), cleaned.get("max_choices")
        if most is not None and most < 1:
            self.add_error("max_choices", _("At least one option must be allowed."))
        elif least is not None and most is not None and most < least:
            self.add_error("max_choices", _("This is less than the guest must choose."))
        return cleaned


@admin.register(OptionGroup)
class OptionGroupAdmin(ModelAdmin):
    """A dozen rows."""

    form = OptionGroupForm
    list_display = ("name", "what", "limits", "used", "scenario_key", "order")
    list_editable = ("order",)  # Unfold adds both at the first request, and what Django checks would change with it
    ordering_field = "order"
    hide_ordering_field = True
    ordering = ("order", "id")
    sortable_by = ()
    list_per_page = 100
    search_fields = ("name", "code", "options__name")
    warn_unsaved_form = True
    inlines = (OptionInline,)
    change_form_before_template = "admin/content/group_top.html"
    fieldsets = ((None, {"fields": WHAT}), (_("Place"), {"fields": PLACE}))

    @display(description=_("options"))
    def what(self, row: OptionGroup) -> str:
        return ", ".join(option.name for option in row.options.all() if option.is_active)

    @display(description=_("may be chosen"))
    def limits(self, row: OptionGroup) -> str:
        least, most = row.min_choices, row.max_choices
        return str(least) if least == most else f"{least}–{most}"

    @display(description=_("used by items"))
    def used(self, row: Any) -> int:
        return int(row.used)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OptionGroup]:
        rows: QuerySet[OptionGroup] = super().get_queryset(request)
        return rows.annotate(used=Count("uses")).prefetch_related("options")  # a menu has few groups

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # buttons already sent name it

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        # The rows are locked until the form's transaction ends: the history names the prices that were really replaced.
        rows = Option.objects.select_for_update().filter(group=form.instance)
        old = dict(rows.values_list("pk", "price"))
        super().save_formset(request, form, formset, change)
        for option in Option.objects.filter(pk__in=old):
            remember_price(option, old[option.pk], by=name_of(request))

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        uses = ProductGroup.objects.filter(group=object_id or 0).select_related("product")
        recent = PriceChange.objects.filter(option__group=object_id or 0).select_related("option")[:20]
        context = {"used_by": [use.product for use in uses], "price_changes": recent}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **context})
