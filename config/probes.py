"""What machines ask: `/healthz` (does this process answer), `/readyz` (database, broker, queues), `/metrics` (Prometheus).

`/readyz` is 503 only when this process cannot work. A queue that is late is named there but is no reason to take a web
process out of service: the door must go on storing what customers write.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bot import metrics
from bot.models import Channel, InboxEvent, Message
from bot.nudges import broker
from config import backups
from config.queues import QUEUES
from config.tasks import beat_age
from crm.models import WriteBack

LATE = dt.timedelta(minutes=2)
CELERY_QUEUES = ("turns", "deliveries", "assistant", settings.CELERY_TASK_DEFAULT_QUEUE)

Series = Iterator[tuple[str, Mapping[str, str], float]]


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Alive: touches nothing."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Tell whether this process can work, and how late the queues are."""
    now = timezone.now()
    answer: dict[str, object] = {"database": "ok", "broker": "ok"}
    try:
        ages = {queue.key: round(queue.age(now).total_seconds(), 1) for queue in QUEUES}
        answer["queue_seconds"] = ages
        answer["late"] = [key for key, seconds in ages.items() if seconds > LATE.total_seconds()]
    except DatabaseError as error:
        answer["database"] = type(error).__name__
    try:
        broker().ping()
    except (redis.RedisError, OSError) as error:
        answer["broker"] = type(error).__name__
    is_ready = answer["database"] == answer["broker"] == "ok"
    return JsonResponse(answer, status=200 if is_ready else 503)


@never_cache
@require_safe
def prometheus(_request: HttpRequest) -> HttpResponse:
    """Counters of all processes and gauges of this moment, as Prometheus text. A part that cannot be read is left out."""
    lines: list[str] = []
    up = {"database": True, "broker": True}
    try:
        lines += _counters(metrics.totals())
        lines += _gauges(_broker_gauges())
    except (redis.RedisError, OSError):
        up["broker"] = False
    try:
        lines += _gauges(_database_gauges(timezone.now()))
    except DatabaseError:
        up["database"] = False
        connection.close()
    lines += _gauges(("up", {"part": part}, float(works)) for part, works in up.items())
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _counters(totals: Mapping[str, float]) -> Iterator[str]:
    family = ""
    for series in sorted(totals):
        name = series.partition("{")[0]
        if name != family:
            family = name
            yield f"# TYPE {name} counter"
        yield f"{series} {totals[series]:g}"


def _gauges(series: Iterator[tuple[str, Mapping[str, str], float]]) -> Iterator[str]:
    family = ""
    for name, labels, value in series:
        if name != family:
            family = name
            yield f"# HELP otklik_{name} {HELP[name]}"
            yield f"# TYPE otklik_{name} gauge"
        inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
        yield f"otklik_{name}{{{inside}}} {value:.10g}" if inside else f"otklik_{name} {value:.10g}"


HELP = {
    "queue_seconds": "How long the head of the queue has been due.",
    "parked_events": "Events given up after too many attempts; they wait for a person.",
    "troubled_messages": "Messages not delivered, or not known to be; they wait for a person.",
    "troubled_writes": "Writes Bitrix24 did not take, or may have taken; they wait for a person.",
    "channels_down": "Active channels that do not work.",
    "backup_age_seconds": "Age of the newest verified backup; -1 when there is none.",
    "beat_age_seconds": "Time since beat and a worker were last seen together; -1 when never.",
    "broker_tasks": "Celery tasks waiting in the broker.",
    "up": "Whether this part answered the scrape.",
}


def _database_gauges(now: dt.datetime) -> Series:
    for queue in QUEUES:
        yield "queue_seconds", {"queue": queue.key}, queue.age(now).total_seconds()
    yield "parked_events", {}, InboxEvent.objects.filter(parked_at__isnull=False, handled_at=None).count()
    for name, model in (("troubled_messages", Message), ("troubled_writes", WriteBack)):
        rows = model.objects.filter(status__in=model.RETRYABLE).values_list("status").annotate(Count("id"))
        counts = dict(rows)
        for status in model.RETRYABLE:
            yield name, {"status": str(status)}, counts.get(status, 0)
    yield "channels_down", {}, Channel.objects.filter(is_active=True, health=Channel.Health.DOWN).count()
    newest = backups.newest()
    yield "backup_age_seconds", {}, (now - newest.at).total_seconds() if newest else -1


def _broker_gauges() -> Series:
    age = beat_age(timezone.now())
    yield "beat_age_seconds", {}, age.total_seconds() if age is not None else -1
    for name in CELERY_QUEUES:
        yield "broker_tasks", {"queue": name}, float(broker().llen(name))
