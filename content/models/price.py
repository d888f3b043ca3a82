"""The history of prices: who changed which, when and from what."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from content.models.options import Option
from content.models.product import Product


class PriceChange(models.Model):
    """One change; written by `content.prices.change_price` and by nobody else."""

    product = models.ForeignKey(
        Product, models.CASCADE, null=True, related_name="price_changes", verbose_name=_("product")
    )
    option = models.ForeignKey(
        Option, models.CASCADE, null=True, related_name="price_changes", verbose_name=_("option")
    )
    old = models.DecimalField(_("was"), max_digits=12, decimal_places=2)
    new = models.DecimalField(_("became"), max_digits=12, decimal_places=2)
    changed_by = models.CharField(_("by whom"), max_length=150, blank=True, default="")
    changed_at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("change of a price")
        verbose_name_plural = _("history of prices")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, option__isnull=True) | Q(product__isnull=True, option__isnull=False),
                name="content_price_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product or self.option}: {self.old} → {self.new}"
