"""Whatever happened: one row per event, unique by channel and external id."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.messages import EventKind
from bot.models.channel import Channel
from bot.models.chat import Chat
from bot.personal import RECORD, TEXT, PersonalModel


def kinds() -> list[tuple[str, str]]:
    """Return the kinds as choices; asked at run time, so that a new kind needs no migration."""
    return [(kind.value, kind.value) for kind in EventKind]


class InboxEvent(PersonalModel):
    """An event of one chat. Pending while neither `handled_at` nor `parked_at` is set."""

    whose = "chat__customer_link__customer"
    personal = {"payload": RECORD, "error": TEXT}
    harmless = ("external_id", "kind", "request_id")

    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name=_("channel"), related_name="+", db_index=False)
    chat = models.ForeignKey(Chat, models.CASCADE, verbose_name=_("chat"), related_name="events")
    external_id = models.CharField(_("external id"), max_length=190)
    kind = models.CharField(_("kind"), max_length=24, choices=kinds)
    payload = models.JSONField(_("payload"), default=dict)
    request_id = models.CharField(max_length=36, blank=True)
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    # The mind may take it from this moment: a text waits for the rest of the sentence, a failed event for its retry.
    ready_at = models.DateTimeField(_("ready at"), db_default=Now())
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)  # gave up; shown to people, never blocks
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    error = models.TextField(_("error"), blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("inbox event")
        verbose_name_plural = _("inbox events")
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="bot_event_once_per_channel"),
        ]
        indexes = [
            models.Index(
                fields=["ready_at"],
                name="bot_event_pending",
                condition=Q(handled_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(
                fields=["chat", "id"],
                name="bot_event_mailbox",
                condition=Q(handled_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(fields=["-parked_at"], name="bot_event_parked", condition=Q(parked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
