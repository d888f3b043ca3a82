"""One attempt to have an order paid through one provider."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.personal import ADDRESS, RECORD, TEXT, PersonalModel
from payments.models.account import Account
from payments.models.order import Order


class Payment(PersonalModel):
    """A payment; `payments/settling.py` is the only place that changes its status after the link was sent."""

    whose = "order__customer"
    personal = {"link": ADDRESS, "payload": RECORD, "error": TEXT}
    harmless = ("provider", "external_id", "status", "reason", "currency")

    class Status(models.TextChoices):
        CREATED = "created", _("created")  # the link is not there yet
        SENT = "sent", _("link sent")  # the customer has the link
        PARTIAL = "partial", _("partly paid")
        PAID = "paid", _("paid")  # terminal, except for a refund
        PARTLY_REFUNDED = "part_refunded", _("partly refunded")  # the order stands, a part of its money went back
        REFUNDED = "refunded", _("refunded")  # terminal
        FAILED = "failed", _("failed")  # no link could be made, or the provider gave it up
        CANCELED = "canceled", _("canceled")
        NEEDS_REVIEW = "needs_review", _("for review")  # money and order do not fit: a human decides

    # What may still be paid, what a human may look at again, what money has come in for.
    OPEN = (Status.CREATED, Status.SENT, Status.PARTIAL)
    CHECKABLE = (*OPEN, Status.FAILED, Status.CANCELED, Status.NEEDS_REVIEW, Status.PAID, Status.PARTLY_REFUNDED)
    SENDABLE = (Status.SENT, Status.PARTIAL)
    # Where money has come in that could go back; of a review only where some is known to be there.
    REFUNDABLE = (Status.PAID, Status.PARTIAL, Status.PARTLY_REFUNDED, Status.NEEDS_REVIEW)
    MONEY_IN = (Status.PAID, Status.PARTLY_REFUNDED)

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("customer order"), related_name="payments")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, verbose_name=_("payment account"), related_name="payments"
    )
    provider = models.CharField(_("provider"), max_length=32)
    external_id = models.CharField(
        _("id at the provider"), max_length=120, blank=True
    )  # empty until the provider tells
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.CREATED)
    reason = models.CharField(
        _("reason"), max_length=190, blank=True
    )  # of a review or a failure, a code of payments/words.py
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    paid_amount = models.DecimalField(_("paid so far"), max_digits=12, decimal_places=2, default=0)
    refunded_amount = models.DecimalField(_("given back"), max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3, default="RUB")
    link = models.URLField(_("link"), max_length=500, blank=True)
    payload = models.JSONField(_("payload"), default=dict, blank=True)  # what is said with the link, who asked for it
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    run_after = models.DateTimeField(_("not before"), db_default=Now())  # of making the link
    check_after = models.DateTimeField(
        _("to be checked at"), null=True, blank=True
    )  # somebody wants to know how it stands
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], condition=~Q(external_id=""), name="payments_external_id_once"
            )
        ]
        indexes = [
            models.Index(F("id").desc(), name="payments_payment_newest"),
            models.Index(fields=["run_after"], name="payments_to_create", condition=Q(status="created")),
            models.Index(fields=["check_after"], name="payments_to_check", condition=Q(check_after__isnull=False)),
            models.Index(fields=["status", "-created_at"], name="payments_payment_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.amount} {self.currency}"

    @property
    def has_money(self) -> bool:
        """Tell whether money of a deal is in it: another deal's is another payment's."""
        return self.status in (*self.MONEY_IN, self.Status.PARTIAL, self.Status.REFUNDED) or self.paid_amount > 0

    @property
    def is_refundable(self) -> bool:
        """Tell whether money is here that could go back."""
        return self.status in self.REFUNDABLE and self.paid_amount > self.refunded_amount
