"""Who works at the counter, and where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models import Place


class Barista(models.Model):
    """That a user works at some places only. Without such a row the order board shows them every place."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="barista"
    )
    places = models.ManyToManyField(
        Place,
        blank=True,
        verbose_name=_("places"),
        related_name="baristas",
        help_text=_("None chosen: at every place."),
    )

    class Meta:
        verbose_name = _("barista")
        verbose_name_plural = _("baristas")
        permissions = [
            ("work_board", _("Can work at the order board")),
            ("see_shop_report", _("Can see the shop's report")),
        ]

    def __str__(self) -> str:
        return str(self.user)
