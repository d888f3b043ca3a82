"""What a guest likes: favourites to order again, and a word after the pickup."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bot.personal import TEXT, PersonalModel
from crm.models import Customer
from payments.models.order import Order


class Favourite(PersonalModel):
    """A product with its options that a guest keeps at hand."""

    whose = "customer"
    harmless = ("product_code", "options")

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="favourites")
    product_code = models.CharField(_("product"), max_length=40)
    options = models.JSONField(_("options"), default=list, blank=True)  # ["size:l", …], sorted
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [
            models.UniqueConstraint(fields=["customer", "product_code", "options"], name="payments_favourite_once")
        ]

    def __str__(self) -> str:
        return self.product_code


class Review(PersonalModel):
    """Stars and words about one order."""

    whose = "order__customer"
    personal = {"text": TEXT}

    order = models.OneToOneField(Order, models.CASCADE, verbose_name=_("customer order"), related_name="review")
    stars = models.PositiveSmallIntegerField(_("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(_("words"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [("export_review", _("Can export reviews"))]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="payments_review_one_to_five")
        ]
        indexes = [models.Index(fields=["-created_at"], name="payments_review_newest")]

    def __str__(self) -> str:
        return "★" * self.stars
