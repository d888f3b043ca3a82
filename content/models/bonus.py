"""A present for the newcomer: a guide, a checklist, a lesson."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.scoped import Scoped


class Bonus(Scoped):
    """One present; scenarios give them with `show: bonuses`."""

    key = models.SlugField(_("key"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("what it gives"), blank=True)
    url = models.URLField(_("link"), blank=True, max_length=500)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("bonus")
        verbose_name_plural = _("bonuses")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title
