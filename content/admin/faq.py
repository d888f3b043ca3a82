"""Questions customers ask and our answers."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import BooleanRadioFilter

from content.models import Faq
from content.scoped_form import ScopedForm

ASKED = ("question", "variants", "keywords")
ANSWERED = ("answer",)
PLACE = ("key", "scenario_key", "order", "is_active")


@admin.register(Faq)
class FaqAdmin(ModelAdmin):  # a few dozen rows: the plain search is fast enough
    """What the bot answers by itself."""

    form = ScopedForm
    list_display = ("question", "key", "scenario_key", "order", "is_active", "updated_at")
    list_filter = ("scenario_key", ("is_active", BooleanRadioFilter))
    list_filter_submit = True
    list_per_page = 25
    search_fields = ("question", "variants", "keywords", "answer")
    prepopulated_fields = {"key": ("question",)}
    warn_unsaved_form = True
    fieldsets = (
        (_("When the customer asks"), {"fields": ASKED}),
        (_("The bot answers"), {"fields": ANSWERED}),
        (_("Place"), {"fields": PLACE}),
    )
