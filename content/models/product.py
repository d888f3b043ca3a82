"""What is sold."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.category import Category
from content.models.photo import Photo
from content.models.place import Place
from content.models.scoped import Scoped, ScopedRows
from content.words import PERSONAS


class ProductRows(ScopedRows):
    """What is sold: courses one by one, and what stands on the menu."""

    def courses(self) -> Self:
        """Return what is offered in a talk: it stands on no shelf of a menu."""
        return self.filter(category__isnull=True)

    def on_menu(self) -> Self:
        """Return what stands on the menu."""
        return self.filter(category__isnull=False)


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
    # What follows is of the menu; a product without a category is a course and not on it.
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    photo = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="products", verbose_name=_("photo")
    )
    details = models.CharField(
        _("details"), max_length=120, blank=True, default="", help_text=_("For example: 350 ml · 180 kcal")
    )
    sold_from = models.TimeField(_("sold from"), null=True, blank=True)
    sold_until = models.TimeField(
        _("sold until"), null=True, blank=True, help_text=_("Empty: as long as its category is.")
    )
    prep_minutes = models.PositiveSmallIntegerField(
        _("preparation, minutes"), null=True, blank=True, help_text=_("Empty: as the place says.")
    )
    # https://yookassa.ru/developers/payment-acceptance/receipts/54fz/other-services/parameters-values#vat-codes
    vat_code = models.PositiveSmallIntegerField(
        _("VAT code of the receipt"), null=True, blank=True, help_text=_("Empty: the till's setting.")
    )
    places = models.ManyToManyField(
        Place,
        blank=True,
        related_name="products",
        verbose_name=_("places"),
        help_text=_("None chosen: at every place."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects: ClassVar[ProductRows] = ProductRows.as_manager()  # type: ignore[assignment]

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
