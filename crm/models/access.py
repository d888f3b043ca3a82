"""Who of ours looked at whose data."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bot.personal import PersonalModel
from crm.models.customer import Customer


class Access(PersonalModel):
    """One page or file with personal data that one of our people opened; never changed, holds no personal data itself."""

    class Act(models.TextChoices):
        VIEW = "view", _("looked")
        CHANGE = "change", _("acted")  # pressed a button
        EXPORT = "export", _("took a file")
        ERASE = "erase", _("erased")
        OWN = "own", _("the customer took their own data")

    whose = "customer"
    harmless = ("who", "act", "page", "customers")  # a colleague's name, the name of a page, numbers of rows

    # The name stays when the account is gone.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("user"), related_name="+"
    )
    who = models.CharField(_("who"), max_length=190)
    act = models.CharField(_("what"), max_length=16, choices=Act.choices, default=Act.VIEW)
    page = models.CharField(_("page"), max_length=80)
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, verbose_name=_("customer"), related_name="accesses"
    )
    customers = models.JSONField(_("customers"), default=list, blank=True)  # ids, when there were several
    count = models.PositiveIntegerField(_("how many"), default=1)
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("access to personal data")
        verbose_name_plural = _("access to personal data")
        indexes = [
            models.Index(fields=["-at"], name="crm_access_newest"),
            models.Index(fields=["customer", "-at"], name="crm_access_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.page}"
