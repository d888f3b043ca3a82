"""The calendar as the engine sees it: rows of `crm` become the engine's values."""

from typing import Any
from zoneinfo import ZoneInfo

from crm.booking import Outlook
from crm.models import Customer
from dialogs.engine.slots import Booked, Slot


def times_of(calendar: Outlook | None, customer: Customer) -> dict[str, Any]:
    """Return the facts about times: what is free, what stands, and where the customer's clock is."""
    if calendar is None:
        return {}
    row = calendar.standing.get(customer.pk)
    return {
        "slots": None if calendar.slots is None else tuple(Slot(moment) for moment in calendar.slots),
        "booked": None if row is None else Booked(row.pk, row.local, row.declined_at is not None),
        "booking_needs_phone": calendar.needs_phone,
        "customer_zone": ZoneInfo(customer.time_zone) if customer.time_zone else None,
    }
