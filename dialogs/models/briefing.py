"""What the model, or our rules in its place, wrote about a customer for our own people."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bot.personal import TEXT, PersonalModel
from crm.models import Lead
from dialogs.models.conversation import Conversation


class Briefing(PersonalModel):
    """One text about one dialogue. Asked for first, written a moment later; never changed afterwards."""

    whose = "conversation__customer"
    personal = {"text": TEXT}
    harmless = ("kind", "provider", "model", "fallback")

    class Kind(models.TextChoices):
        SCRIPT = "script", _("mini-script")  # for the manager who is about to talk
        SUMMARY = "summary", _("summary")  # two to four sentences on the lead

    # The prompt each kind is written by.
    PROMPTS = {Kind.SCRIPT: "sales_spin_aida", Kind.SUMMARY: "summarizer"}

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="briefings"
    )
    lead = models.ForeignKey(
        Lead, models.CASCADE, verbose_name=_("lead"), related_name="briefings", null=True, db_index=False
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    provider = models.CharField(_("provider"), max_length=32, blank=True)
    model = models.CharField(_("model"), max_length=120, blank=True)
    fallback = models.CharField(_("why scripted"), max_length=32, blank=True)  # a code; empty: the provider's own words
    prompt_version = models.PositiveIntegerField(_("prompt version"), default=0)
    tokens_in = models.PositiveIntegerField(_("tokens in"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens out"), default=0)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=6, default=Decimal(0))  # in dollars
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("asked by"), related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)  # a worker has it; old: it died
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")
        indexes = [
            models.Index("lead", "kind", F("id").desc(), name="dialogs_briefing_of_lead"),
            models.Index(fields=["asked_at"], name="dialogs_briefing_asked"),
            models.Index(fields=["id"], name="dialogs_briefing_waiting", condition=Q(written_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} № {self.pk}"
