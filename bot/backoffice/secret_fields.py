"""Secrets in forms: never shown back; an empty field keeps what is stored."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

KEPT = _("Stored. Leave empty to keep it.")


class SecretInput(UnfoldAdminPasswordWidget):
    """A password box that is always empty when shown."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "new-password"}, render_value=False)


class SecretField(forms.CharField):
    """One secret. Its cleaned value is None when the stored one is to be kept."""

    widget = SecretInput

    def __init__(self, *, is_stored: bool, **kwargs: Any) -> None:
        self.is_stored = is_stored
        kwargs["required"] = kwargs.get("required", False) and not is_stored
        if is_stored:
            kwargs["help_text"] = " ".join(str(part) for part in (kwargs.get("help_text"), KEPT) if part)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned == "" and self.is_stored else cleaned
