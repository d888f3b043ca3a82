"""The ASGI application: Django, with the doors beside it that Django would make too slow or too costly."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()

from bot.webchat import stream  # noqa: E402  # models may be imported only after Django is set up


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Hand each request to its door."""
    if stream.is_stream(scope):
        await stream.application(scope, receive, send)
    else:
        await django_application(scope, receive, send)
