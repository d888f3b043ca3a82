"""The form of an item of the menu: an uploaded photo is checked before anything is written."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldBooleanWidget

from content.menu.photos import photo_path
from content.models import Category, MenuItem, Place
from content.photos import MOST_BYTES, Prepared, prepare_photo
from content.scoped_form import ScopedForm


class PhotoWidget(forms.FileInput):
    """The photo there is, the one just chosen, and a box to drop one on."""

    template_name = "admin/content/photo_widget.html"
    address = ""

    class Media:
        css = {"all": ["office/menu.css"]}
        js = [Script("office/menu.js", defer=True)]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["address"] = self.address
        return context


class PhotoField(forms.FileField):
    """Cleans to a picture ready to be kept."""

    widget = PhotoWidget

    def clean(self, data: Any, initial: Any = None) -> Prepared | None:
        file: UploadedFile[Any] | None = super().clean(data, initial)
        if not file:
            return None
        # One byte more than is allowed tells that it is too large without reading a film into the memory.
        return prepare_photo(file.read(MOST_BYTES + 1))


class MenuItemForm(ScopedForm):
    """An item must stand on a shelf; a product without one is a course."""

    upload = PhotoField(
        label=_("New photo"),
        required=False,
        help_text=_("JPEG, PNG or WebP up to 8 MB, at least 200×200. A square looks best."),
    )
    without_photo = forms.BooleanField(label=_("Take the photo off"), required=False, widget=UnfoldBooleanWidget)
    places = forms.ModelMultipleChoiceField(
        label=_("Coffee shops"),
        queryset=Place.objects.filter(is_active=True),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None ticked: in every one."),
    )

    class Meta:
        model = MenuItem
        fields = ("places",)  # the admin adds the rest, with its own widgets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "category" in self.fields:  # a person who may only look gets no field
            self.fields["category"].required = True
            if not self.instance.pk:
                self.fields["category"].initial = Category.objects.values_list("pk", flat=True).first()
        if "upload" in self.fields:
            photo = self.instance.photo if self.instance.pk else None
            self.fields["upload"].widget.address = photo_path(photo.sha256) if photo else ""

    def clean(self) -> dict[str, Any]:
        """Refuse a choice of both bounds that leaves no time."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("sold_from"), cleaned.get("sold_until")
        if start and start == end:
            self.add_error("sold_until", _("It would never be sold: both times are the same."))
        return cleaned
