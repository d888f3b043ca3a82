"""Who the business is: the facts every answer may need."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BusinessProfile(models.Model):
    """Name, address, hours, and the words of the consent: one row for the house, and one for a scenario that has its own."""

    scenario_key = models.CharField(
        _("only in scenario"),
        max_length=64,
        blank=True,
        default="",
        unique=True,
        help_text=_("Empty: in every scenario."),
    )
    name = models.CharField(_("name"), max_length=190, default="", blank=True)
    address = models.CharField(_("address"), max_length=300, default="", blank=True)
    hours = models.CharField(_("opening hours, in words"), max_length=300, default="", blank=True)
    # {"mon": [["09:00", "18:00"]], …}; a missing day is a day off
    schedule = models.JSONField(_("schedule"), default=dict, blank=True)
    holidays = models.JSONField(_("holidays"), default=list, blank=True)  # ["2026-12-31", …]
    phone = models.CharField(_("phone"), max_length=32, default="", blank=True)
    email = models.EmailField(_("e-mail"), default="", blank=True)
    website = models.URLField(_("website"), default="", blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    phone_region = models.CharField(_("region of phone numbers"), max_length=2, default="RU")
    consent_text = models.TextField(_("consent text"), default="", blank=True)
    consent_version = models.CharField(_("consent version"), max_length=32, default="1")
    # Advertising is a consent of its own (38-FZ); without words it is never asked for.
    advertising_text = models.TextField(_("text of the consent to advertising"), default="", blank=True)
    advertising_version = models.CharField(_("version of the consent to advertising"), max_length=32, default="1")
    privacy_url = models.URLField(_("privacy policy"), default="", blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("business profile")
        verbose_name_plural = _("business profile")

    def __str__(self) -> str:
        return self.name or "—"

    @classmethod
    def current(cls) -> "BusinessProfile":
        """Return the row of the house, made on first use."""
        profile, _made = cls.objects.get_or_create(scenario_key="")
        return profile

    def variables(self) -> dict[str, str]:
        """Return what texts may use as {{business.…}}."""
        names = ("name", "address", "hours", "phone", "email", "website", "privacy_url")
        return {f"business.{name}": str(getattr(self, name)) for name in names}
