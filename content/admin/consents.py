"""The versions of the texts customers agreed to: to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from content.models import ConsentText


@admin.register(ConsentText)
class ConsentTextAdmin(ModelAdmin):
    """A proof of consent names its version; here are its words."""

    list_display = ("created_at", "purpose", "version", "text", "scenario_key")
    list_filter = ("purpose", "scenario_key")
    ordering = ("-id",)
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
