"""Asking YClients for something: a row now, the call later, outside any transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string

from bot.models import Chat
from bot.nudges import nudge
from crm.models import Appointment, CalendarTask, YclientsAccount

TASK = "crm.tasks.run_calendar_tasks"


def enqueue(
    account: YclientsAccount,
    operation: str,
    *,
    appointment: Appointment | None = None,
    chat: Chat | None = None,
    params: Mapping[str, Any] | None = None,
    key: str = "",
) -> None:
    """Queue one task in the caller's transaction; the same `key` is queued once."""
    row = CalendarTask(
        account=account,
        operation=operation,
        appointment=appointment,
        chat=chat,
        params=dict(params or {}),
        dedupe_key=(key or f"{operation}:{get_random_string(22)}")[:190],
    )
    CalendarTask.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: nudge(TASK))
