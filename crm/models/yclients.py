"""A connected YClients calendar, and what it is still to be asked or told. https://developers.yclients.com/ru/"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from bot.models import Chat
from bot.personal import PersonalModel
from bot.secrets import SealedJSONField, fingerprint
from crm.models.appointment import Appointment
from crm.models.schedule import usual_reminders

OFFICIAL_API = "https://api.yclients.com/api/v1"


def new_url_secret() -> str:
    """Return a fresh secret for the webhook's address: YClients signs nothing."""
    return get_random_string(43)


class YclientsAccount(models.Model):
    """One company and one of its services. While it is active, times come from it instead of our own schedule."""

    title = models.CharField(_("title"), max_length=120, default="YClients")
    company_id = models.BigIntegerField(_("company"))
    service_id = models.BigIntegerField(_("service"))
    staff_id = models.BigIntegerField(_("specialist"), default=0, help_text=_("0: whoever is free."))
    tokens = SealedJSONField(_("tokens"), default=dict, blank=True)  # {"partner": …, "user": …}
    api_url = models.URLField(_("API address"), default=OFFICIAL_API)
    url_secret = SealedJSONField(_("webhook secret"), default=new_url_secret, blank=True)
    secret_fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    duration_minutes = models.PositiveSmallIntegerField(
        _("length, minutes"), default=60, validators=[MinValueValidator(1)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("books at most, days ahead"), default=14, validators=[MinValueValidator(1)]
    )
    reminders = models.JSONField(_("reminders"), default=usual_reminders, blank=True)  # minutes before
    slots = models.JSONField(default=list, blank=True, editable=False)  # ISO moments, as last seen …
    slots_at = models.DateTimeField(null=True, blank=True, editable=False)  # … then; none: something has changed since
    is_active = models.BooleanField(_("is active"), default=True)
    is_well = models.BooleanField(_("works"), default=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    health_note = models.TextField(_("what was seen"), blank=True)

    class Meta:
        verbose_name = _("YClients calendar")
        verbose_name_plural = "YClients"
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="crm_yclients_one_active")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.secret_fingerprint = fingerprint(str(self.url_secret))
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class CalendarTask(PersonalModel):
    """One thing to ask of YClients or to tell it; in order per appointment, never repeated blindly."""

    class Operation(models.TextChoices):
        LOOK = "look", _("look up free times")
        BOOK = "book", _("book")
        MOVE = "move", _("move")
        CANCEL = "cancel", _("cancel")
        READ = "read", _("read back")  # something may have changed over there

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being done")
        UNKNOWN = "unknown", _("unknown")  # asked, and no answer came: it is looked for before it is done again
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    OPEN = (Status.QUEUED, Status.RUNNING, Status.UNKNOWN)
    whose = "appointment__customer"
    harmless = ("operation", "params", "dedupe_key", "status", "error")

    account = models.ForeignKey(YclientsAccount, models.CASCADE, verbose_name=_("calendar"), related_name="tasks")
    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, blank=True, verbose_name=_("appointment"), related_name="tasks"
    )
    chat = models.ForeignKey(Chat, models.CASCADE, null=True, blank=True, verbose_name=_("chat"), related_name="+")
    operation = models.CharField(_("operation"), max_length=8, choices=Operation.choices)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    dedupe_key = models.CharField(_("dedupe key"), max_length=190, unique=True)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    run_after = models.DateTimeField(_("run after"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("YClients task")
        verbose_name_plural = _("YClients tasks")
        indexes = [
            models.Index(
                fields=["run_after"], name="crm_calendartask_due", condition=Q(status__in=["queued", "unknown"])
            ),
            models.Index(fields=["-created_at"], name="crm_calendartask_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.appointment_id or ''}".strip()
