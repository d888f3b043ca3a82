"""What fails now: one row a cause, open until the cause is gone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    """One cause of failure. The owner is told when it opens and when it closes, never once per event."""

    cause = models.CharField(_("cause"), max_length=120)
    text = models.TextField(_("what is seen"))
    count = models.PositiveIntegerField(_("rows"), default=0)
    opened_at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["cause"], condition=Q(closed_at__isnull=True), name="crm_alert_once_per_cause"
            )
        ]

    def __str__(self) -> str:
        return self.cause
