"""When an order of a place can be handed over, with the room that is left."""

import datetime as dt
from collections.abc import Iterable

from content.menu.pricing import PricedLine
from content.models import Place
from payments.shop import pickup, slots
from payments.shop.pickup import Counter, Pickup


def counter_of(place: Place, lines: Iterable[PricedLine], now: dt.datetime) -> Counter:
    """Return what a place can do with these goods: the longest of them says how long, and the busy mode adds to it."""
    own = place.prep_minutes
    longest = max((own if line.prep_minutes is None else line.prep_minutes for line in lines), default=own)
    busy = place.busy_minutes if place.is_busy_at(now) else 0
    return Counter(place.hours, place.capacity, longest + busy)


def times_of(place: Place, lines: Iterable[PricedLine], now: dt.datetime) -> tuple[Pickup | None, list[Pickup]]:
    """Return the soonest time, and the times on offer."""
    counter, taken = counter_of(place, lines, now), slots.taken([place.pk], now)[place.pk]
    return pickup.earliest(counter, now, taken), pickup.times(counter, now, taken)
