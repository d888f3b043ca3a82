"""The stop-list's verbs: stop, put back, count down and up. Each is one statement, so that two hands never disagree."""

import datetime as dt

from django.db.models import F, Q, QuerySet

from content.models import Option, Place, Product, Stop


def stop(
    place: Place,
    thing: Product | Option,
    *,
    left: int | None = None,
    until: dt.datetime | None = None,
    by: str = "",
) -> Stop:
    """Take a product or an option off the menu of a place, or say how many are left; the last word counts."""
    name = "product" if isinstance(thing, Product) else "option"
    row = Stop(place=place, left=left, until=until, made_by=by[:150])
    setattr(row, name, thing)
    made = Stop.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["place", name],
        update_fields=["left", "until", "made_by"],
    )
    return made[0]


def put_back(place: Place, thing: Product | Option) -> bool:
    """Put a product or an option on sale again; returns False when it was."""
    mine = Q(product=thing) if isinstance(thing, Product) else Q(option=thing)
    gone, _by_model = Stop.objects.filter(mine, place=place).delete()
    return bool(gone)


def standing(now: dt.datetime) -> QuerySet[Stop]:
    """Return the lines that hold now; one whose time has come is over by the clock alone."""
    return Stop.objects.filter(Q(until=None) | Q(until__gt=now))


def count_down(stop_id: int, quantity: int) -> bool:
    """Take so many of what is counted; returns False when there are not so many, and takes nothing then."""
    rows = Stop.objects.filter(pk=stop_id, left__gte=quantity)
    return rows.update(left=F("left") - quantity) == 1


def count_up(stop_id: int, quantity: int) -> bool:
    """Give back what was taken; returns False when nobody counts it any more."""
    return Stop.objects.filter(pk=stop_id, left__isnull=False).update(left=F("left") + quantity) == 1


def next_opening(place: Place, now: dt.datetime) -> dt.datetime:
    """Return when "back tomorrow" is: the place's first opening after today, else midnight."""
    hours = place.hours
    tomorrow = now.astimezone(hours.zone).date() + dt.timedelta(days=1)
    midnight = dt.datetime.combine(tomorrow, dt.time(), tzinfo=hours.zone)
    return hours.opens_at(midnight - dt.timedelta(seconds=1)) or midnight


def tidy(now: dt.datetime) -> int:
    """Remove the lines whose time is over; returns how many there were. Nothing waits for it."""
    gone, _by_model = Stop.objects.filter(until__lte=now).delete()
    return gone
