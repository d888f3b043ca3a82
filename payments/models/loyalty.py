"""What a guest saves by coming again: every Nth drink, or points."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.personal import PersonalModel
from content.models import Category
from crm.models import Customer
from payments.models.order import Order


class LoyaltyProgram(models.Model):
    """How guests are rewarded; one for the house, and one for a scenario that has its own."""

    class Kind(models.TextChoices):
        OFF = "off", _("none")
        NTH = "nth", _("every Nth drink free")
        POINTS = "points", _("points")

    scenario_key = models.CharField(
        _("only in scenario"),
        max_length=64,
        blank=True,
        default="",
        unique=True,
        help_text=_("Empty: in every scenario."),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.OFF)
    every = models.PositiveSmallIntegerField(
        _("every Nth is free"), default=6, validators=[MinValueValidator(2), MaxValueValidator(100)]
    )
    categories = models.ManyToManyField(
        Category,
        blank=True,
        verbose_name=_("of these categories"),
        related_name="+",
        help_text=_("None chosen: of all."),
    )
    most_free = models.DecimalField(
        _("a free one costs at most"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    percent = models.DecimalField(
        _("points, percent of the sum"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    max_share = models.PositiveSmallIntegerField(
        _("points pay at most, percent"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("loyalty program")
        verbose_name_plural = _("loyalty program")

    def __str__(self) -> str:
        return self.get_kind_display()


class LoyaltyEntry(PersonalModel):
    """One line of the ledger; what a guest has is the sum of their lines."""

    whose = "customer"
    harmless = ("kind", "unit", "made_by")

    class Kind(models.TextChoices):
        EARNED = "earned", _("earned")  # at pickup
        SPENT = "spent", _("spent")  # when the order was placed
        RETURNED = "returned", _("returned")  # spent, but the order was given up
        REVOKED = "revoked", _("taken back")  # earned, but the money went back
        GIFT = "gift", _("by hand")  # written by our people

    class Unit(models.TextChoices):
        STAMP = "stamp", _("stamps")  # one for each paid drink
        POINT = "point", _("points")  # one rouble each

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="loyalty_entries")
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, verbose_name=_("customer order"), related_name="loyalty_entries"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit.choices)
    amount = models.IntegerField(_("amount"))  # negative when it goes
    worth = models.DecimalField(_("worth, roubles"), max_digits=12, decimal_places=2, default=Decimal(0))
    made_by = models.CharField(_("by whom"), max_length=150, blank=True, default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("loyalty entry")
        verbose_name_plural = _("loyalty ledger")
        permissions = [("export_loyaltyentry", _("Can export the loyalty ledger"))]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(order__isnull=False), name="payments_loyalty_once"
            )
        ]
        indexes = [models.Index(fields=["customer", "unit"], name="payments_loyalty_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d}"
