"""The Celery application: workers and beat. A task carries the request id of the work that sent it."""

import logging.config
import os
import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, celeryd_after_setup, setup_logging, task_postrun, task_prerun
from django.conf import settings

from bot.context import bound, current

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
REQUEST_HEADER = "request_id"
PROMPT_QUEUES = frozenset({"turns", "deliveries"})  # somebody waits for an answer: their workers are never slowed down
app = Celery("otklik")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_bound: dict[str, AbstractContextManager[None]] = {}


@setup_logging.connect
def use_our_logging(**_: Any) -> None:
    """Keep Celery from setting up logging of its own."""
    logging.config.dictConfig(settings.LOGGING)


@celeryd_after_setup.connect
def step_back(instance: Any, **_: Any) -> None:
    """Let a worker of none of the prompt queues go second, before its threads begin: they inherit this."""
    if is_background(instance.app.amqp.queues.consume_from) and hasattr(os, "nice"):  # Windows has none
        os.nice(settings.BACKGROUND_NICENESS)


def is_background(queues: Iterable[str]) -> bool:
    """Tell whether nobody waits for what a worker of these queues does: plain talk goes first."""
    return PROMPT_QUEUES.isdisjoint(queues)


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_: Any) -> None:
    """Put the request id of the sender into the task's headers."""
    if request_id := current().get("request_id"):
        headers.setdefault(REQUEST_HEADER, request_id)


@task_prerun.connect
def bind_request_id(task_id: str, task: "Task[Any, Any]", **_: Any) -> None:
    """Let every line of the task carry its request id; a task of beat gets one of its own."""
    request_id = task.request.get(REQUEST_HEADER) or uuid.uuid4().hex
    context = bound(request_id=request_id, task=task.name)
    context.__enter__()
    _bound[task_id] = context


@task_postrun.connect
def release_request_id(task_id: str, **_: Any) -> None:
    """Undo `bind_request_id`."""
    if context := _bound.pop(task_id, None):
        context.__exit__(None, None, None)
