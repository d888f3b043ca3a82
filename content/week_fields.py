"""Form fields for opening hours and for short lists: people type words, the models keep JSON."""

import re
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_TITLES = dict(zip(DAYS, (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")), strict=True))
_SPAN = re.compile(r"^(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})$")
Week = dict[str, list[list[str]]]


class WeekWidget(forms.MultiWidget):
    """Seven short boxes, Monday first."""

    template_name = "admin/office/week.html"

    def __init__(self) -> None:
        super().__init__({day: UnfoldAdminTextInputWidget({"placeholder": "09:00-18:00"}) for day in DAYS})

    def decompress(self, value: Week | None) -> list[str]:
        """Return what each box shows."""
        week = value if isinstance(value, dict) else {}
        return [", ".join(f"{first}-{last}" for first, last in week.get(day, ())) for day in DAYS]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for subwidget, day in zip(context["widget"]["subwidgets"], DAYS, strict=True):
            subwidget["day_title"] = DAY_TITLES[day]
        return context


class WeekField(forms.MultiValueField):
    """Hours of each day as `09:00-13:00, 14:00-18:00`; an empty day is a day off. Cleans to the models' JSON."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("For example 09:00-13:00, 14:00-18:00. Empty: closed that day."))
        boxes = [forms.CharField(required=False) for _day in DAYS]
        super().__init__(fields=boxes, widget=WeekWidget(), require_all_fields=False, required=False, **kwargs)

    def compress(self, data_list: list[str]) -> Week:
        """Return the week; names the day that cannot be read."""
        week: Week = {}
        for day, text in zip(DAYS, data_list or [], strict=False):
            if spans := parse_hours(text or "", day):
                week[day] = spans
        return week


def parse_hours(text: str, day: str) -> list[list[str]]:
    """Read one day's hours; raises `ValidationError`."""
    return [_span(part.strip(), day) for part in text.split(",") if part.strip()]


def _span(text: str, day: str) -> list[str]:
    match = _SPAN.match(text)
    first, last = (0, 0), (0, 0)
    if match:
        hours = [int(part) for part in match.groups()]
        first, last = (hours[0], hours[1]), (hours[2], hours[3])
    if not match or first >= last or last > (24, 0) or first[1] > 59 or last[1] > 59:
        words = {"day": DAY_TITLES[day], "text": text}
        raise ValidationError(_("%(day)s: “%(text)s” is not a span of hours such as 09:00-18:00."), params=words)
    return [f"{first[0]:02}:{first[1]:02}", f"{last[0]:02}:{last[1]:02}"]


class WordsField(forms.CharField):
    """A list of short words, shown and typed with commas."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Separated by commas."))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(item) for item in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [word.strip() for word in (value or "").split(",") if word.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class LinesField(WordsField):
    """A list of words, one on a line."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("One per line."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(item) for item in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class DatesField(LinesField):
    """A list of dates, one on a line; refuses what is no date."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("One date per line, such as 2026-12-31."))
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        for text in value:
            if not _is_date(text):
                raise ValidationError(_("“%(text)s” is not a date such as 2026-12-31."), params={"text": text})


def _is_date(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False


def check_time_zone(name: str) -> None:
    """Raise `ValidationError` for a zone that the machine does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone “%(name)s”."), params={"name": name})
