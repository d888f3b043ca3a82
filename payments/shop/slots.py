"""Room in the ten minutes of a place: one conditional UPDATE takes it, one gives it back."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.db.models import F

from content.models import Place
from payments.models import PickupSlot

# Two guests at the last room: the second waits for the first's row, reads it anew, and finds `taken` at the limit.
_TAKE = """
INSERT INTO payments_pickupslot AS slot (place_id, starts_at, taken) VALUES (%(place)s, %(starts_at)s, 1)
ON CONFLICT (place_id, starts_at) DO UPDATE SET taken = slot.taken + 1 WHERE slot.taken < %(capacity)s
RETURNING taken
"""


def take(place: Place, starts_at: dt.datetime) -> bool:
    """Take one room; False when the slot is full."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"place": place.pk, "starts_at": starts_at, "capacity": place.capacity})
        return cursor.fetchone() is not None


def give_back(place_id: int, starts_at: dt.datetime) -> None:
    """Give one room back; the caller has made sure that it does so once."""
    PickupSlot.objects.filter(place=place_id, starts_at=starts_at, taken__gt=0).update(taken=F("taken") - 1)


def taken(places: Sequence[int], since: dt.datetime) -> dict[int, dict[dt.datetime, int]]:
    """Return how many orders each slot from `since` on has, by place: one query."""
    found: dict[int, dict[dt.datetime, int]] = {place: {} for place in places}
    rows = PickupSlot.objects.filter(place__in=places, starts_at__gte=since - dt.timedelta(minutes=10), taken__gt=0)
    for place, starts_at, count in rows.values_list("place_id", "starts_at", "taken"):
        found[place][starts_at] = count
    return found
