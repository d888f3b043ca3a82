"""Promo codes, and who used them."""

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.personal import PersonalModel
from content.models.scoped import Scoped
from crm.models import Customer
from payments.models.order import Order


class Promo(Scoped):
    """One code: what it takes off, from which sum, when, and how often."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("percent")
        AMOUNT = "amount", _("sum")

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("Upper case; guests may type it as they like."),
        validators=[RegexValidator(r"^[0-9A-ZА-ЯЁ_-]+$", _("Upper-case letters, digits, - and _ only."))],
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.PERCENT)
    value = models.DecimalField(
        _("takes off"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    least_amount = models.DecimalField(
        _("from the sum of"), max_digits=12, decimal_places=2, default=Decimal(0), blank=True
    )
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    most_uses = models.PositiveIntegerField(_("uses at most"), null=True, blank=True)
    most_per_guest = models.PositiveIntegerField(_("uses of one guest at most"), null=True, blank=True, default=1)
    # Counted here so that a limit is one conditional UPDATE, whoever comes at the same instant.
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("promo code")
        verbose_name_plural = _("promo codes")
        ordering = ["-is_active", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="percent") | Q(value__lte=100), name="payments_promo_percent_at_most_100"
            )
        ]

    def __str__(self) -> str:
        return self.code


class PromoUse(PersonalModel):
    """One order had this code. `returned_at`: the order was given up, the use is free again."""

    whose = "customer"

    promo = models.ForeignKey(Promo, models.PROTECT, verbose_name=_("promo code"), related_name="uses")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="+")
    order = models.OneToOneField(Order, models.CASCADE, verbose_name=_("customer order"), related_name="promo_use")
    amount = models.DecimalField(_("taken off"), max_digits=12, decimal_places=2)
    used_at = models.DateTimeField(_("used at"), db_default=Now())
    returned_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("use of a promo code")
        verbose_name_plural = _("uses of promo codes")
        indexes = [models.Index(fields=["promo", "customer"], name="payments_promo_of_guest")]

    def __str__(self) -> str:
        return f"−{self.amount}"
