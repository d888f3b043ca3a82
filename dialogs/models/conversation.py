"""Runtime: where each dialogue stands, and what will wake it."""

from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.models import Chat
from bot.personal import Personal, PersonalModel, codes
from crm.models import Customer, Lead
from dialogs.models.scenario import ScenarioVersion

# What a person has told stands under these names of a state; the rest says where the dialogue stands.
TOLD = ("values", "asides", "pending", "unconfirmed", "recent")


def standing(state: dict[str, Any]) -> dict[str, Any]:
    """Return where a dialogue stands, without a word of what was told."""
    return {name: codes(value) for name, value in state.items() if name not in TOLD}


def ended(state: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a dialogue that is over because its person is forgotten."""
    # The visit stays: timers of old visits must be deaf.
    kept: dict[str, Any] = {name: state[name] for name in ("step", "visit", "keyboard") if name in state}
    kept.update(mode="ended", outcome="erased")
    return kept


class Conversation(PersonalModel):
    """One run of a scenario in one chat, pinned to the version it began with."""

    whose = "customer"
    personal = {"state": Personal(standing, erased=ended)}
    harmless = ("step", "outcome")

    chat = models.ForeignKey(
        Chat, models.CASCADE, verbose_name=_("chat"), related_name="conversations", db_index=False
    )  # `dialogs_conversation_latest` begins with it
    version = models.ForeignKey(ScenarioVersion, models.PROTECT, verbose_name=_("version"), related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="conversations")
    lead = models.ForeignKey(
        Lead, models.SET_NULL, null=True, blank=True, verbose_name=_("lead"), related_name="conversations"
    )
    step = models.CharField(_("step"), max_length=64, blank=True)
    state = models.JSONField(_("state"), default=dict)  # dialogs.engine.state.State as JSON
    outcome = models.CharField(_("outcome"), max_length=48, blank=True)
    started_at = models.DateTimeField(_("started at"))
    updated_at = models.DateTimeField(_("updated at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(
                fields=["chat"], condition=Q(ended_at__isnull=True), name="dialogs_one_conversation_per_chat"
            )
        ]
        indexes = [
            models.Index("chat", F("id").desc(), name="dialogs_conversation_latest"),
            models.Index(F("updated_at").desc(), name="dialogs_conversation_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id}: {self.step or self.outcome}"

    @classmethod
    def erase_rows(cls, rows: QuerySet[Any]) -> int:
        """A dialogue of somebody who is forgotten is over, in whichever of their chats."""
        rows.filter(ended_at=None).update(ended_at=Now(), outcome="erased")
        return super().erase_rows(rows)


class Timer(PersonalModel):
    """Something to be told to a dialogue later. Fired once, by putting an event into the inbox."""

    whose = "conversation__customer"
    harmless = ("name",)

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="timers", db_index=False
    )  # `dialogs_timer_of` has it
    name = models.CharField(_("name"), max_length=64)  # the engine's name for it: timeout, reminder:1, wait …
    visit = models.PositiveIntegerField(
        _("visit"), default=0
    )  # the visit of a step it belongs to; later visits ignore it
    due_at = models.DateTimeField(_("due at"))
    fired_at = models.DateTimeField(_("fired at"), null=True, blank=True)
    canceled_at = models.DateTimeField(_("canceled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        indexes = [
            models.Index(
                fields=["due_at"],
                name="dialogs_timer_due",
                condition=Q(fired_at__isnull=True, canceled_at__isnull=True),
            ),
            models.Index(fields=["conversation"], name="dialogs_timer_of"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"

    @classmethod
    def erase_rows(cls, rows: QuerySet[Any]) -> int:
        """Nothing wakes a dialogue whose person is forgotten."""
        return rows.filter(fired_at=None, canceled_at=None).update(canceled_at=Now())
