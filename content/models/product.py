"""What is sold."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.scoped import Scoped
from content.words import PERSONAS


class Product(Scoped):
    """One offer. The price is ours alone: a customer or a language model never sets it."""

    # A button that pays for it carries "offer:pay:<code>", at most 64 bytes.
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=190)
    description = models.TextField(_("description"), blank=True)
    audience = models.CharField(_("who it is for"), max_length=250, blank=True)
    personas = ArrayField(
        models.CharField(max_length=24, choices=PERSONAS), verbose_name=_("suits"), default=list, blank=True
    )
    price = models.DecimalField(
        _("price, roubles"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    meta = models.JSONField(
        _("settings"), default=dict, blank=True
    )  # deal_url: the page where GetCourse takes the deal
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def deal_url(self) -> str:
        """The GetCourse page on which a deal for this product is made; "" when none is set."""
        meta: dict[str, Any] = self.meta
        return str(meta.get("deal_url") or "")
