"""How a widget looks and speaks, from the channel's options; what is not set has a sensible Russian default."""

from typing import Any

from bot.models import Channel

DEFAULT_COLOR = "#1f6f5c"


def appearance(channel: Channel) -> dict[str, Any]:
    """Return what the widget reads before it draws itself. Only what anybody may see."""
    options = channel.options
    return {
        "title": str(options.get("title") or channel.title),
        "subtitle": str(options.get("subtitle") or ""),
        "color": str(options.get("color") or DEFAULT_COLOR),
        "greeting": str(options.get("greeting") or ""),
        "position": str(options.get("position") or "right"),
        "lang": str(options.get("lang") or "ru"),
        "consent": {
            "text": str(options.get("consent_text") or ""),  # empty: the widget's own sentence in its language
            "url": _web_address(options.get("consent_url")),
        },
    }


def _web_address(value: object) -> str:
    """Return `value` when a browser may follow it: never `javascript:`."""
    text = str(value or "")
    return text if text.startswith(("https://", "http://")) else ""
