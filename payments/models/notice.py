"""What providers told us: the ledger of notices, and the signatures already seen."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bot.personal import RECORD, TEXT, PersonalModel
from payments.models.account import Account
from payments.models.payment import Payment


class Notice(PersonalModel):
    """One thing told about one deal, however often: unique by provider, deal and what it said."""

    whose = "payment__order__customer"
    personal = {"payload": RECORD, "error": TEXT}
    harmless = ("provider", "external_id", "status", "source", "order_number", "currency", "verdict")

    class Source(models.TextChoices):
        HINT = "hint", _("call of an address")  # proves nothing; read back before it counts
        SIGNED = "signed", _("signed notice")
        READ = "read", _("read back")  # we asked the provider
        EXPORT = "export", _("reconciliation")
        HAND = "hand", _("by hand")  # a person of ours declared it

    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("payment account"), related_name="notices")
    provider = models.CharField(_("provider"), max_length=32)
    external_id = models.CharField(_("deal"), max_length=120)
    status = models.CharField(_("what it said"), max_length=16)  # of payments.facts.DealStatus
    source = models.CharField(_("how it came"), max_length=16, choices=Source.choices)
    order_number = models.CharField(_("customer order"), max_length=64, blank=True)  # as told
    payment = models.ForeignKey(
        Payment, models.SET_NULL, null=True, blank=True, verbose_name=_("payment"), related_name="notices"
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=8, blank=True)
    payload = models.JSONField(_("payload"), default=dict, blank=True)  # as it came, personal data masked
    verdict = models.CharField(_("what became of it"), max_length=48, blank=True)  # a code of payments/words.py
    times = models.PositiveIntegerField(_("times"), default=1)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    check_after = models.DateTimeField(
        _("to be checked at"), null=True, blank=True
    )  # a hint that waits to be read back
    first_at = models.DateTimeField(_("first told at"), auto_now_add=True)
    last_at = models.DateTimeField(_("last told at"))
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)  # a person needs to look at it no more

    class Meta:
        verbose_name = _("provider notice")
        verbose_name_plural = _("provider notices")
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id", "status"], name="payments_notice_once")
        ]
        indexes = [
            models.Index(F("id").desc(), name="payments_notice_newest"),
            models.Index(
                fields=["check_after"], name="payments_notice_to_check", condition=Q(check_after__isnull=False)
            ),
            models.Index(
                fields=["-first_at"], name="payments_notice_orphan", condition=Q(payment=None, closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.status}"


class SeenProof(models.Model):
    """A signature or webhook id that was accepted once: it is not accepted again. Kept at least 24 hours."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("seen signature")
        verbose_name_plural = _("seen signatures")
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="payments_proof_once")]
        indexes = [models.Index(fields=["seen_at"], name="payments_proof_age")]

    def __str__(self) -> str:
        return self.digest[:12]
