"""What a customer wants to buy: one course or a cart, the same model."""

import secrets
from decimal import Decimal

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from bot.models import Chat
from bot.personal import PersonalModel
from crm.models import Customer, Lead

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like something else
NUMBER_LENGTH = 10  # 50 bits: nobody guesses the order of another


def new_number() -> str:
    """Return an order number: the `order_id` that providers are told and tell back."""
    return "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))


class Order(PersonalModel):
    """One purchase. Its prices were computed here when it was made and never change."""

    whose = "customer"
    harmless = ("number", "status", "currency")

    class Status(models.TextChoices):
        NEW = "new", _("waits for payment")
        PAID = "paid", _("paid")
        REFUNDED = "refunded", _("refunded")
        CANCELED = "canceled", _("canceled")

    number = models.CharField(_("number"), max_length=32, unique=True, default=new_number, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="orders")
    chat = models.ForeignKey(
        Chat, models.SET_NULL, null=True, blank=True, verbose_name=_("chat"), related_name="orders"
    )
    lead = models.ForeignKey(
        Lead, models.SET_NULL, null=True, blank=True, verbose_name=_("lead"), related_name="orders"
    )
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.NEW)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="RUB")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer order")
        verbose_name_plural = _("orders")
        permissions = [("export_order", _("Can export orders"))]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="payments_order_newest"),
            models.Index(fields=["status", "-created_at"], name="payments_order_by_status"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderItem(PersonalModel):
    """One line of an order, as it was called and priced when it was ordered."""

    whose = "order__customer"
    harmless = ("code", "title", "options")

    order = models.ForeignKey(Order, models.CASCADE, verbose_name=_("customer order"), related_name="items")
    code = models.CharField(_("code"), max_length=64)
    title = models.CharField(_("title"), max_length=190)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    # [{"code": "size:l", "name": "…", "price": "60.00"}, …]: as chosen; their prices are within `price` already
    options = models.JSONField(_("options"), default=list, blank=True)
    discount = models.DecimalField(
        _("taken off the line"), max_digits=12, decimal_places=2, default=Decimal(0)
    )  # its part of promo and loyalty
    vat_code = models.PositiveSmallIntegerField(_("VAT code"), null=True, blank=True)

    class Meta:
        verbose_name = _("order item")
        verbose_name_plural = _("order items")
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="payments_item_quantity"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="payments_item_price"),
            models.CheckConstraint(condition=models.Q(discount__gte=0), name="payments_item_discount"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def amount(self) -> Decimal:
        """What is to be paid for the whole line: the lines of an order add up to its amount."""
        return self.price * self.quantity - self.discount

    @property
    def name(self) -> str:
        """The title with its options, as the guest and the barista read it."""
        chosen = ", ".join(str(option["name"]) for option in self.options)
        return f"{self.title} ({chosen})" if chosen else self.title
