"""One dialogue window with one person in one channel: the mailbox and the unit of order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.models.channel import Channel
from bot.personal import FACTS, HIDDEN, KEPT, NAME, Look, Personal, PersonalModel, hidden, nothing

TOO_LONG_FOR_PEOPLE = 24  # characters; a number is fine to read, a site visitor's random id is not


class Chat(PersonalModel):
    """A person's window in a channel; who speaks there now."""

    whose = "customer_link__customer"
    personal = {
        "name": NAME,
        "username": Personal(nothing),
        "external_id": Personal(hidden, erased=KEPT),  # where the last word is sent, and where "write no more" is kept
        "extras": FACTS,
    }
    harmless = ("language", "speaker")

    class Speaker(models.TextChoices):
        BOT = "bot", _("bot")  # the bot answers
        MANAGER = "manager", _("manager")  # a human answers; the bot is silent

    # No index on the channel alone: the constraint below begins with it, and a planner without statistics took the lesser one.
    channel = models.ForeignKey(
        Channel, models.PROTECT, verbose_name=_("channel"), related_name="chats", db_index=False
    )
    external_id = models.CharField(_("external id"), max_length=190)
    name = models.CharField(_("name"), max_length=190, blank=True)
    username = models.CharField(_("username"), max_length=190, blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    speaker = models.CharField(_("who speaks"), max_length=16, choices=Speaker.choices, default=Speaker.BOT)
    # Grows at each handover. A message of the bot is sent only while its own epoch is still the chat's.
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    extras = models.JSONField(_("extras"), blank=True, default=dict)  # the adapter's own: CRM links, connector …
    blocked_at = models.DateTimeField(_("blocked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="bot_chat_once_per_channel")]

    def __str__(self) -> str:
        if self.external_id == HIDDEN:
            return f"№ {self.pk}"
        known = self.name or self.username or self.external_id
        return known if len(known) < TOO_LONG_FOR_PEOPLE or self.name else f"№ {self.pk}"

    def tell_whose(self, look: Look) -> None:
        look.chats.add(self.pk)
