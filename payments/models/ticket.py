"""An order of the shop as the people behind the counter know it: a number, a time, a state."""

from typing import Any

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from bot.personal import NAME, TEXT, PersonalModel
from content.models import Place, Stop
from payments.models.cart import Way
from payments.models.order import Order


class TransactionNumber(Func):
    """The number of the running transaction.

    Not a sequence: numbers of one are given out before the commit, so who read up to 7 could miss a 6 that came later. Who
    reads by this one goes on from the oldest transaction still open (`payments.shop.changes`) and misses nothing.
    """

    template = "pg_current_xact_id()::text::bigint"
    output_field: Any = models.BigIntegerField()


class Ticket(PersonalModel):
    """The making and handing over of one order. `payments/shop/tickets.py` is the only place that changes its status."""

    whose = "order__customer"
    personal = {"name": NAME, "comment": TEXT, "cancel_reason": TEXT}
    harmless = ("status", "way", "accepted_by", "canceled_by", "earns_unit")

    class Status(models.TextChoices):
        HELD = "held", _("waits for money")  # slot and goods are kept until `held_until`
        RECEIVED = "received", _("received")  # to be accepted at the counter
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        PICKED_UP = "picked_up", _("picked up")
        CANCELED = "canceled", _("canceled")
        EXPIRED = "expired", _("not paid in time")

    OPEN = (Status.HELD, Status.RECEIVED, Status.MAKING, Status.READY)  # the guest waits for something
    ON_BOARD = (Status.RECEIVED, Status.MAKING, Status.READY)
    TO_MAKE = (Status.RECEIVED, Status.MAKING)
    CANCELABLE_BY_GUEST = (Status.HELD, Status.RECEIVED)  # until somebody makes it
    CANCELABLE_BY_SHOP = OPEN
    OVER = (Status.PICKED_UP, Status.CANCELED, Status.EXPIRED)
    GIVEN_UP = (Status.CANCELED, Status.EXPIRED)

    class By(models.TextChoices):
        GUEST = "guest", _("the guest")
        SHOP = "shop", _("the shop")
        CLOCK = "clock", _("the clock")

    order = models.OneToOneField(Order, models.PROTECT, verbose_name=_("customer order"), related_name="ticket")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("place"), related_name="tickets")
    business_day = models.DateField(_("business day"))  # of the pickup, by the place's clock
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.RECEIVED)
    way = models.CharField(_("way of payment"), max_length=16, choices=Way.choices, default=Way.COUNTER)
    pickup_at = models.DateTimeField(_("pickup"))
    is_asap = models.BooleanField(_("as soon as possible"), default=True)
    slot_at = models.DateTimeField(_("slot"))
    slot_returned_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_until = models.DateTimeField(_("kept until"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    accepted_by = models.CharField(_("accepted by"), max_length=150, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    ready_at = models.DateTimeField(_("order ready at"), null=True, blank=True)
    picked_up_at = models.DateTimeField(_("picked up at"), null=True, blank=True)
    canceled_at = models.DateTimeField(_("canceled at"), null=True, blank=True)
    canceled_by = models.CharField(_("canceled by"), max_length=8, choices=By.choices, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=190, blank=True)
    earns = models.PositiveIntegerField(_("earns at pickup"), default=0)  # as was promised when it was placed
    earns_unit = models.CharField(max_length=8, blank=True, editable=False)  # of LoyaltyEntry.Unit
    delay_minutes = models.PositiveSmallIntegerField(_("late by, minutes"), default=0)
    # Two things are said later, each once: a row that is due, and cleared by whoever says it.
    remind_at = models.DateTimeField(_("remind that it waits at"), null=True, blank=True)
    review_at = models.DateTimeField(_("ask for a review at"), null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True, editable=False)  # the owner knows that nobody accepts it
    changed_at = models.DateTimeField(_("changed at"))
    seq = models.BigIntegerField(db_default=TransactionNumber(), editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        permissions = [("export_ticket", _("Can export tickets"))]
        constraints = [
            models.UniqueConstraint(fields=["place", "business_day", "number"], name="payments_ticket_number")
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="payments_ticket_newest"),
            models.Index(fields=["place", "seq"], name="payments_ticket_changes"),
            models.Index(
                fields=["place", "pickup_at"],
                name="payments_ticket_board",
                condition=Q(status__in=["received", "making", "ready"]),
            ),
            models.Index(
                fields=["place", "-picked_up_at"], name="payments_ticket_over", condition=Q(status="picked_up")
            ),
            models.Index(fields=["business_day", "place"], name="payments_ticket_day"),
            models.Index(fields=["held_until"], name="payments_ticket_held", condition=Q(status="held")),
            models.Index(fields=["remind_at"], name="payments_ticket_remind", condition=Q(remind_at__isnull=False)),
            models.Index(fields=["review_at"], name="payments_ticket_review", condition=Q(review_at__isnull=False)),
            models.Index(
                fields=["id"],
                name="payments_ticket_to_return",
                condition=Q(status__in=["canceled", "expired"], slot_returned_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"


class TicketCounter(models.Model):
    """The last number given out at a place on a day: its row lock makes the numbers one after another."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    business_day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of tickets")
        verbose_name_plural = _("counters of tickets")
        constraints = [models.UniqueConstraint(fields=["place", "business_day"], name="payments_counter_once")]

    def __str__(self) -> str:
        return f"{self.business_day}: {self.last}"


class PickupSlot(models.Model):
    """Ten minutes of a place, and how many orders are to be handed over in them."""

    place = models.ForeignKey(Place, models.CASCADE, verbose_name=_("place"), related_name="+")
    starts_at = models.DateTimeField(_("starts at"))
    taken = models.PositiveSmallIntegerField(_("orders"), default=0)

    class Meta:
        verbose_name = _("pickup slot")
        verbose_name_plural = _("pickup slots")
        constraints = [models.UniqueConstraint(fields=["place", "starts_at"], name="payments_slot_once")]

    def __str__(self) -> str:
        return f"{self.starts_at:%d.%m %H:%M}: {self.taken}"


class StockHold(models.Model):
    """So many of a counted thing are this order's; given back once when the order is given up."""

    order = models.ForeignKey(Order, models.CASCADE, verbose_name=_("customer order"), related_name="holds")
    # A line of the stop-list that was taken off counts no more: then there is nothing to give back to.
    stop = models.ForeignKey(Stop, models.SET_NULL, null=True, verbose_name=_("stop-list"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    released_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock hold")
        verbose_name_plural = _("stock holds")
        constraints = [models.UniqueConstraint(fields=["order", "stop"], name="payments_hold_once")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.quantity}"
