"""What a guest is gathering, and the request to have it made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.models import Chat
from bot.personal import NAME, RECORD, TEXT, PersonalModel
from content.models import Place
from crm.models import Customer
from payments.models.order import Order


class Way(models.TextChoices):
    """How an order of the shop is paid."""

    COUNTER = "counter", _("at the counter")
    TELEGRAM = "telegram", _("in Telegram")
    YOOKASSA = "yookassa", _("YooKassa")


class CartRow(PersonalModel):
    """The one cart of a guest at a place; chat and Mini App change the same row."""

    whose = "customer"
    personal = {"body": RECORD}

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="carts")
    place = models.ForeignKey(Place, models.CASCADE, verbose_name=_("place"), related_name="+")
    body = models.JSONField(_("what is in it"), default=dict, blank=True)  # of content.menu.cart
    version = models.PositiveIntegerField(_("version"), default=0)  # grows with every change
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        constraints = [models.UniqueConstraint(fields=["customer", "place"], name="payments_one_cart")]
        indexes = [models.Index(fields=["updated_at"], name="payments_cart_age")]

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.place_id}"


class Checkout(PersonalModel):
    """A wish to order exactly this. It becomes one order, or an answer that something has moved."""

    whose = "customer"
    personal = {"cart": RECORD, "name": NAME, "comment": TEXT, "error": TEXT}
    harmless = ("key", "expected", "way", "promo", "status", "changes")

    class Status(models.TextChoices):
        ASKED = "asked", _("being placed")
        PLACED = "placed", _("placed")  # `order` is what it became
        MOVED = "moved", _("something has changed")  # `changes` say what; the guest is asked anew
        FAILED = "failed", _("failed")  # could not be placed at all; our people look

    key = models.CharField(_("key"), max_length=190, unique=True)  # of the press or the page's request: once
    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="checkouts")
    chat = models.ForeignKey(Chat, models.SET_NULL, null=True, blank=True, verbose_name=_("chat"), related_name="+")
    place = models.ForeignKey(Place, models.CASCADE, verbose_name=_("place"), related_name="+")
    cart = models.JSONField(_("what is in it"), default=dict, blank=True)
    cart_version = models.PositiveIntegerField(default=0)  # a cart changed meanwhile is not emptied
    expected = models.JSONField(_("what the guest saw"), default=dict, blank=True)
    pickup_at = models.DateTimeField(_("pickup"), null=True, blank=True)  # empty: as soon as possible
    way = models.CharField(_("way of payment"), max_length=16, choices=Way.choices, default=Way.COUNTER)
    name = models.CharField(_("name"), max_length=60, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    promo = models.CharField(_("promo code"), max_length=40, blank=True)
    use_loyalty = models.BooleanField(_("spend what was saved"), default=False)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.ASKED)
    changes = models.JSONField(_("what has changed"), default=list, blank=True)
    order = models.OneToOneField(
        Order, models.SET_NULL, null=True, blank=True, verbose_name=_("customer order"), related_name="checkout"
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    run_after = models.DateTimeField(_("not before"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        indexes = [
            models.Index(fields=["run_after"], name="payments_to_place", condition=models.Q(status="asked")),
            models.Index(fields=["created_at"], name="payments_checkout_age"),
        ]

    def __str__(self) -> str:
        return self.key
