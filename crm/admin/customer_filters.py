"""Who is shown: by segment and by persona."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from content.words import PERSONAS, SEGMENTS
from crm.models import Customer


class _WordFilter(DropdownFilter):
    """One of a few words; the index on them keeps it cheap."""

    words: Sequence[tuple[str, Any]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.words)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        chosen = self.value()
        known = chosen in dict(self.words)
        return queryset.filter(**{str(self.parameter_name): chosen}) if known else queryset


class SegmentFilter(_WordFilter):
    title, parameter_name, words = _("segment"), "segment", SEGMENTS


class PersonaFilter(_WordFilter):
    title, parameter_name, words = _("persona"), "persona", PERSONAS
