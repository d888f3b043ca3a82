"""The same period, taken apart: by hour, day, place and barista; what was sold, and why orders were given up."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet, Sum

from bot.personal import may_see
from bot.personal import words as veiled
from payments.models import OrderItem, Ticket
from payments.report.figures import SOLD, Percentile, hour, revenue, span

TOP = 15
CANCELED = (Ticket.Status.CANCELED, Ticket.Status.EXPIRED)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a table or one bar of a chart."""

    name: str
    count: int
    sum: Decimal
    making_p50: dt.timedelta | None = None


def by_hour(tickets: QuerySet[Ticket]) -> list[Part]:
    """Return the orders by the hour they came at, all hours between the first and the last."""
    found = _grouped(tickets.annotate(hour=hour()), "hour")
    hours = range(min(found), max(found) + 1) if found else ()
    return [Part(f"{n:02}", *found.get(n, (0, Decimal(0)))) for n in hours]


def by_day(tickets: QuerySet[Ticket], first: dt.date, days: int) -> list[Part]:
    """Return the orders of each day."""
    found = _grouped(tickets, "business_day")
    dates = (first + dt.timedelta(days=n) for n in range(days))
    return [Part(date.isoformat(), *found.get(date, (0, Decimal(0)))) for date in dates]


def by_place(tickets: QuerySet[Ticket]) -> list[Part]:
    """Return the orders of each place, the best first."""
    found = _grouped(tickets, "place__name")
    return sorted((Part(name, *facts) for name, facts in found.items()), key=lambda part: (-part.sum, part.name))


def by_barista(tickets: QuerySet[Ticket]) -> list[Part]:
    """Return who accepted how many orders, and how long half of them took at most."""
    making = Percentile(span(F("ready_at") - F("accepted_at")), fraction=0.5, filter=Q(ready_at__isnull=False))
    rows = tickets.filter(status__in=SOLD).exclude(accepted_by="").order_by().values("accepted_by")
    rows = rows.annotate(count=Count("id"), sum=revenue(), p50=making).order_by("-count", "accepted_by")
    return [Part(row["accepted_by"], row["count"], row["sum"], row["p50"]) for row in rows]


def products(tickets: QuerySet[Ticket]) -> list[Part]:
    """Return what was sold most, by number; the sum is what was paid for it."""
    rows = OrderItem.objects.filter(order__ticket__in=_sold(tickets)).order_by().values("code")
    rows = rows.annotate(
        called=Max("title"),
        count=Sum("quantity"),
        sum=Sum(F("price") * F("quantity") - F("discount")),
    )
    return [Part(row["called"], row["count"], row["sum"]) for row in rows.order_by("-count", "called")[:TOP]]


# The options of a line are JSON as they were ordered; the same code counts together whatever it was called.
_OPTIONS = """
SELECT max(chosen->>'name'), sum(item.quantity)::int, sum(item.quantity * coalesce((chosen->>'price')::numeric, 0))
FROM payments_orderitem item
JOIN payments_ticket ticket ON ticket.order_id = item.order_id
CROSS JOIN LATERAL jsonb_array_elements(item.options) AS chosen
WHERE ticket.id IN ({tickets})
GROUP BY chosen->>'code'
ORDER BY 2 DESC, 1
LIMIT {top}
"""


def options(tickets: QuerySet[Ticket]) -> list[Part]:
    """Return what was chosen most; the sum is what it added to the price."""
    try:
        sql, params = _sold(tickets).query.sql_with_params()
    except EmptyResultSet:  # no place to ask about
        return []
    with connection.cursor() as cursor:
        cursor.execute(_OPTIONS.format(tickets=sql, top=TOP), params)
        return [Part(*row) for row in cursor.fetchall()]


def cancellations(tickets: QuerySet[Ticket]) -> list[Part]:
    """Return why orders were given up, by whom and in which words."""
    rows = tickets.filter(status__in=CANCELED).order_by().values("canceled_by", "cancel_reason", "status")
    rows = rows.annotate(count=Count("id"), sum=Sum("order__amount")).order_by("-count", "canceled_by", "cancel_reason")
    return [Part(_reason(dict(row)), row["count"], row["sum"]) for row in rows]


def _reason(row: dict[str, Any]) -> str:
    by = Ticket.By(row["canceled_by"]).label if row["canceled_by"] else ""
    words = row["cancel_reason"] or (Ticket.Status(row["status"]).label if row["status"] == CANCELED[1] else "")
    words = words if may_see() else veiled(words)  # a person typed it
    return f"{by}: {words}" if words else str(by)


def _grouped(tickets: QuerySet[Ticket], name: str) -> dict[Any, tuple[int, Decimal]]:
    rows = tickets.filter(status__in=SOLD).order_by().values(name).annotate(count=Count("id"), sum=revenue())
    return {row[name]: (row["count"], row["sum"]) for row in rows}


def _sold(tickets: QuerySet[Ticket]) -> QuerySet[Any]:
    return tickets.filter(status__in=SOLD).order_by().values("pk")
