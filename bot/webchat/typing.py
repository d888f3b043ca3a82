"""While a visitor types on, what they wrote a moment ago waits: two quick messages get one answer."""

from django.conf import settings
from django.db import connection

# Never later than the cap after the words came in, and never earlier than they would have been answered.
_POSTPONE = """
UPDATE bot_inboxevent e SET ready_at = greatest(e.ready_at, least(
    e.received_at + make_interval(secs => %(cap)s), now() + make_interval(secs => %(window)s)))
FROM bot_chat c WHERE c.id = e.chat_id AND c.channel_id = %(channel)s AND c.external_id = %(visitor)s
  AND e.kind = 'text' AND e.handled_at IS NULL AND e.parked_at IS NULL AND e.attempts = 0
"""


def wait_for_more(channel_id: int, visitor: str) -> int:
    """Put off the answer to this visitor's unread words; return how many wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            _POSTPONE,
            {
                "channel": channel_id,
                "visitor": visitor,
                "cap": settings.COALESCE_CAP_SECONDS,
                "window": settings.COALESCE_SECONDS,
            },
        )
        return int(cursor.rowcount)
