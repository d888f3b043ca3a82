"""Our people at work: the chat where leads are offered, what is on offer there, and who has whose dialogue."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bot.models import Channel, Chat, Message
from bot.personal import PersonalModel
from crm.models.lead import Lead
from crm.models.manager import Manager

REMIND_MINUTES, ROTATE_MINUTES = 10, 20
RETURN_HOURS, WARN_MINUTES = 12, 30


class ManagersChat(models.Model):
    """A group or channel of ours in a messenger: leads are offered there, the first who presses has them."""

    channel = models.OneToOneField(
        Channel, models.CASCADE, verbose_name=_("channel"), related_name="managers_chat", help_text=_("The bot in it.")
    )
    chat = models.OneToOneField(Chat, models.CASCADE, verbose_name=_("group"), related_name="managers_chat")
    remind_minutes = models.PositiveSmallIntegerField(
        _("remind after, minutes"), default=REMIND_MINUTES, help_text=_("0: never.")
    )
    rotate_minutes = models.PositiveSmallIntegerField(
        _("give by rotation after, minutes"), default=ROTATE_MINUTES, help_text=_("0: never, the lead goes on waiting.")
    )
    return_hours = models.PositiveSmallIntegerField(
        _("give a silent manager's dialogue back to the bot after, hours"),
        default=RETURN_HOURS,
        help_text=_("0: never."),
    )
    warn_minutes = models.PositiveSmallIntegerField(_("… and warn them before, minutes"), default=WARN_MINUTES)
    connected_by = models.CharField(_("connected by"), max_length=190, blank=True, editable=False)
    connected_at = models.DateTimeField(_("connected at"), auto_now_add=True)
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        verbose_name = _("managers' chat")
        verbose_name_plural = _("managers' chats")

    def __str__(self) -> str:
        return str(self.chat)


class Offer(PersonalModel):
    """A lead shown in the managers' chat until somebody has it."""

    whose = "lead__customer"
    harmless = ("outcome",)

    class Outcome(models.TextChoices):
        OPEN = "open", _("waits for a manager")
        TAKEN = "taken", _("taken")  # somebody pressed first
        GIVEN = "given", _("given")  # by rotation or by hand
        WITHDRAWN = "withdrawn", _("withdrawn")  # the lead is no more, or settled otherwise

    lead = models.ForeignKey(Lead, models.CASCADE, verbose_name=_("lead"), related_name="offers")
    room = models.ForeignKey(ManagersChat, models.CASCADE, verbose_name=_("managers' chat"), related_name="offers")
    card = models.ForeignKey(Message, models.SET_NULL, null=True, verbose_name=_("card"), related_name="+")
    reminder = models.ForeignKey(Message, models.SET_NULL, null=True, verbose_name=_("reminder"), related_name="+")
    edits = models.PositiveSmallIntegerField(_("changes of the card"), default=0)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, default=Outcome.OPEN)
    posted_at = models.DateTimeField(_("posted at"))
    remind_at = models.DateTimeField(_("remind at"), null=True)
    rotate_at = models.DateTimeField(_("rotate at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("lead on offer")
        verbose_name_plural = _("leads on offer")
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(closed_at__isnull=True), name="crm_one_offer_per_lead")
        ]
        indexes = [models.Index(fields=["posted_at"], name="crm_offer_open", condition=Q(closed_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.outcome}"


class Takeover(PersonalModel):
    """A human has a customer's dialogue. At most one is open for a chat."""

    whose = "chat__customer_link__customer"
    harmless = ("by", "end_reason")

    chat = models.ForeignKey(Chat, models.CASCADE, verbose_name=_("chat"), related_name="takeovers")
    lead = models.ForeignKey(
        Lead, models.SET_NULL, null=True, blank=True, verbose_name=_("lead"), related_name="takeovers"
    )
    # None: the bot has called for a human and none has come yet, or somebody without a card of a manager took it.
    manager = models.ForeignKey(
        Manager, models.SET_NULL, null=True, blank=True, verbose_name=_("manager"), related_name="takeovers"
    )
    by = models.CharField(_("by"), max_length=190, blank=True)
    # The customer's words are passed on to the manager's own chat with the bot; who works in the back office reads them there.
    is_mirrored = models.BooleanField(_("in the messenger"), default=False)
    started_at = models.DateTimeField(_("since"))
    last_word_at = models.DateTimeField(_("the human's last word"))
    warned_at = models.DateTimeField(_("warned at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("takeover")
        verbose_name_plural = _("takeovers")
        constraints = [
            models.UniqueConstraint(
                fields=["chat"], condition=Q(ended_at__isnull=True), name="crm_one_takeover_per_chat"
            )
        ]
        indexes = [
            models.Index(fields=["last_word_at"], name="crm_takeover_open", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id} → {self.by}"
