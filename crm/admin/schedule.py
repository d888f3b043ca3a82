"""The consultation schedule: what an admin changes without a developer."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.dateparse import parse_time
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bot.backoffice.pages import OfficeAdmin
from content.week_fields import DAY_TITLES, DatesField, WordsField, check_time_zone
from crm.models import ScheduleRule

WHAT = ("title", "is_active")
WHEN = ("weekdays", "times", "duration_minutes", "capacity", "time_zone")
BOOKING = ("lead_minutes", "horizon_days", "reminders")
HOLDS = ("valid_from", "valid_to", "days_off")


class ScheduleRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Words in, JSON out."""

    weekdays = forms.MultipleChoiceField(
        label=capfirst(_("weekdays")), choices=list(DAY_TITLES.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    times = WordsField(label=capfirst(_("times")), help_text=_("For example 12:00, 14:00, 16:00, 18:00."))
    reminders = WordsField(
        label=capfirst(_("reminders")),
        help_text=_("Minutes before, separated by commas: 1440 is a day, 15 a quarter of an hour."),
    )
    days_off = DatesField(
        label=capfirst(_("days off")),
        help_text=_("One date per line, such as 2026-12-31. The holidays of the business profile count, too."),
    )

    class Meta:
        model = ScheduleRule
        fields = ("weekdays", "times", "reminders", "days_off")  # the admin adds the rest, with its own widgets

    def clean_times(self) -> list[str]:
        """Refuse what is no time of day; the rest in order, each once."""
        times = []
        for text in self.cleaned_data["times"]:
            clock = _time(text)
            if clock is None:
                raise forms.ValidationError(_("“%(text)s” is not a time such as 14:00."), params={"text": text})
            times.append(f"{clock:%H:%M}")
        if not times:
            raise forms.ValidationError(_("Name at least one time."))
        return sorted(set(times))

    def clean_reminders(self) -> list[int]:
        """Refuse what is no number of minutes."""
        words = self.cleaned_data["reminders"]
        for text in words:
            if not text.isdecimal() or not 0 < int(text) <= 60 * 24 * 30:
                raise forms.ValidationError(_("“%(text)s” is not a number of minutes."), params={"text": text})
        return sorted({int(text) for text in words}, reverse=True)

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        check_time_zone(name)
        return name

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day is before the first."))
        return cleaned


def _time(text: str) -> Any:
    try:
        return parse_time(text)
    except ValueError:
        return None


@admin.register(ScheduleRule)
class ScheduleRuleAdmin(OfficeAdmin):
    """Where several rules offer the same time, the larger capacity holds."""

    form = ScheduleRuleForm
    list_display = ("title", "days", "clocks", "capacity", "valid_from", "valid_to", "is_active")
    fieldsets = (
        (None, {"fields": WHAT}),
        (_("When"), {"fields": WHEN}),
        (_("Booking"), {"fields": BOOKING}),
        (_("Holds for"), {"fields": HOLDS}),
    )

    @admin.display(description=_("weekdays"))
    def days(self, rule: ScheduleRule) -> str:
        return ", ".join(str(title) for day, title in DAY_TITLES.items() if day in rule.weekdays)

    @admin.display(description=_("times"))
    def clocks(self, rule: ScheduleRule) -> str:
        return ", ".join(rule.times)
