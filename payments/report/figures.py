"""The figures of a period, counted by PostgreSQL from the tickets of its business days.

Sold: at the counter and not given up. An order that was held for money and expired was never there; one whose money went back
counts as an order, and its sum as refunded. Percentiles are PostgreSQL's `percentile_cont`.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    DecimalField,
    DurationField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models import ExpressionWrapper as Wrapped
from django.db.models.functions import Coalesce

from payments.models import LoyaltyEntry, Order, PromoUse, Ticket
from payments.report.period import Period

Status = Ticket.Status
SOLD = (Status.RECEIVED, Status.MAKING, Status.READY, Status.PICKED_UP)
NOTHING = Decimal("0.00")
MINUTE = dt.timedelta(minutes=1)


class Percentile(Aggregate):
    """A share of the values lies at or below it."""

    template = "percentile_cont(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


class LocalHour(Func):
    """The hour of an instant by the clock of a place."""

    template = "extract(hour from timezone(%(expressions)s))::int"
    output_field: Any = IntegerField()


@dataclass(frozen=True, slots=True)
class Figures:
    """One period in numbers; None where there is nothing to count from."""

    orders: int
    revenue: Decimal
    refunded: Decimal
    canceled: int
    expired: int
    making_p50: dt.timedelta | None  # accepted to ready
    making_p90: dt.timedelta | None
    waiting_p50: dt.timedelta | None  # placed to ready, of the orders wanted as soon as possible
    waiting_p90: dt.timedelta | None
    on_time: int  # ready by the time first promised …
    timed: int  # … of so many that became ready
    promo: Decimal
    loyalty: Decimal

    @property
    def average(self) -> Decimal | None:
        """The average ticket."""
        return (self.revenue / self.orders).quantize(Decimal("0.01")) if self.orders else None

    @property
    def on_time_share(self) -> Decimal | None:
        return Decimal(self.on_time) / self.timed if self.timed else None

    @property
    def canceled_share(self) -> Decimal | None:
        every = self.orders + self.canceled
        return Decimal(self.canceled) / every if every else None


def tickets_of(period: Period, places: list[int]) -> QuerySet[Ticket]:
    """Return the tickets of the period at these places."""
    rows = Ticket.objects.filter(business_day__range=(period.first, period.last), place__in=places)
    if period.is_shift:
        rows = rows.alias(hour=hour()).filter(hour__gte=period.from_hour, hour__lt=period.until_hour)
    return rows


def hour() -> LocalHour:
    """Return the hour at which an order came to the counter."""
    return LocalHour("place__time_zone", Coalesce("received_at", "created_at"))


def figures_of(tickets: QuerySet[Ticket]) -> Figures:
    """Count everything: one query over the tickets, one each over promo and loyalty."""
    counted = tickets.aggregate(**_counts(), **_times())
    sold = tickets.filter(status__in=SOLD).values("order_id")
    promo = PromoUse.objects.filter(order__in=sold, returned_at=None).aggregate(sum=Sum("amount"))["sum"]
    spent = LoyaltyEntry.objects.filter(order__in=sold, kind=LoyaltyEntry.Kind.SPENT)
    return Figures(**counted, promo=promo or NOTHING, loyalty=spent.aggregate(sum=Sum("worth"))["sum"] or NOTHING)


def revenue() -> Coalesce:
    """Return the sum of what was sold and not paid back."""
    kept = Q(status__in=SOLD) & ~Q(order__status=Order.Status.REFUNDED)
    return Coalesce(Sum("order__amount", filter=kept), Value(NOTHING), output_field=DecimalField())


def _counts() -> dict[str, Any]:
    refunded = Q(order__status=Order.Status.REFUNDED)
    return {
        "orders": Count("id", filter=Q(status__in=SOLD)),
        "revenue": revenue(),
        "refunded": Coalesce(Sum("order__amount", filter=refunded), Value(NOTHING), output_field=DecimalField()),
        "canceled": Count("id", filter=Q(status=Status.CANCELED)),
        "expired": Count("id", filter=Q(status=Status.EXPIRED)),
    }


def _times() -> dict[str, Any]:
    made = Q(ready_at__isnull=False, accepted_at__isnull=False)
    asked = Q(ready_at__isnull=False, is_asap=True)
    making, waiting = (
        span(F("ready_at") - F("accepted_at")),
        span(F("ready_at") - Coalesce("received_at", "created_at")),
    )
    # Telling the guest of a delay moves the time promised; it does not make the order punctual.
    promised = Wrapped(F("pickup_at") - F("delay_minutes") * Value(MINUTE), output_field=DateTimeField())
    ready = Q(ready_at__isnull=False)
    return {
        "making_p50": Percentile(making, fraction=0.5, filter=made),
        "making_p90": Percentile(making, fraction=0.9, filter=made),
        "waiting_p50": Percentile(waiting, fraction=0.5, filter=asked),
        "waiting_p90": Percentile(waiting, fraction=0.9, filter=asked),
        "on_time": Count("id", filter=ready & Q(ready_at__lte=promised)),
        "timed": Count("id", filter=ready),
    }


def span(difference: Any) -> Any:
    """Return a difference of instants as a span."""
    return Wrapped(difference, output_field=DurationField())
