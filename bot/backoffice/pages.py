"""List pages that stay cheap at a million rows: a bounded count, 25 rows, no second count."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

from bot.personal import is_personal, may_see

COUNT_LIMIT = 10_000  # counting further costs tens of milliseconds and nobody pages there


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to `COUNT_LIMIT` and no further; the page then says "more than"."""

    template_name = "admin/office/pagination.html"

    @cached_property
    def _counted(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: COUNT_LIMIT + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNT_LIMIT)

    @property
    def is_bounded(self) -> bool:
        """There are more rows than were counted."""
        return self._counted > COUNT_LIMIT


class OfficeAdmin(ModelAdmin):
    """The house's defaults for every list and form."""

    list_per_page = 25
    list_max_show_all = 25
    show_full_result_count = False
    paginator = BoundedPaginator
    list_filter_submit = True
    list_disable_select_all = True
    warn_unsaved_form = True
    actions: Any = None
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # An address such as ?phone__startswith=+7916 would tell digit by digit what the page does not show.
        if not may_see() and is_personal(self.model, lookup):
            return False
        allowed: bool = super().lookup_allowed(lookup, value, request)
        return allowed

    def get_search_fields(self, request: HttpRequest) -> Any:
        fields = super().get_search_fields(request)
        return fields if may_see() else [name for name in fields if not is_personal(self.model, name.lstrip("^=@"))]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        # Nobody adds a row of buttons after another here, and the four buttons of a long name do not fit a laptop.
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)
