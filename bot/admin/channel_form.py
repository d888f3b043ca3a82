"""The form of a channel: its adapter says which credentials it needs; what is stored is never shown back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from bot.backoffice.scenario_field import ScenarioField
from bot.backoffice.secret_fields import SecretField
from bot.channels.registry import adapter_for
from bot.models import Channel

PREFIX = "credential_"
LABELS = {
    "token": _("Token"),
    "proxy": _("Proxy"),
    "bot_token": _("Bot token"),
    "provider_token": _("Payment token"),
}


def kinds() -> list[tuple[str, str]]:
    """Return the kinds an operator may choose."""
    return [(kind, gettext(adapter_for(kind).title)) for kind in settings.CHANNELS]


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything but the credentials; `form_for` adds those."""

    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=kinds, widget=UnfoldAdminSelectWidget)
    credential_specs: Mapping[str, tuple[str, bool]] = {}

    class Meta:
        model = Channel
        fields = ("kind", "scenario_key")  # the admin adds the rest, with its own widgets

    def save(self, commit: bool = True) -> Any:
        self.instance.credentials = self._credentials()
        return super().save(commit)

    def _credentials(self) -> dict[str, Any]:
        """Return the stored credentials with what was typed over them; None means: keep. What was never there stays away."""
        stored = self.instance.credentials or {}
        typed = {name: self.cleaned_data.get(PREFIX + name) for name in self.credential_specs}
        told = {name: value for name, value in typed.items() if value or (value is not None and name in stored)}
        return {**stored, **told}


def form_for(channel: Channel | None) -> type[ChannelForm]:
    """Return the form class of one channel: the kind is settled once it is stored, its credentials are known then."""
    if channel is None:
        return type("ChannelForm", (ChannelForm,), {"scenario_key": ScenarioField(required=False)})
    specs = adapter_for(channel.kind).credential_fields if channel.kind in settings.CHANNELS else {}
    fields: dict[str, Any] = {"scenario_key": ScenarioField(stored=channel.scenario_key, required=False)}
    fields |= {
        PREFIX + name: _field(name, str(hint), is_secret, (channel.credentials or {}).get(name))
        for name, (hint, is_secret) in specs.items()
    }
    return type("ChannelForm", (ChannelForm,), {**fields, "kind": None, "credential_specs": specs})


def _field(name: str, hint: str, is_secret: bool, stored: Any) -> forms.Field:
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    hint = gettext(hint)
    if is_secret:
        return SecretField(label=label, help_text=hint, is_stored=bool(stored), required=False)
    return forms.CharField(
        label=label, help_text=hint, initial=stored or "", required=False, widget=UnfoldAdminTextInputWidget
    )
