"""The adapters of this process are made once and keep their connections open; a test that wants others ends these first."""

from bot.channels.registry import adapter_for, all_adapters
from bot.sender import submit


def forget_adapters() -> None:
    """Close every adapter's connections and let the next use make it anew."""
    for adapter in all_adapters().values():
        submit(adapter.aclose()).result(10)
    adapter_for.cache_clear()
