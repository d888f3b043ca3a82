"""What every request passes first, and what stands behind the login."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bot.context import bound
from bot.personal import looking
from crm import looking as accesses
from crm.models import Access

logger = logging.getLogger("config.requests")
HEADER = "X-Request-ID"
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")  # asked every few seconds; only their failures are news
STAFF = "/admin/"  # the back office; what customers use knows no veil
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


class StaffLookMiddleware:
    """Lets our people see what they may: rows are veiled for who may not see personal data, and remembered for who may."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(STAFF) or not request.user.is_staff:
            return self.get_response(request)
        with looking(accesses.look_of(request.user)) as look:
            response = self.get_response(request)
        if response.status_code < 400:
            page = request.resolver_match.url_name if request.resolver_match else ""
            accesses.remember(look, request.user, page=page or request.path, act=_act_of(request, response))
        return response


def _act_of(request: HttpRequest, response: HttpResponse) -> Access.Act:
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return Access.Act.EXPORT
    return Access.Act.VIEW if request.method in ("GET", "HEAD") else Access.Act.CHANGE


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
