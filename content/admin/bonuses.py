"""Presents for newcomers."""

from django.contrib import admin
from django.db.models import URLField
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import BooleanRadioFilter

from content.models import Bonus
from content.scoped_form import ScopedForm


@admin.register(Bonus)
class BonusAdmin(ModelAdmin):
    """What the button "get the bonus" gives, in this order."""

    form = ScopedForm
    list_display = ("title", "scenario_key", "order", "is_active", "updated_at")
    list_filter = ("scenario_key", ("is_active", BooleanRadioFilter))
    list_filter_submit = True
    list_per_page = 25
    search_fields = ("title", "body")
    prepopulated_fields = {"key": ("title",)}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    warn_unsaved_form = True
    fields = ("title", "body", "url", "key", "scenario_key", "order", "is_active")
