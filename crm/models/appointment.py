"""A consultation at a time, from the wish to what became of it."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bot.models import Chat
from bot.personal import Personal, PersonalModel, code_or_nothing, words
from crm.models.customer import Customer
from crm.models.lead import Lead


class Appointment(PersonalModel):
    """One consultation. `starts_at` is the truth; date, slot and zone say how it was offered."""

    whose = "customer"
    personal = {"reason": Personal(words, erased=code_or_nothing)}
    harmless = ("status", "tz", "source", "external_id", "external_hash", "history")  # the history is ours

    class Status(models.TextChoices):
        REQUESTED = "requested", _("being booked")  # asked of somebody else's calendar, no answer yet
        SCHEDULED = "scheduled", _("scheduled")
        RESCHEDULED = "rescheduled", _("rescheduled")  # it stands, at another time than it was booked for
        CANCELED = "canceled", _("canceled")
        COMPLETED = "completed", _("completed")
        NO_SHOW = "no_show", _("did not come")

    class Source(models.TextChoices):
        OWN = "own", _("own schedule")
        YCLIENTS = "yclients", "YClients"

    STANDING = (Status.SCHEDULED, Status.RESCHEDULED)
    HELD = (Status.COMPLETED, Status.NO_SHOW)  # its time has passed

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="appointments")
    lead = models.ForeignKey(
        Lead, models.SET_NULL, null=True, blank=True, verbose_name=_("lead"), related_name="appointments"
    )
    chat = models.ForeignKey(
        Chat, models.SET_NULL, null=True, blank=True, verbose_name=_("chat"), related_name="appointments"
    )
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.SCHEDULED)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    date = models.DateField(_("date"))
    slot = models.TimeField(_("time"))
    tz = models.CharField(_("time zone"), max_length=64)
    # Its place among those of the same time, 1 … capacity; none when it holds no place (canceled, declined, not ours to give).
    seat = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    declined_at = models.DateTimeField(_("said they would not come at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("said they would come at"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices, default=Source.OWN)
    external_id = models.CharField(_("external id"), max_length=64, blank=True)
    external_hash = models.CharField(_("external hash"), max_length=128, blank=True)
    reason = models.CharField(_("reason"), max_length=190, blank=True)  # of a cancellation
    history = models.JSONField(_("history"), default=list, blank=True)  # [{at, what, by, starts_at}], oldest first
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        permissions = [("export_appointment", _("Can export appointments"))]
        constraints = [
            # What stands behind the lock: a place is nobody's twice.
            models.UniqueConstraint(
                fields=["starts_at", "seat"], condition=Q(seat__isnull=False), name="crm_appointment_place_once"
            ),
            # One customer has one appointment ahead.
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(status__in=["requested", "scheduled", "rescheduled"]),
                name="crm_appointment_one_ahead",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "status"], name="crm_appointment_when"),
            models.Index(F("created_at").desc(), name="crm_appointment_newest"),
            models.Index(
                fields=["source", "external_id"], name="crm_appointment_external", condition=~Q(external_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local:%d.%m.%Y %H:%M}"

    @property
    def local(self) -> dt.datetime:
        """When it begins, by the schedule's clock."""
        return self.starts_at.astimezone(ZoneInfo(self.tz))

    def place(self, starts_at: dt.datetime, *, minutes: int, zone: ZoneInfo) -> None:
        """Set every field that says when it is."""
        local = starts_at.astimezone(zone)
        self.starts_at, self.ends_at = starts_at, starts_at + dt.timedelta(minutes=minutes)
        self.date, self.slot, self.tz = local.date(), local.time(), zone.key

    def write_down(self, what: str, *, by: str, at: dt.datetime) -> None:
        """Add one line to the history."""
        line = {"at": at.isoformat(timespec="seconds"), "what": what, "by": by, "starts_at": self.starts_at.isoformat()}
        self.history = [*self.history, line]


WHEN = ("starts_at", "ends_at", "date", "slot", "tz")  # what `place` sets


class AppointmentReminder(PersonalModel):
    """One reminder to come; a move makes new ones, a cancel takes them away."""

    whose = "appointment__customer"

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, verbose_name=_("appointment"), related_name="reminders"
    )
    before_minutes = models.PositiveIntegerField(_("minutes before"))
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["appointment", "due_at"], name="crm_reminder_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="crm_reminder_due", condition=Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id}: −{self.before_minutes}"
