"""Kind to adapter, from the one table in `settings.CHANNELS`."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from bot.channels.base import Adapter


@cache
def adapter_for(kind: str) -> Adapter:
    """Return the adapter of `kind`; raises `LookupError` with the known kinds."""
    try:
        path = settings.CHANNELS[kind]
    except KeyError:
        known = ", ".join(sorted(settings.CHANNELS))
        raise LookupError(f"no channel of kind {kind!r}; known: {known}") from None
    adapter: Adapter = import_string(path)()
    return adapter


def all_adapters() -> dict[str, Adapter]:
    """Return every registered adapter by kind."""
    return {kind: adapter_for(kind) for kind in settings.CHANNELS}
