"""The proof that a person was forgotten: when, at whose wish, how much; not who."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.personal import PersonalModel
from crm.models.customer import Customer


class Erasure(PersonalModel):
    """One erasure; never changed. The customer's row stays as a number without a name, for the counts."""

    whose = "customer"
    harmless = ("asked_by", "rows")

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="erasures")
    asked_by = models.CharField(_("at whose wish"), max_length=190)  # "customer", or a colleague's name
    rows = models.JSONField(_("rows"), default=dict)  # label of a table -> how many rows were made nameless
    erased_at = models.DateTimeField(_("erased at"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [models.Index(fields=["-erased_at"], name="crm_erasure_newest")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.erased_at:%Y-%m-%d %H:%M}"
