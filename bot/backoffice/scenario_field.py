"""Which scenario a channel or a portal runs: chosen from those there are, though this room does not know them."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget


def _choices() -> list[tuple[str, str]]:
    known: list[tuple[str, str]] = import_string(settings.SCENARIO_CHOICES)()
    return [("", str(_("Choose a scenario"))), *known]


class ScenarioField(forms.ChoiceField):
    """A scenario's key. One that is stored and switched off since stays choosable where it is."""

    widget = UnfoldAdminSelectWidget

    def __init__(self, *, stored: str = "", **kwargs: Any) -> None:
        def choices() -> list[tuple[str, str]]:
            known = _choices()
            return known if not stored or stored in dict(known) else [*known, (stored, stored)]

        super().__init__(label=capfirst(_("scenario")), choices=choices, **kwargs)
