"""Due timers become inbox events: fired once, whatever is repeated, because the event's id is the timer's."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from bot.inbox import Arrival, store
from bot.messages import Envelope, EventKind
from dialogs.models import Timer

LIMIT = 500


def fire_due(now: dt.datetime | None = None, *, limit: int = LIMIT) -> int:
    """Put up to `limit` due timers into the inbox and mark them fired, in one transaction; return how many."""
    now = now or timezone.now()
    with transaction.atomic():
        # SKIP LOCKED: two sweeps at once share the work instead of firing twice.
        due = Timer.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            due_at__lte=now, fired_at=None, canceled_at=None
        )
        timers = list(due.select_related("conversation__chat").order_by("due_at")[:limit])
        store([_arrival(timer) for timer in timers], window=0)
        Timer.objects.filter(pk__in=[timer.pk for timer in timers]).update(fired_at=now)
    return len(timers)


def _arrival(timer: Timer) -> Arrival:
    chat = timer.conversation.chat
    payload = {"name": timer.name, "visit": timer.visit, "conversation": timer.conversation_id}
    envelope = Envelope(f"timer:{timer.pk}", chat.external_id, EventKind.TIMER, payload)
    return Arrival(chat.channel_id, envelope)
