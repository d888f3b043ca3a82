"""Cases, reviews, articles and arguments for the talk."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.db.models import URLField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from content.models import Material
from content.scoped_form import ScopedForm
from content.week_fields import WordsField
from content.words import SEGMENTS

WHAT = ("title", "type", "body", "url")
FOR_WHOM = ("segments", "stage", "tags")
PLACE = ("key", "scenario_key", "is_active")


class MaterialForm(ScopedForm):
    """Tags are typed with commas, segments are ticked."""

    tags = WordsField(label=capfirst(_("tags")))
    segments = forms.MultipleChoiceField(
        label=capfirst(_("segments")),
        choices=SEGMENTS,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None ticked: for every segment."),
    )


@admin.register(Material)
class MaterialAdmin(ModelAdmin):
    """One list; the bot picks from it by segment, stage and tags."""

    form = MaterialForm
    list_display = ("title", "type", "for_segments", "scenario_key", "is_active", "updated_at")
    list_filter = ("type", "scenario_key", ("is_active", BooleanRadioFilter))
    list_filter_submit = True
    list_per_page = 25
    search_fields = ("title", "body")
    prepopulated_fields = {"key": ("title",)}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": WHAT}),
        (_("For whom"), {"fields": FOR_WHOM}),
        (_("Place"), {"fields": PLACE}),
    )

    @display(description=_("segments"))
    def for_segments(self, material: Material) -> str:
        return in_words(material.segments) or str(_("all"))


def in_words(segments: Iterable[str]) -> str:
    """Return segments as people name them."""
    words = dict(SEGMENTS)
    return ", ".join(str(words.get(segment, segment)) for segment in segments)
