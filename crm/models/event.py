"""The analytics log: what happened, for counting."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.personal import FACTS, PersonalModel
from crm.models.customer import Customer


class Event(PersonalModel):
    """One countable fact about a customer; never changed."""

    whose = "customer"
    personal = {"payload": FACTS}
    harmless = ("type",)

    customer = models.ForeignKey(
        Customer, models.CASCADE, verbose_name=_("customer"), related_name="events", db_index=False
    )  # `crm_event_of_customer` begins with it
    type = models.CharField(_("type"), max_length=48)
    payload = models.JSONField(_("payload"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["customer", "created_at"], name="crm_event_of_customer"),
            models.Index(fields=["type", "created_at"], name="crm_event_by_type"),
        ]

    def __str__(self) -> str:
        return self.type
