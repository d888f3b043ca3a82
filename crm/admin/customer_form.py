"""The one thing of a customer's card that people set by hand: whose clock they live by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Customer

# By their distance to Moscow, as people here name them.
ZONES = (
    ("Europe/Kaliningrad", _("MSK−1, Kaliningrad")),
    ("Europe/Moscow", _("MSK, Moscow")),
    ("Europe/Samara", _("MSK+1, Samara")),
    ("Asia/Yekaterinburg", _("MSK+2, Yekaterinburg")),
    ("Asia/Omsk", _("MSK+3, Omsk")),
    ("Asia/Novosibirsk", _("MSK+4, Novosibirsk")),
    ("Asia/Irkutsk", _("MSK+5, Irkutsk")),
    ("Asia/Yakutsk", _("MSK+6, Yakutsk")),
    ("Asia/Vladivostok", _("MSK+7, Vladivostok")),
    ("Asia/Magadan", _("MSK+8, Magadan")),
    ("Asia/Kamchatka", _("MSK+9, Kamchatka")),
)


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes none at run time
    """The customer's own clock; a zone told in words that is none of these stays to be chosen."""

    time_zone = forms.ChoiceField(
        label=_("time zone"),
        required=False,
        help_text=_("Slots are shown by it beside ours; follow-ups keep its night. Told in words, it fills itself."),
    )

    class Meta:
        model = Customer
        fields = ("time_zone",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" not in self.fields:  # only looked at
            return
        now = self.instance.time_zone
        other = [(now, now)] if now and now not in dict(ZONES) else []
        self.fields["time_zone"].choices = [("", _("not known")), *ZONES, *other]  # type: ignore[attr-defined]
