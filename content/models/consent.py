"""The words customers agree to, each version as it was shown: a proof of consent is worth as much as its words."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ConsentText(models.Model):
    """One version of one text; never changed and never deleted."""

    class Purpose(models.TextChoices):
        PERSONAL_DATA = "personal_data", _("personal data (152-FZ)")
        ADVERTISING = "advertising", _("advertising (38-FZ)")

    scenario_key = models.CharField(_("only in scenario"), max_length=64, blank=True, default="")  # of the profile
    purpose = models.CharField(_("purpose"), max_length=24, choices=Purpose.choices)
    version = models.CharField(_("version"), max_length=32)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")
        ordering = ["purpose", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["scenario_key", "purpose", "version"], name="content_consent_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.version}"
