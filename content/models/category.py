"""A shelf of the menu: coffee, tea, pastry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.scoped import Scoped


class Category(Scoped):
    """One shelf; products stand on it in their order."""

    # A button that opens it carries the code, and no channel takes more than 64 bytes of that.
    code = models.SlugField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=60)
    emoji = models.CharField(_("emoji"), max_length=8, blank=True, default="")
    sold_from = models.TimeField(_("sold from"), null=True, blank=True)
    sold_until = models.TimeField(
        _("sold until"), null=True, blank=True, help_text=_("For example breakfast until 12:00. Empty: all day.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.emoji} {self.name}".strip()
