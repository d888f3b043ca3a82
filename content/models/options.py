"""What a guest may choose about a product: size, milk, syrup. A group is made once and shared by many products."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.models.product import Product
from content.models.scoped import Scoped


class OptionGroup(Scoped):
    """One choice to make: at least `min_choices` of its options and at most `max_choices`."""

    code = models.SlugField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=60)
    min_choices = models.PositiveSmallIntegerField(
        _("at least"), default=0, help_text=_("1 or more: the guest must choose.")
    )
    max_choices = models.PositiveSmallIntegerField(_("at most"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    products = models.ManyToManyField(
        Product, through="ProductGroup", related_name="groups", verbose_name=_("products")
    )
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("group of options")
        verbose_name_plural = _("groups of options")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_choices__gte=1) & Q(max_choices__gte=F("min_choices")),
                name="content_group_limits_agree",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Option(models.Model):
    """One thing to choose, and what it adds to the price."""

    group = models.ForeignKey(OptionGroup, models.CASCADE, related_name="options", verbose_name=_("group of options"))
    code = models.SlugField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=60)
    price = models.DecimalField(
        _("adds to the price, roubles"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text=_("0 changes nothing, a negative number makes it cheaper."),
    )
    is_default = models.BooleanField(_("chosen at first"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="content_option_code_once")]

    def __str__(self) -> str:
        return self.name


class ProductGroup(models.Model):
    """That a product has a choice to make, and which comes first."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="choices", verbose_name=_("product"))
    group = models.ForeignKey(OptionGroup, models.CASCADE, related_name="uses", verbose_name=_("group of options"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("choice of a product")
        verbose_name_plural = _("choices of a product")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "group"], name="content_product_group_once")]

    def __str__(self) -> str:
        return f"{self.product}: {self.group}"
