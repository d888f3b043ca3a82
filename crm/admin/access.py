"""The access log: for the owner, to look at."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RelatedDropdownFilter
from unfold.decorators import display

from bot.backoffice.filters import period_filter
from bot.backoffice.ledger import LedgerAdmin
from crm.models import Access

# What the address of a page ends with, in words.
KINDS = {"changelist": _("list"), "change": _("card"), "do": _("button"), "export": _("file"), "history": _("history")}


@admin.register(Access)
class AccessAdmin(LedgerAdmin):
    """Who of ours looked at whose data, where and when."""

    list_display = ("at", "who", "act", "where", "customer", "count")
    list_filter = (
        ("act", ChoicesCheckboxFilter),
        ("user", RelatedDropdownFilter),
        period_filter("at", "at", _("when")),
    )
    list_select_related = ("customer",)
    ordering = ("-at", "-id")
    sortable_by = ()
    search_fields = ("=customer__pk",)
    search_help_text = _("Id of the customer")
    fields = ("at", "who", "act", "where", "customer", "count", "customers")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    @display(description=_("page"))
    def where(self, access: Access) -> str:
        return page_words(access.page)


def page_words(page: str) -> str:
    """Return what a page is called: "crm_lead_change" is "Lead: card"."""
    app, _line, rest = page.partition("_")
    model, _line, kind = rest.partition("_")
    try:
        title = apps.get_model(app, model)._meta.verbose_name
    except LookupError:
        return page
    return f"{capfirst(str(title))}: {KINDS.get(kind, kind)}"
