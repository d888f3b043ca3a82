"""What the clock brings to our people: reminders of leads nobody takes, warnings and the end of takeovers nobody keeps up."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from bot.errors import Refused
from bot.messages import Button
from bot.models import Chat
from crm import cards, desk, notifications, offers, takeovers
from crm.models import Lead, Offer, Takeover

LIMIT = 200  # of each at one look


def watch(now: dt.datetime | None = None) -> int:
    """Look at everything that waits for a human; return how much was done. Rotation itself is `rotation.assign_waiting`."""
    at = now or timezone.now()
    return _watch_offers(at) + _watch_takeovers(at)


def _watch_offers(now: dt.datetime) -> int:
    rows = Offer.objects.filter(closed_at=None).select_related(
        "lead__customer", "lead__manager", "lead__chat__channel", "room__chat__channel"
    )
    done = 0
    for known in rows.order_by("posted_at")[:LIMIT]:
        with transaction.atomic():
            if offers.settle(known.lead, now=now):
                done += 1
            elif known.remind_at is not None and known.remind_at <= now:
                done += offers.remind(known, now=now)
    return done


def _watch_takeovers(now: dt.datetime) -> int:
    rows = Takeover.objects.filter(ended_at=None).select_related("manager", "lead__customer", "chat__channel")
    return sum(_watch_takeover(row, now) for row in rows.order_by("last_word_at")[:LIMIT])


def _watch_takeover(row: Takeover, now: dt.datetime) -> bool:
    limit, before = takeovers.patience_of(row)
    if row.chat.speaker == Chat.Speaker.BOT:  # given back by somebody who knows nothing of this row
        return takeovers.end(row.chat, "диалог уже у бота", now=now)
    if limit is None or row.lead is None:
        return False
    silent = now - row.last_word_at
    if silent >= limit:
        return _return(row, row.lead)
    if row.manager is not None and row.warned_at is None and silent >= limit - before:
        return _warn(row, row.lead, now, left=limit - silent)
    return False


def _warn(row: Takeover, lead: Lead, now: dt.datetime, *, left: dt.timedelta) -> bool:
    with transaction.atomic():
        if not Takeover.objects.filter(pk=row.pk, ended_at=None, warned_at=None).update(warned_at=now):
            return False
        minutes = max(1, round(left.total_seconds() / 60))
        words = f"⏳ {cards.name_of(lead)}: вы давно не писали. Через {minutes} мин. диалог вернётся боту."
        keep = Button("Оставить мне", data=f"lead:keep:{lead.pk}")
        buttons = ((keep,), *cards.return_buttons(lead))
        if row.manager is not None:
            key = f"takeover:{row.pk}:{row.last_word_at.timestamp():.0f}:warned"
            notifications.tell_manager(row.manager, words, key=key, buttons=buttons, lead=lead)
    return True


def _return(row: Takeover, lead: Lead) -> bool:
    try:
        with transaction.atomic():
            desk.give_back(lead, by="Отклик", reason="менеджер долго не отвечал")
            if row.manager is not None:
                words = f"🤖 {cards.name_of(lead)}: вы долго не отвечали, диалог снова ведёт бот."
                notifications.tell_manager(row.manager, words, key=f"takeover:{row.pk}:returned", lead=lead)
    except Refused:  # a manager was quicker
        return False
    return True
