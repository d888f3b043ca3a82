"""Texts that scenarios use by name."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from content.models import Snippet
from content.scoped_form import ScopedForm


@admin.register(Snippet)
class SnippetAdmin(ModelAdmin):
    """A named text."""

    form = ScopedForm
    list_display = ("title", "key", "scenario_key", "updated_at")
    list_filter = ("scenario_key",)
    list_filter_submit = True
    list_per_page = 25
    search_fields = ("title", "key", "scenario_key", "text")
    warn_unsaved_form = True
    fields = ("title", "key", "scenario_key", "text")
