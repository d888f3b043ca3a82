"""What the assistant was asked, what it answered, and what was made of it: one row a request."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from bot.personal import FACTS, RECORD, TEXT, PersonalModel
from dialogs.models.conversation import Conversation


class AssistantTurn(PersonalModel):
    """One request to the assistant, from the customer's words to what was said, with all that led there."""

    whose = "conversation__customer"
    personal = {
        "facts": RECORD,
        "raw": TEXT,
        "verdicts": FACTS,
        "decision": RECORD,
        "final_text": TEXT,
        "error": TEXT,
    }
    harmless = ("step", "status", "prompts", "provider", "model", "fallback", "request_id")

    class Status(models.TextChoices):
        ASKED = "asked", _("asked")  # waits for the worker, or is being thought about
        ANSWERED = "answered", _("answered")  # the answer lies in the inbox; the next turn decides
        STALE = "stale", _("came too late")  # a newer message, a takeover, an end: dropped, not sent
        FAILED = "failed", _("failed")  # not even the scripted assistant could answer
        DECIDED = "decided", _("decided")  # judged by the policy, said

    # What may still become words.
    OPEN = (Status.ASKED, Status.ANSWERED)

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="assistant_turns", db_index=False
    )
    request = models.PositiveIntegerField(_("request"))  # grows within the dialogue; only the newest is wanted
    epoch = models.PositiveIntegerField(_("epoch"), default=0)  # of the chat when it was asked
    step = models.CharField(_("step"), max_length=64, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.ASKED)
    facts = models.JSONField(
        _("facts"), default=dict, blank=True
    )  # `context` given to the provider, `policy` to the rules
    prompts = models.JSONField(_("prompts"), default=dict, blank=True)  # name -> version
    provider = models.CharField(_("provider"), max_length=32, blank=True)
    model = models.CharField(_("model"), max_length=120, blank=True)
    fallback = models.CharField(
        _("why scripted"), max_length=32, blank=True
    )  # a code; empty: the provider's own answer
    raw = models.TextField(_("raw output"), blank=True)
    verdicts = models.JSONField(
        _("verdicts"), default=list, blank=True
    )  # [{rule, allowed, reason}]: safety, then policy
    decision = models.JSONField(_("decision"), default=dict, blank=True)  # text, buttons, next_action
    final_text = models.TextField(_("said"), blank=True)
    tokens_in = models.PositiveIntegerField(_("tokens in"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens out"), default=0)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=6, default=Decimal(0))  # in dollars
    latency_ms = models.PositiveIntegerField(_("latency, ms"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)  # a worker has it; old: it died
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assistant's turn")
        verbose_name_plural = _("assistant's turns")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "request"], name="dialogs_assistant_asked_once"),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="dialogs_assistant_asked", condition=models.Q(status="asked")),
            models.Index(F("asked_at").desc(), name="dialogs_assistant_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.request}: {self.get_status_display()}"

    @classmethod
    def erase_rows(cls, rows: QuerySet[Any]) -> int:
        """What is still being thought about comes too late."""
        rows.filter(status__in=cls.OPEN).update(status=cls.Status.STALE)
        return super().erase_rows(rows)
