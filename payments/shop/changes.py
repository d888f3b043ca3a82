"""What has changed on a place's board since somebody looked last. Nothing is missed, some of it may be told twice."""

from django.db import connection
from django.db.models import Q

from payments.models import Ticket

# The oldest transaction that may still write, and the next number to be given.
_HORIZON = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


def since(place_id: int, cursor: int) -> tuple[list[Ticket], int]:
    """Return the tickets changed since `cursor` and the next cursor; 0 begins with all that is on the board.

    The horizon is read first: what commits between the two reads is told now and once more next time. A cursor from the future
    is one of another database (a restored backup), and begins anew.
    """
    with connection.cursor() as db:
        db.execute(_HORIZON)
        oldest, following = db.fetchone()
    rows = Ticket.objects.filter(place=place_id).exclude(status=Ticket.Status.HELD)
    is_ours = 0 < cursor <= following
    rows = rows.filter(Q(seq__gte=cursor) if is_ours else Q(status__in=Ticket.ON_BOARD))
    rows = rows.select_related("order", "place").prefetch_related("order__items").order_by("pickup_at", "pk")
    return list(rows), int(oldest)
