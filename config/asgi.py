"""The ASGI application: Django, with the doors beside it that Django would make too slow or too costly."""

import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_asgi_application()

from django.conf import settings  # noqa: E402  # the apps must be ready before their modules are read

from bot.channels.registry import adapter_for  # noqa: E402
from bot.door import Door  # noqa: E402
from bot.webchat import stream  # noqa: E402
from bot.webchat.hub import end_streams_on_signal  # noqa: E402
from config.lanes import Lanes  # noqa: E402
from payments.board import stream as board_stream  # noqa: E402

logger = logging.getLogger(__name__)
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

door = Door()
back_office = Lanes(django)


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Send each connection to the room that answers it."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http" and door.opens(scope["path"]):
        await door(scope, receive, send)
    elif stream.is_stream(scope):
        await stream.application(scope, receive, send)
    elif board_stream.is_stream(scope):
        await board_stream.application(scope, receive, send)
    else:
        await back_office(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    """Make ready before the first request; let nothing be lost after the last."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            load_adapters()
            end_streams_on_signal()
            await send({"type": "lifespan.startup.complete"})
        else:
            await door.aclose()
            await send({"type": "lifespan.shutdown.complete"})
            return


def load_adapters() -> None:
    """Import every channel now: the first customer should not wait for a large SDK."""
    for kind in settings.CHANNELS:
        try:
            adapter_for(kind)
        except Exception:
            logger.exception("channel cannot be loaded", extra={"kind": kind})
