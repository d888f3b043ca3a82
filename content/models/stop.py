"""The stop-list: what has ended at a place, wholly or down to so many."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from content.models.options import Option
from content.models.place import Place
from content.models.product import Product


class Stop(models.Model):
    """One line: a product or an option that is not for sale at a place, or only `left` more times."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="stops", verbose_name=_("place"))
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="stops", verbose_name=_("product")
    )
    option = models.ForeignKey(
        Option, models.CASCADE, null=True, blank=True, related_name="stops", verbose_name=_("option")
    )
    left = models.PositiveIntegerField(_("left"), null=True, blank=True, help_text=_("Empty: it has ended wholly."))
    # The return is by reading the clock; a task only tidies the rows away.
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until it is put back."))
    made_by = models.CharField(_("by whom"), max_length=150, blank=True, default="")
    created_at = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("line of the stop-list")
        verbose_name_plural = _("stop-list")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, option__isnull=True) | Q(product__isnull=True, option__isnull=False),
                name="content_stop_is_of_one_thing",
            ),
            models.UniqueConstraint(fields=["place", "product"], name="content_stop_product_once"),
            models.UniqueConstraint(fields=["place", "option"], name="content_stop_option_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.product or self.option}"
