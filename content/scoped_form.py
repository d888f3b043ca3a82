"""Which scenario a row of the library is for: chosen from those there are, though this room does not know them."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget


class ScopedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Offers the scenarios by their titles; one that is stored and gone since stays choosable where it is."""

    scenario_key = forms.ChoiceField(
        label=capfirst(_("only in scenario")),
        required=False,
        help_text=_("Empty: in every scenario."),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scenario_key" in self.fields:  # a person who may only look gets no field
            known: list[tuple[str, str]] = import_string(settings.SCENARIO_CHOICES)()
            stored = self.instance.scenario_key
            gone = [(stored, stored)] if stored and stored not in dict(known) else []
            self.fields["scenario_key"].choices = [("", _("every scenario")), *known, *gone]  # type: ignore[attr-defined]
