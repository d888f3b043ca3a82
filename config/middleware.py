"""What every request passes first."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bot.context import bound

logger = logging.getLogger("config.requests")
HEADER = "X-Request-ID"
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")  # asked every few seconds; only their failures are news
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,36}")


class RequestContextMiddleware:
    """Gives the request an id that every log line of its work and its answer carry; writes one line when it is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(request.headers.get(HEADER, ""))
        begun = time.monotonic()
        with bound(request_id=request_id):
            response = self.get_response(request)
            if response.status_code >= 500 or not request.path.startswith(QUIET):
                _write_line(request, response, time.monotonic() - begun)
        response[HEADER] = request_id
        return response


def request_id_of(given: str) -> str:
    """Return the id the proxy gave when it is a plain word, else a new one."""
    return given if _PLAIN.fullmatch(given) else uuid.uuid4().hex


def _write_line(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    logger.log(
        logging.ERROR if response.status_code >= 500 else logging.INFO,
        "request",
        extra={
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        },
    )
