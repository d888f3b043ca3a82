"""A coffee shop on the map: where the guest comes and what its people can manage."""

import datetime as dt

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.menu.opening import Hours
from content.models.scoped import Scoped


class Place(Scoped):
    """One shop of the chain, with its own hours, pace and stop-list."""

    code = models.SlugField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=300, blank=True, default="")
    # as in the business profile: {"mon": [["09:00", "18:00"]], …}; a missing day is a day off
    schedule = models.JSONField(_("schedule"), default=dict, blank=True)
    holidays = models.JSONField(_("holidays"), default=list, blank=True)  # ["2026-12-31", …]
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    prep_minutes = models.PositiveSmallIntegerField(_("preparation, minutes"), default=10)
    busy_minutes = models.PositiveSmallIntegerField(
        _("more when busy, minutes"), default=10, help_text=_("Added to the preparation while the busy mode is on.")
    )
    capacity = models.PositiveSmallIntegerField(_("orders in 10 minutes"), default=8, validators=[MinValueValidator(1)])
    accept_minutes = models.PositiveSmallIntegerField(
        _("alarm after, minutes"), default=5, help_text=_("An order nobody has accepted by then is told to the owner.")
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("an unpaid order is kept, minutes"), default=15, help_text=_("Then its time and goods are free again.")
    )
    is_paused = models.BooleanField(_("orders are paused"), default=False)
    paused_until = models.DateTimeField(
        _("paused until"), null=True, blank=True, help_text=_("Empty: until somebody ends it.")
    )
    pause_reason = models.CharField(_("why, for the guest"), max_length=200, blank=True, default="")
    is_busy = models.BooleanField(_("busy mode"), default=False)
    busy_until = models.DateTimeField(
        _("busy until"), null=True, blank=True, help_text=_("Empty: until somebody ends it.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("coffee shop")
        verbose_name_plural = _("coffee shops")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> Hours:
        """When it is open, as a value."""
        return Hours(time_zone=self.time_zone, schedule=self.schedule, holidays=tuple(self.holidays))

    def is_paused_at(self, now: dt.datetime) -> bool:
        """Tell whether it takes no orders now; a pause with an end is over by the clock alone."""
        return self.is_paused and (self.paused_until is None or now < self.paused_until)

    def is_busy_at(self, now: dt.datetime) -> bool:
        """Tell whether preparation takes longer now."""
        return self.is_busy and (self.busy_until is None or now < self.busy_until)

    def preparation_at(self, now: dt.datetime) -> int:
        """Return how many minutes an order takes now."""
        return self.prep_minutes + (self.busy_minutes if self.is_busy_at(now) else 0)
