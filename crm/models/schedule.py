"""When consultations are held, edited by an admin: weekdays, times, how many at once, how soon and how far ahead."""

from zoneinfo import ZoneInfo

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def usual_weekdays() -> list[str]:
    """Return Monday to Friday."""
    return ["mon", "tue", "wed", "thu", "fri"]


def usual_times() -> list[str]:
    """Return the times of the specification."""
    return ["12:00", "14:00", "16:00", "18:00"]


def usual_reminders() -> list[int]:
    """Return minutes before the appointment: the day before, and a quarter of an hour."""
    return [24 * 60, 15]


class ScheduleRule(models.Model):
    """One rule; where several offer the same time, the larger capacity holds. The business's holidays count for all."""

    title = models.CharField(_("title"), max_length=120)
    weekdays = models.JSONField(_("weekdays"), default=usual_weekdays)
    times = models.JSONField(_("times"), default=usual_times)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), default=1, validators=[MinValueValidator(1)], help_text=_("Consultations at the same time.")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    duration_minutes = models.PositiveSmallIntegerField(
        _("length, minutes"), default=60, validators=[MinValueValidator(1)]
    )
    lead_minutes = models.PositiveIntegerField(
        _("books no later than, minutes ahead"), default=60, help_text=_("0: up to the last moment.")
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("books at most, days ahead"), default=30, validators=[MinValueValidator(1)]
    )
    reminders = models.JSONField(_("reminders"), default=usual_reminders, blank=True)  # minutes before
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    days_off = models.JSONField(_("days off"), default=list, blank=True)  # ["2026-12-31", …], beside the holidays
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        verbose_name = _("schedule rule")
        verbose_name_plural = _("consultation schedule")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="crm_schedule_capacity"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="crm_schedule_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        """The zone its times are in."""
        return ZoneInfo(self.time_zone)
