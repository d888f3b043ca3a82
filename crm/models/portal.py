"""The Bitrix24 portal: how to reach it, what it told us, what we have yet to tell it."""

from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bot.models import Channel
from bot.personal import FACTS, RECORD, TEXT, PersonalModel
from bot.secrets import SealedJSONField, fingerprint
from crm.models.lead import Lead

PURPOSES = {
    "bot": _("Handled by the bot"),
    "success": _("Contact received"),
    "low_quality": _("Low quality"),
    "review": _("Review by hand"),
    "done": _("Done"),
    "paid": _("Paid"),
    "canceled": _("Canceled"),
}
# https://apidocs.bitrix24.com/api-reference/crm/status/index.html: the stages every portal is born with
BUILT_IN_STAGES = {
    "NEW": _("Not processed"),
    "IN_PROCESS": _("In work"),
    "PROCESSED": _("Processed"),
    "CONVERTED": _("Good lead"),
    "JUNK": _("Low quality"),
}


class Portal(models.Model):
    """One connected portal. Stages and people are chosen in the admin or found by `connect bitrix24`."""

    class Entity(models.TextChoices):
        LEAD = "lead", _("leads")
        DEAL = "deal", _("deals")

    title = models.CharField(_("title"), max_length=120)
    webhook_url = SealedJSONField(_("incoming webhook"), default=str, blank=True)  # holds a secret
    application_token = SealedJSONField(_("application token"), default=str, blank=True)
    token_fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    scenario_key = models.SlugField(_("scenario"), max_length=64, default="first-contact")
    entities = models.JSONField(_("watches"), default=list, blank=True)  # of Entity; empty: leads
    bot_stage = models.CharField(_("stage: the bot is talking"), max_length=32, blank=True)
    success_stage = models.CharField(_("stage: contact received"), max_length=32, blank=True)
    low_quality_stage = models.CharField(_("stage: low quality"), max_length=32, blank=True)
    review_stage = models.CharField(_("stage: for review"), max_length=32, blank=True)
    # What a settled lead's card is moved to; empty: it stays where it is, a comment tells.
    done_stage = models.CharField(_("stage: done"), max_length=32, blank=True, default="")
    paid_stage = models.CharField(_("stage: paid"), max_length=32, blank=True, default="")
    canceled_stage = models.CharField(_("stage: canceled"), max_length=32, blank=True, default="")
    technical_user_id = models.BigIntegerField(_("technical user"), null=True, blank=True)
    open_line_id = models.BigIntegerField(_("open line"), null=True, blank=True)
    bot_id = models.BigIntegerField(_("bot"), null=True, blank=True, editable=False)
    channel = models.ForeignKey(
        Channel, models.SET_NULL, null=True, blank=True, verbose_name=_("open-line channel"), related_name="+"
    )
    options = models.JSONField(_("options"), default=dict, blank=True)  # rate limits, deal pipeline …
    poll_cursor = models.JSONField(default=dict, blank=True, editable=False)
    is_active = models.BooleanField(_("is active"), default=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    health_note = models.TextField(_("what was seen"), blank=True)

    class Meta:
        verbose_name = _("Bitrix24 portal")
        verbose_name_plural = _("Bitrix24")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        # Finds the portal by the token an event shows; the token itself stays sealed. Without a token: found by nothing.
        self.token_fingerprint = fingerprint(str(self.application_token)) if self.application_token else ""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        self._tell_channel()

    def _tell_channel(self) -> None:
        """Keep the copy that the open-line channel sends with: an address must not live on after it was changed here."""
        channel = self.channel
        if channel is None:
            return
        credentials = {**channel.credentials, "webhook_url": self.webhook_url or ""}
        budget = {name: self.options[name] for name in ("burst", "per_second") if name in self.options}
        options = {**channel.options, "portal_budget": budget}
        if (credentials, options) != (channel.credentials, channel.options):
            channel.credentials, channel.options = credentials, options
            channel.save(update_fields=["credentials", "options"])

    def stage_for(self, entity: str, purpose: str) -> str:
        """Return the stage id for one of `PURPOSES`; deals have a pipeline of their own."""
        if entity == self.Entity.DEAL:
            return str(self.options.get("deal_stages", {}).get(purpose, ""))
        return str(getattr(self, f"{purpose}_stage"))

    @property
    def watched(self) -> list[str]:
        """The entities whose new rows are talked to."""
        return list(self.entities) or [self.Entity.LEAD]


class RemoteLead(PersonalModel):
    """A lead or deal in the portal. `noticed_at` later than `reviewed_at` means somebody must look at it."""

    whose = "lead__customer"
    personal = {"error": TEXT}
    harmless = ("entity", "stage")

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="remote_leads")
    entity = models.CharField(_("entity"), max_length=8, choices=Portal.Entity.choices, default=Portal.Entity.LEAD)
    remote_id = models.BigIntegerField(_("id in Bitrix24"))
    lead = models.OneToOneField(
        Lead, models.SET_NULL, null=True, blank=True, verbose_name=_("lead"), related_name="remote"
    )
    has_phone = models.BooleanField(_("has a phone"), default=False)
    stage = models.CharField(_("stage"), max_length=32, blank=True)
    assigned_by_id = models.BigIntegerField(_("responsible"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("noticed at"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    remote_updated_at = models.DateTimeField(_("changed in Bitrix24 at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    deleted_at = models.DateTimeField(_("deleted in Bitrix24 at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Bitrix24 lead")
        verbose_name_plural = _("Bitrix24 leads")
        constraints = [
            models.UniqueConstraint(fields=["portal", "entity", "remote_id"], name="crm_remote_once_per_portal")
        ]
        indexes = [models.Index(fields=["noticed_at"], name="crm_remote_noticed")]

    def __str__(self) -> str:
        return f"{_('Deal') if self.entity == Portal.Entity.DEAL else _('Lead')} № {self.remote_id}"

    @property
    def stage_name(self) -> str:
        """The stage as people know it; a portal's own stage comes back as its code."""
        own = {self.portal.stage_for(self.entity, purpose): name for purpose, name in PURPOSES.items()}
        # A stage that came with the portal keeps its own name, whatever we use it for.
        return str({**own, **BUILT_IN_STAGES}.get(self.stage, self.stage)) if self.stage else ""

    @property
    def url(self) -> str:
        """Where people look at it in the portal; "" without a portal's address."""
        parts = urlsplit(str(self.portal.webhook_url))
        return f"{parts.scheme}://{parts.netloc}/crm/{self.entity}/details/{self.remote_id}/" if parts.netloc else ""

    def mark_deleted(self) -> None:
        """Remember that the portal has it no more; it is not looked at again."""
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])


class WriteBack(PersonalModel):
    """One thing to tell the portal. Done in order per lead; never repeated blindly."""

    whose = "lead__customer"
    personal = {"params": RECORD, "result": FACTS, "error": TEXT}
    harmless = ("operation", "dedupe_key", "status")

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being written")
        DONE = "done", _("written")
        UNKNOWN = "unknown", _("unknown")  # sent, not confirmed; to be verified by reading
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("canceled")

    class Operation(models.TextChoices):
        """What can be written; the functions are in `crm/bitrix24/operations/`."""

        CREATE_LEAD = "create_lead", _("create the lead")
        FIND_LINE_LEAD = "find_line_lead", _("find the open line's lead")
        MOVE = "move", _("stage and responsible")
        ADD_PHONE = "add_phone", _("add the phone")
        ADD_EMAIL = "add_email", _("add the e-mail")
        COMMENT = "comment", _("comment in the timeline")
        NOTIFY = "notify", _("notice to a manager")
        TRANSFER_CHAT = "transfer_chat", _("give the chat to a human")
        ERASE = "erase", _("erase the customer's data")
        FINISH_CHAT = "finish_chat", _("end the chat")

    RETRYABLE = (Status.UNKNOWN, Status.FAILED)

    portal = models.ForeignKey(Portal, models.CASCADE, verbose_name=_("portal"), related_name="writes")
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, verbose_name=_("lead"), related_name="writes")
    operation = models.CharField(_("operation"), max_length=32)
    params = SealedJSONField(_("parameters"), default=dict, blank=True)  # may hold a phone
    dedupe_key = models.CharField(_("dedupe key"), max_length=120, unique=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.QUEUED)
    result = models.JSONField(_("result"), default=dict, blank=True)
    run_after = models.DateTimeField(_("not before"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Bitrix24 write")
        verbose_name_plural = _("Bitrix24 writes")
        indexes = [
            models.Index(fields=["run_after"], name="crm_write_queued", condition=Q(status="queued")),
            models.Index(fields=["lead", "id"], name="crm_write_of_lead"),
        ]

    def __str__(self) -> str:
        return self.operation_label

    @property
    def operation_label(self) -> str:
        """What is written, in words."""
        labels = dict(self.Operation.choices)
        return str(labels.get(self.operation, self.operation))

    @classmethod
    def erase_rows(cls, rows: QuerySet[Any]) -> int:
        """What waits is written no more; a write that is on its way is left to end, and loses its words afterwards."""
        waiting = rows.filter(status__in=(cls.Status.QUEUED, *cls.RETRYABLE))
        waiting.update(status=cls.Status.CANCELED)
        return super().erase_rows(rows.exclude(status=cls.Status.RUNNING))
