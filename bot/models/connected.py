"""What every connection to the outside has in common: whether it is used, and what was seen when it was last looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Connected(models.Model):
    """A row that stands for somebody else's system."""

    class Health(models.TextChoices):
        UNKNOWN = "unknown", _("not checked yet")
        OK = "ok", _("works")
        DOWN = "down", _("does not work")  # what goes through it waits until someone mends it and checks again

    is_active = models.BooleanField(_("is active"), default=True)
    health = models.CharField(_("health"), max_length=16, choices=Health.choices, default=Health.UNKNOWN)
    health_note = models.TextField(_("what was seen"), blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    class Meta:
        abstract = True
