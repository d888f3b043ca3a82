"""What a board shows, read from the rows: the tickets that wait, those handed over lately, and the pace of the place.

A tablet is told the whole board when it comes, with whatever ended since its cursor while it was away; then what has changed.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.personal import Look, looking
from content.models import Place
from content.stops import standing
from payments import money
from payments.models import Order, Ticket
from payments.shop import changes
from payments.shop.lateness import begins_at

HANDED_OVER = dt.timedelta(hours=2)  # how long a picked-up order can be recalled from the board
SHOWN_OVER = 12
CAUGHT_UP = 300  # changes told to a tablet that comes back; after a longer absence it sees the board as it is

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What a tablet knows: up to which change, which version of each ticket, and the pace of the place."""

    cursor: int
    versions: dict[int, int]
    place: Told
    told: Told  # what it has to be told to know this; empty when it knows already


def whole(place_id: int, now: dt.datetime, after: int = 0) -> View:
    """Return the whole board, and what changed after the cursor a tablet came with."""
    with _as_the_house():
        waiting, cursor = changes.since(place_id, 0)
        rows = {row.pk: row for row in (*_lately(place_id, now), *_missed(place_id, after), *waiting)}
    place = place_told(place_id, now)
    told = {"now": now.isoformat(), "cursor": cursor, "tickets": [*map(_ticket, rows.values())], "place": place}
    return View(cursor, {pk: row.seq for pk, row in rows.items()}, place, told)


def changed(place_id: int, now: dt.datetime, known: View) -> View:
    """Return what is different from what a tablet knows."""
    with _as_the_house():
        rows, cursor = changes.since(place_id, known.cursor)
    fresh = [row for row in rows if known.versions.get(row.pk) != row.seq]
    place = place_told(place_id, now)
    versions = known.versions | {row.pk: row.seq for row in fresh}
    if not fresh and place == known.place:
        return View(cursor, versions, place, {})
    told = {"now": now.isoformat(), "cursor": cursor, "tickets": [*map(_ticket, fresh)], "place": place}
    return View(cursor, versions, place, told)


def _missed(place_id: int, after: int) -> Iterable[Ticket]:
    """Return what changed after a cursor; nothing of an absence so long that it would fill the screen."""
    changed_rows = Ticket.objects.filter(place=place_id, seq__gte=after)
    if not after or changed_rows[: CAUGHT_UP + 1].count() > CAUGHT_UP:
        return ()
    return changes.since(place_id, after)[0]


def _lately(place_id: int, now: dt.datetime) -> Iterable[Ticket]:
    rows = Ticket.objects.filter(place=place_id, status=Ticket.Status.PICKED_UP, picked_up_at__gte=now - HANDED_OVER)
    rows = rows.select_related("order", "place").prefetch_related("order__items")
    return rows.order_by("-picked_up_at")[:SHOWN_OVER]


def _as_the_house() -> Any:
    # The counter is told whom it serves and what they asked for, whoever stands there; nothing else of the person is read.
    return looking(Look(may_see=True))


def ticket_told(place_id: int, ticket_id: int) -> Told | None:
    """Return one ticket of this place as a tablet shows it; None when there is none."""
    with _as_the_house():
        rows = Ticket.objects.filter(place=place_id, pk=ticket_id).select_related("order", "place")
        row = rows.prefetch_related("order__items").first()
    return _ticket(row) if row is not None else None


def _ticket(row: Ticket) -> Told:
    order = row.order
    return {
        "id": row.pk,
        "seq": row.seq,
        "number": row.number,
        "order": order.number,
        "status": row.status,
        "name": row.name,
        "comment": row.comment,
        "is_paid": order.status == Order.Status.PAID,
        "amount": money.shown(order.amount, order.currency),
        "items": [_item(item) for item in order.items.all()],
        "placed_at": row.created_at.isoformat(),
        "received_at": (row.received_at or row.created_at).isoformat(),
        "due_at": row.pickup_at.isoformat(),
        "begin_at": begins_at(row).isoformat(),
        "is_asap": row.is_asap,
        "delay": row.delay_minutes,
        "accepted_by": row.accepted_by,
        "accepted_at": _iso(row.accepted_at),
        "ready_at": _iso(row.ready_at),
        "picked_up_at": _iso(row.picked_up_at),
        "canceled_by": row.canceled_by,
        "changed_at": row.changed_at.isoformat(),
    }


def _item(item: Any) -> Told:
    return {
        "code": item.code,
        "title": item.title,
        "quantity": item.quantity,
        "options": [str(option.get("name", "")) for option in item.options],
        "option_codes": [str(option.get("code", "")) for option in item.options],
    }


def place_told(place_id: int, now: dt.datetime) -> Told:
    """Return the pace of a place, by the clock."""
    row = Place.objects.get(pk=place_id)
    is_paused, is_busy = row.is_paused_at(now), row.is_busy_at(now)
    return {
        "code": row.code,
        "name": row.name,
        "time_zone": row.time_zone,
        "accept_minutes": row.accept_minutes,
        "prep_minutes": row.prep_minutes,
        "busy_minutes": row.busy_minutes,
        "is_paused": is_paused,
        "paused_until": _iso(row.paused_until) if is_paused else None,
        "pause_reason": row.pause_reason if is_paused else "",
        "is_busy": is_busy,
        "busy_until": _iso(row.busy_until) if is_busy else None,
        "stop_count": standing(now).filter(place=place_id).count(),
    }


def _iso(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
