"""The business profile: the house's, and one for each scenario that speaks in another name."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from content.consents import keep_versions
from content.models import BusinessProfile
from content.scoped_form import ScopedForm
from content.week_fields import DatesField, WeekField, check_time_zone

ABOUT = ("name", "scenario_key", "address", "phone", "email", "website")
HOURS = ("hours", "schedule", "holidays", "time_zone")
CONSENT = ("consent_text", "consent_version", "privacy_url")
ADVERTISING = ("advertising_text", "advertising_version")
ADVERTISING_NOTE = _(
    "Asked apart from the first consent. Without a text it is never asked for, and nothing is advertised."
)
NUMBERS = ("phone_region",)


class ProfileForm(ScopedForm):
    """Words in, JSON out."""

    schedule = WeekField(label=capfirst(_("schedule")))
    holidays = DatesField(label=capfirst(_("holidays")))

    class Meta:
        model = BusinessProfile
        fields = ("schedule", "holidays")  # the admin adds the rest, with its own widgets

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        check_time_zone(name)
        return name

    def clean_phone_region(self) -> str:
        """Two capital letters."""
        region: str = self.cleaned_data["phone_region"].upper()
        if not (len(region) == 2 and region.isascii() and region.isalpha()):
            raise forms.ValidationError(_("A region is two Latin letters, such as RU."))
        return region


@admin.register(BusinessProfile)
class ProfileAdmin(ModelAdmin):
    """The house's own row is always there."""

    list_display = ("name", "scenario_key", "hours", "updated_at")
    form = ProfileForm
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": ABOUT}),
        (_("Opening hours"), {"fields": HOURS}),
        (_("Consent to the processing of personal data"), {"fields": CONSENT}),
        (_("Consent to advertising"), {"fields": ADVERTISING, "description": ADVERTISING_NOTE}),
        (_("Phone numbers"), {"fields": NUMBERS}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        BusinessProfile.current()
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def save_model(self, request: HttpRequest, obj: BusinessProfile, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for version in keep_versions(obj):
            words = _now("The words of a consent have changed, so they are version %(version)s now.")
            messages.info(request, words % {"version": version})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or bool(obj.scenario_key))
