"""Which of our people work at which counter."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bot.backoffice.pages import OfficeAdmin
from payments.models import Barista


@admin.register(Barista)
class BaristaAdmin(OfficeAdmin):
    """Narrows the order board to some places; the right to open it at all is the role."""

    list_display = ("user", "where")
    fields = ("user", "places")
    filter_horizontal = ("places",)
    list_select_related = ("user",)

    @display(description=_("places"))
    def where(self, row: Barista) -> str:
        return ", ".join(place.name for place in row.places.all()) or str(_("every place"))

    def get_queryset(self, request: object) -> object:
        return Barista.objects.select_related("user").prefetch_related("places")
