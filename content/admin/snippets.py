"""Texts that scenarios use by name."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from content.models import Snippet


@admin.register(Snippet)
class SnippetAdmin(ModelAdmin):
    """A named text."""

    list_display = ("title", "key", "updated_at")
    list_per_page = 25
    search_fields = ("title", "key", "text")
    warn_unsaved_form = True
    fields = ("title", "key", "text")
