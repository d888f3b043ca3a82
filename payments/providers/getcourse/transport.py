"""The wire to a school: one request, one JSON answer, or an error that says what to do.

Every request of ours may be repeated: a deal is named by our own number, all else is reading. No key is ever part of an error.
"""

from collections.abc import Mapping
from typing import Any

import httpx

from payments.errors import AccessDenied, Rejected, Unavailable
from payments.providers.wire import shared_http

MAX_ANSWER = 20_000_000  # bytes; an export of a large school
DENIED = (401, 403)


def ask(method: str, url: str, *, headers: Mapping[str, str] | None = None, **parts: Any) -> dict[str, Any]:
    """Return the JSON object answered; the cause is not chained, httpx's exceptions hold the address with the key."""
    try:
        response = shared_http().request(method, url, headers=headers, **parts)
    except httpx.HTTPError as error:
        raise Unavailable(f"GetCourse does not answer ({type(error).__name__})") from None
    except httpx.InvalidURL:
        raise Rejected("the school's address is no address") from None
    _check_status(response)
    if len(response.content) > MAX_ANSWER:
        raise Unavailable("GetCourse answered more than we read")
    try:
        answer = response.json()
    except ValueError:
        raise Unavailable("GetCourse answered no JSON") from None
    if not isinstance(answer, dict):
        raise Unavailable("GetCourse answered no object")
    return answer


def _check_status(response: httpx.Response) -> None:
    if response.status_code in DENIED:
        raise AccessDenied(f"GetCourse refuses the key (HTTP {response.status_code})")
    if response.is_redirect:
        raise AccessDenied("GetCourse sends us elsewhere: is the school's address right?")
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        wait = response.headers.get("Retry-After", "")
        raise Unavailable("GetCourse asks for a pause", retry_after=float(wait) if wait.isdecimal() else 60.0)
    if response.status_code >= httpx.codes.BAD_REQUEST:
        raise Unavailable(f"GetCourse answered HTTP {response.status_code}")
