"""What every log line of a piece of work carries: request id, channel, chat, conversation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

_fields: ContextVar[Mapping[str, Any]] = ContextVar("otklik_log_fields", default=MappingProxyType({}))


def current() -> Mapping[str, Any]:
    """Return the fields bound to the work in progress."""
    return _fields.get()


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Bind fields to every log line written inside."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)
