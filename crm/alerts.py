"""Telling the owner that something fails: once when a cause appears, once when it is gone.

`look` compares what fails now with the alerts that are open; the constraint keeps two lookers from opening one cause twice.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.module_loading import import_string

from bot.models import Channel, InboxEvent, Message
from crm import notifications
from crm.models import Alert, ManagersChat, RemoteLead, WriteBack, YclientsAccount

RECENT = dt.timedelta(days=1)  # what failed earlier and was left lying has been told already
STUCK = dt.timedelta(minutes=5)  # work that is due for so long means that nobody works
REVIEW_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that fails now."""

    key: str
    text: str
    count: int


def causes(now: dt.datetime) -> Iterator[Cause]:
    """Find what fails now."""
    pending = Q(handled_at__isnull=True, parked_at__isnull=True)
    if parked := InboxEvent.objects.filter(parked_at__gte=now - RECENT).count():
        yield Cause("events_parked", f"События, которые не удалось обработать: {parked}", parked)
    if stuck := InboxEvent.objects.filter(pending, ready_at__lt=now - STUCK, attempts=0).count():
        yield Cause("inbox_stuck", f"Входящие ждут дольше 5 минут: {stuck}. Работает ли worker?", stuck)
    if late := Message.objects.filter(status=Message.Status.QUEUED, send_after__lt=now - STUCK).count():
        yield Cause("outbox_stuck", f"Исходящие ждут дольше 5 минут: {late}", late)
    for channel in Channel.objects.filter(is_active=True, health=Channel.Health.DOWN):
        yield Cause(f"channel_down:{channel.pk}", f"Канал «{channel.title}» не работает: {channel.health_note}", 1)
    for room in ManagersChat.objects.filter(is_active=True, chat__blocked_at__isnull=False).select_related("chat"):
        yield Cause(f"managers_chat_gone:{room.pk}", f"Бот больше не состоит в канале менеджеров «{room.chat}»", 1)
    for account in YclientsAccount.objects.filter(is_active=True, is_well=False):
        yield Cause(f"yclients_down:{account.pk}", f"YClients «{account.title}» не работает: {account.health_note}", 1)
    yield from _deliveries(now)
    yield from _bitrix24(now)
    for path in settings.ALERT_CAUSES:  # of the rooms above
        yield from import_string(path)(now)


def _deliveries(now: dt.datetime) -> Iterator[Cause]:
    # A person who blocked the bot is no failure of ours.
    rows = Message.objects.filter(status__in=Message.RETRYABLE, created_at__gte=now - RECENT, chat__blocked_at=None)
    for channel_id, title, count in rows.values_list("channel_id", "channel__title").annotate(n=Count("id")):
        yield Cause(f"deliveries:{channel_id}", f"Не доставлено в канале «{title}»: {count}", count)


def _bitrix24(now: dt.datetime) -> Iterator[Cause]:
    writes = WriteBack.objects.filter(status__in=WriteBack.RETRYABLE, created_at__gte=now - RECENT)
    if count := writes.count():
        yield Cause("bitrix24_writes", f"Записи в Битрикс24, которые не удались: {count}", count)
    waiting = WriteBack.objects.filter(status=WriteBack.Status.QUEUED, created_at__lt=now - STUCK)
    if count := waiting.filter(run_after__gte=now - RECENT).count():
        last = waiting.exclude(error="").order_by("-pk").values_list("error", flat=True).first()
        yield Cause("bitrix24_waiting", f"Записи в Битрикс24 ждут дольше 5 минут: {count}. {last or ''}".strip(), count)
    if (
        count := RemoteLead.objects.filter(attempts__gte=REVIEW_ATTEMPTS, noticed_at__isnull=False)
        .exclude(error="")
        .count()
    ):
        yield Cause("bitrix24_reviews", f"Лиды Битрикс24, которые не удалось прочитать: {count}", count)


def look(now: dt.datetime) -> tuple[int, int]:
    """Open and close alerts by what fails at `now`; return how many of each."""
    found = {cause.key: cause for cause in causes(now)}
    known = {alert.cause: alert for alert in Alert.objects.filter(closed_at=None)}
    opened = sum(_open(cause, now) for key, cause in found.items() if key not in known)
    closed = sum(_close(alert, now) for key, alert in known.items() if key not in found)
    for key in found.keys() & known.keys():
        Alert.objects.filter(pk=known[key].pk).update(count=found[key].count, text=found[key].text)
    return opened, closed


def _open(cause: Cause, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            alert = Alert.objects.create(cause=cause.key, text=cause.text, count=cause.count, opened_at=now)
            notifications.tell_owner(f"⚠️ {cause.text}", key=f"alert:{alert.pk}")
    except IntegrityError:  # another looker was first
        return False
    return True


def _close(alert: Alert, now: dt.datetime) -> bool:
    with transaction.atomic():
        if not Alert.objects.filter(pk=alert.pk, closed_at=None).update(closed_at=now):
            return False
        notifications.tell_owner(f"✅ Снова в порядке: {alert.text}", key=f"alert:{alert.pk}:closed")
    return True
