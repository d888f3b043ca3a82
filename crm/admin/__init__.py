"""The back office of the memory."""

from crm.admin import (
    access,
    appointments,
    customers,
    desk,
    erasures,
    leads,
    ledgers,
    managers,
    portals,
    schedule,
    yclients,
)

__all__ = [
    "access",
    "appointments",
    "customers",
    "desk",
    "erasures",
    "leads",
    "ledgers",
    "managers",
    "portals",
    "schedule",
    "yclients",
]
