"""What fails in the mind and only a human can mend: the language model. `crm.alerts` asks through `settings.ALERT_CAUSES`."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.conf import settings

from crm.alerts import RECENT, Cause
from dialogs.models import AssistantTurn

IN_A_ROW = 5  # answers the model owed and did not give: fewer are an accident, and the next may come
# Why the seller by rules answered, where that speaks of the model or its account.
AWAY = ("breaker", "unreachable", "too_slow", "too_many", "misconfigured", "error")
ASKED = ("", "unusable", "declined")  # it answered, usably or not
WORDS = {
    "misconfigured": "ключ, модель или счёт не приняты",
    "too_many": "слишком много запросов",
    "too_slow": "не отвечает вовремя",
}


def causes(now: dt.datetime) -> Iterator[Cause]:
    """Find what keeps the model from answering."""
    if not settings.OPENAI_API_KEY:
        return
    yield from _away(now)
    yield from _spent(now)


def _away(now: dt.datetime) -> Iterator[Cause]:
    answered = AssistantTurn.objects.filter(asked_at__gte=now - RECENT, answered_at__isnull=False)
    told = answered.filter(fallback__in=(*AWAY, *ASKED)).order_by("-asked_at")
    newest = list(told.values_list("fallback", flat=True)[:IN_A_ROW])
    if len(newest) == IN_A_ROW and set(newest) <= set(AWAY):
        why = next((WORDS[code] for code in newest if code in WORDS), "не отвечает")
        text = f"Языковая модель недоступна ({why}): клиентам отвечает продавец по правилам"
        yield Cause("assistant_away", text, answered.filter(fallback__in=AWAY).count())


def _spent(now: dt.datetime) -> Iterator[Cause]:
    midnight = now.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    refused = AssistantTurn.objects.filter(asked_at__gte=midnight, fallback="day_limit").count()
    if refused:
        text = f"Дневной лимит расходов на языковую модель исчерпан ({settings.ASSISTANT_DAY_LIMIT} $): до полуночи клиентам"
        yield Cause("assistant_day_limit", f"{text} отвечает продавец по правилам", refused)
