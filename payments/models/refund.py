"""Money on its way back to who paid it."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.personal import TEXT, PersonalModel
from payments.models.payment import Payment


def new_key() -> str:
    """Return the name of one refund: asked for twice under it, it is one."""
    return secrets.token_hex(12)


class Refund(PersonalModel):
    """One refund, whole or in part. `payments/refunding.py` is the only place that changes it."""

    whose = "payment__order__customer"
    personal = {"error": TEXT}
    harmless = ("key", "status", "reason", "external_id", "by")

    class Status(models.TextChoices):
        WANTED = "wanted", _("being asked for")  # the provider has not confirmed that it took the request
        PENDING = "pending", _("the provider works on it")
        BY_HAND = "by_hand", _("to be given back by hand")  # this provider takes no refunds from us
        DONE = "done", _("given back")
        FAILED = "failed", _("failed")  # the money stays where it was: a person decides

    # What counts against the money that is left, and what a worker goes on with.
    COUNTED = (Status.WANTED, Status.PENDING, Status.BY_HAND, Status.DONE)
    UNDER_WAY = (Status.WANTED, Status.PENDING)

    payment = models.ForeignKey(Payment, models.PROTECT, verbose_name=_("payment"), related_name="refunds")
    key = models.CharField(_("key"), max_length=64, unique=True, default=new_key)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.WANTED)
    reason = models.CharField(_("reason"), max_length=48, blank=True)  # a code of payments/words.py
    asked_again = models.BooleanField(default=False, editable=False)  # a failed one whose place another has taken
    by = models.CharField(_("who asked"), max_length=190, blank=True)  # a person of ours; empty: by itself
    external_id = models.CharField(_("id at the provider"), max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    run_after = models.DateTimeField(_("not before"), db_default=Now())
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    done_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payments_refund_amount")]
        indexes = [
            models.Index(F("id").desc(), name="payments_refund_newest"),
            models.Index(
                fields=["run_after"], name="payments_refund_due", condition=Q(status__in=("wanted", "pending"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment.order}: {self.amount} {self.payment.currency}"
