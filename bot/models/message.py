"""What was said and what is to be said: the transcript and the outbox in one."""

from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.messages import Outgoing
from bot.models.channel import Channel
from bot.models.chat import Chat
from bot.personal import TEXT, Personal, PersonalModel, words

ERASED = "[удалено по просьбе клиента]"


def buttons_in_words(extras: dict[str, Any]) -> dict[str, Any]:
    """Return the words of the buttons and the kinds of the media, without what they lead to."""
    rows = [[{"text": words(button.get("text"))} for button in row] for row in extras.get("buttons", ())]
    return {"buttons": rows, "media": [{"kind": item.get("kind")} for item in extras.get("media", ())]}


class Message(PersonalModel):
    """One message of a chat. Rows of the bot and of managers wait in the outbox until their status says otherwise."""

    whose = "chat__customer_link__customer"
    personal = {
        "text": Personal(words, erased=ERASED),
        "extras": Personal(buttons_in_words, erased={}),
        "error": TEXT,
    }
    harmless = ("role", "dedupe_key", "status", "request_id", "external_id")

    class Role(models.TextChoices):
        USER = "user", _("customer")
        BOT = "bot", _("bot")
        MANAGER = "manager", _("manager")
        SYSTEM = "system", _("system")  # a line of the house in the transcript; never sent to anybody

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")  # came in; nothing to send
        QUEUED = "queued", _("waiting")  # to be sent when its turn comes
        SENDING = "sending", _("being sent")  # claimed by a worker; the request may have left
        SENT = "sent", _("sent")  # the provider confirmed it
        UNKNOWN = "unknown", _("unknown")  # the request left, no answer: an operator decides, never the machine
        FAILED = "failed", _("failed")  # the provider refused it for good
        CANCELED = "canceled", _("canceled")  # made before a handover, or its customer asked us to stop

    # What blocks the later messages of the same chat, and what an operator may press *Retry* on.
    PENDING = (Status.QUEUED, Status.SENDING)
    RETRYABLE = (Status.UNKNOWN, Status.FAILED)

    # No index of their own where one below begins with the same column: every message pays for each.
    chat = models.ForeignKey(Chat, models.CASCADE, verbose_name=_("chat"), related_name="messages", db_index=False)
    # The chat's channel again, because the outbox is claimed channel by channel and the queue's index must know it.
    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name=_("channel"), related_name="+", db_index=False)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    text = models.TextField(_("text"), blank=True)
    extras = models.JSONField(_("buttons and media"), blank=True, default=dict)  # see Outgoing.to_json
    dedupe_key = models.CharField(_("dedupe key"), max_length=120, null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.QUEUED)
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    request_id = models.CharField(max_length=36, blank=True)
    external_id = models.CharField(_("external id"), max_length=190, blank=True)
    send_after = models.DateTimeField(_("send after"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        # A constraint, not `unique=True`: that would bring a second index, for searches by prefix.
        constraints = [models.UniqueConstraint(fields=["dedupe_key"], name="bot_message_said_once")]
        indexes = [
            models.Index("chat", F("id").desc(), name="bot_message_transcript"),
            models.Index(fields=["channel", "send_after"], name="bot_message_queued", condition=Q(status="queued")),
            models.Index(
                fields=["chat", "id"], name="bot_message_pending", condition=Q(status__in=["queued", "sending"])
            ),
            models.Index(fields=["claimed_at"], name="bot_message_sending", condition=Q(status="sending")),
            models.Index(
                fields=["-created_at"], name="bot_message_troubled", condition=Q(status__in=["failed", "unknown"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.text[:40]}"

    @classmethod
    def erase_rows(cls, rows: QuerySet[Any]) -> int:
        """What waits to be sent is sent no more; what nobody knows the fate of is settled."""
        waiting = rows.filter(status__in=(cls.Status.QUEUED, *cls.RETRYABLE))
        waiting.update(status=cls.Status.CANCELED)
        return super().erase_rows(rows)

    def outgoing(self) -> Outgoing:
        """Return the channel-neutral value to send."""
        return Outgoing.from_json(self.text, self.extras, role=self.role)
