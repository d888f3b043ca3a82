"""Settings as YAML: what an editor can read and write without counting braces."""

from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

NO_SETTINGS = ""


class YamlField(forms.CharField):
    """A mapping, shown and typed as YAML; an empty field is an empty mapping."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 12, "spellcheck": "false", "class": "o-code"})
        super().__init__(widget=widget, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100) if value else NO_SETTINGS
        return value

    def to_python(self, value: Any) -> Any:
        try:
            read = yaml.safe_load(value or "") or {}
        except yaml.YAMLError as error:
            raise ValidationError(_("Not readable as YAML: %(error)s"), params={"error": error}) from error
        if not isinstance(read, dict):
            raise ValidationError(_("Write settings as “name: value”, one on a line."))
        return read

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True
