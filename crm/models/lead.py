"""A customer's request, from the first word to a manager or to the review pile."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bot.models import Chat
from bot.personal import NAME, TEXT, Personal, PersonalModel, code_or_nothing, codes, same, words
from crm.models.customer import Customer
from crm.models.manager import Manager
from crm.reasons import words_for


class Lead(PersonalModel):
    """One request of one customer."""

    whose = "customer"
    personal = {
        "title": NAME,
        "summary": TEXT,
        "standing": TEXT,
        "profile": Personal(codes, erased={}),
        "utm": Personal(same, erased={}),
        "reason": Personal(words, erased=code_or_nothing),
    }
    harmless = ("status", "source", "product", "language")

    class Status(models.TextChoices):
        NEW = "new", _("new")  # known, nobody has talked yet
        IN_BOT = "in_bot", _("the bot is talking")
        CAPTURED = "captured", _("contact received")  # the phone is here, a manager is not yet
        TAKEN = "taken", _("with a manager")
        DONE = "done", _("done")
        PAID = "paid", _("paid")
        LOW_QUALITY = "low_quality", _("low quality")  # silent or refused
        REVIEW = "review", _("for review")  # the bot cannot reach or help them; a human must look
        CANCELED = "canceled", _("canceled")  # deleted in the portal, or the person asked to be forgotten

    # What a manager works on, what still waits for a contact, and what a late answer brings back.
    OPEN = (Status.NEW, Status.IN_BOT, Status.CAPTURED, Status.TAKEN)
    AWAITING_CONTACT = (Status.NEW, Status.IN_BOT)
    REOPENABLE = (Status.LOW_QUALITY, Status.REVIEW)

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="leads")
    chat = models.ForeignKey(Chat, models.SET_NULL, null=True, blank=True, verbose_name=_("chat"), related_name="leads")
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.NEW)
    reason = models.CharField(_("reason"), max_length=190, blank=True)  # of low quality, review, cancellation
    title = models.CharField(_("title"), max_length=250, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    # How it stands in a manager's words: "назначен на консультацию 25.12 14:00 МСК".
    standing = models.CharField(_("standing"), max_length=190, blank=True, default="")
    # What the customer told about themselves: {"experience": …, "goal": …, "budget": …}, in words.
    profile = models.JSONField(_("profile"), default=dict, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    product = models.CharField(_("product"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    utm = models.JSONField(_("UTM"), default=dict, blank=True)
    manager = models.ForeignKey(
        Manager,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("manager"),
        related_name="leads",
        db_index=False,
    )  # `crm_lead_of_manager` begins with it
    captured_at = models.DateTimeField(_("contact received at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        permissions = [
            ("see_every_lead", _("Can see every lead, not only their own")),
            ("export_lead", _("Can export leads")),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="crm_lead_newest"),
            models.Index(fields=["status", "-created_at"], name="crm_lead_by_status"),
            models.Index(fields=["manager", "status"], name="crm_lead_of_manager"),
            models.Index(fields=["source", "-created_at"], name="crm_lead_by_source"),
            models.Index(fields=["captured_at"], name="crm_lead_captured", condition=Q(captured_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title or f"№ {self.pk}"

    @property
    def reason_text(self) -> str:
        """Why it was lost or handed over, in words."""
        return words_for(self.reason)


class Assignment(PersonalModel):
    """Who was given a lead, when, and why it ended. At most one is open for a lead: the database holds promise 4."""

    whose = "lead__customer"
    harmless = ("rule_title", "end_reason")  # written by ourselves

    lead = models.ForeignKey(Lead, models.CASCADE, verbose_name=_("lead"), related_name="assignments")
    manager = models.ForeignKey(Manager, models.PROTECT, verbose_name=_("manager"), related_name="assignments")
    rule_title = models.CharField(_("rule"), max_length=120, blank=True)
    assigned_at = models.DateTimeField(_("assigned at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ended_at__isnull=True), name="crm_one_manager_per_lead"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} → {self.manager_id}"
