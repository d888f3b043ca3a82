"""Reading what a portal answered: the JSON `error` code decides first, the HTTP status only when there is none.

The documentation and the official SDK disagree on several statuses, the code is often an empty string, and a proxy in
between answers HTML. https://apidocs.bitrix24.com/error-codes.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Never
from urllib.parse import urlsplit

from crm.bitrix24 import errors
from crm.bitrix24.webhook import redact

THROTTLE_SECONDS = 2.0  # when the portal does not say how long
OVERLOAD_SECONDS = 600.0  # OVERLOAD_LIMIT is switched on by hand by Bitrix24's support: do not hammer
PAUSE_SECONDS = 60.0  # one bucket of the execution-time window

BAD_CREDENTIALS = frozenset(
    {
        "APPLICATION_NOT_FOUND", "AUTHORIZATION_ERROR", "ERROR_OAUTH", "EXPIRED_TOKEN", "INVALID_CREDENTIALS",
        "INVALID_TOKEN", "NO_AUTH_FOUND",
    }
)  # fmt: skip
DENIED = frozenset(
    {
        "ACCESS_DENIED", "ALLOWED_ONLY_INTRANET_USER", "BOT_OWNERSHIP_ERROR", "INSUFFICIENT_SCOPE", "PAYMENT_REQUIRED",
        "USER_ACCESS_ERROR", "WRONG_AUTH_TYPE",
    }
)  # fmt: skip
NOT_FOUND = frozenset({"NOT_FOUND", "OWNER_NOT_FOUND", "BOT_NOT_FOUND", "ERROR_NOT_FOUND", "CRM_CHAT_EMPTY_CRM_DATA"})
# Whether a write was carried out before one of these cannot be told.
BROKEN = frozenset({"INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER"})


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, as far as it matters here."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer; `total` and `next` come with lists only, `operating_reset_at` (Unix time) not from boxes."""

    result: Any
    total: int | None = None
    next: int | None = None
    operating_reset_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What an error has to know about its request."""

    method: str
    is_write: bool
    now: float = field(default=0.0)
    last_reset_at: float = field(default=0.0)  # the method's last `operating_reset_at`: errors may come without one


def judge(reply: Reply, asked: Asked) -> Answer:
    """Return the answer, or raise the error that tells what to do."""
    if 300 <= reply.status < 400:
        raise errors.PortalMoved(
            "the portal has moved", location=_origin(reply.headers), method=asked.method, status=reply.status
        )
    body = _parse(reply.body)
    if body is None:
        _refuse_page(reply, asked)
    code, description = _error_of(body)
    if code is not None:
        raise error_of(code, description, asked=asked, status=reply.status, body=body)
    if reply.status >= 400 or "result" not in body:
        raise _error_without_code(reply.status, asked)
    return Answer(body["result"], body.get("total"), body.get("next"), _reset_at(body))


def error_of(
    code: str, description: str, *, asked: Asked, status: int, body: Mapping[str, Any]
) -> errors.Bitrix24Error:
    """Return the error that `code` and `description` stand for."""
    facts: dict[str, Any] = {"method": asked.method, "code": code, "status": status}
    key, text = code.upper(), description.strip().lower().rstrip(".!")
    if key == "OPERATION_TIME_LIMIT":
        return errors.MethodPaused(description, until=_pause_until(body, asked), **facts)
    if key == "OVERLOAD_LIMIT":
        return errors.Overloaded(description, retry_after=OVERLOAD_SECONDS, **facts)
    if key == "QUERY_LIMIT_EXCEEDED" or status == 429:
        return errors.Throttled(description, retry_after=THROTTLE_SECONDS, **facts)
    if key in BROKEN or (not key and status >= 500):
        return missing_answer(description or "the portal failed", asked, **facts)
    return _refusal(key, text)(description, **facts)


def _refusal(key: str, text: str) -> type[errors.Bitrix24Error]:
    """Return the class of a plain refusal; without a code only the English description is left to go by."""
    if key == "PORTAL_DELETED":
        return errors.PortalGone
    if key == "ERROR_METHOD_NOT_FOUND":
        return errors.MethodMissing
    if key in BAD_CREDENTIALS or text == "https required":
        return errors.BadCredentials
    if key in DENIED or (not key and text == "access denied"):
        return errors.Denied
    if key in NOT_FOUND or (not key and text.endswith("not found")):
        return errors.NotFound
    return errors.Rejected


def _error_of(body: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return code and description of an error body (version 2, or version 3 with an object), or `None` for none."""
    if "error" not in body:
        return None, ""
    error = body["error"]
    if isinstance(error, dict):
        return str(error.get("code", "")), redact(str(error.get("message", "")))
    return str(error), redact(str(body.get("error_description") or ""))


def _refuse_page(reply: Reply, asked: Asked) -> Never:
    """Raise for an answer that is not JSON: a proxy's page, or no Bitrix24 at all."""
    facts: dict[str, Any] = {"method": asked.method, "status": reply.status}
    if reply.status == 429:
        raise errors.Throttled("a proxy limits the rate", retry_after=THROTTLE_SECONDS, **facts)
    if reply.status in (401, 403):
        raise errors.Denied("a page instead of JSON: access is closed before the portal", **facts)
    if 400 <= reply.status < 500:
        raise errors.MethodMissing("a page instead of JSON: this is not a portal's address", **facts)
    raise missing_answer("a page instead of JSON", asked, **facts)


def _error_without_code(status: int, asked: Asked) -> errors.Bitrix24Error:
    facts: dict[str, Any] = {"method": asked.method, "status": status}
    if status == 429:
        return errors.Throttled("too many requests", retry_after=THROTTLE_SECONDS, **facts)
    if status in (401, 403):
        return errors.BadCredentials("the portal refused without a reason", **facts)
    if 400 <= status < 500:
        return errors.Rejected("the portal refused without a reason", **facts)
    return missing_answer("an answer without a result", asked, **facts)


def missing_answer(description: str, asked: Asked, **facts: Any) -> errors.Bitrix24Error:
    """Return what a missing answer means: a read can be repeated, of a write nothing is known."""
    return errors.OutcomeUnknown(description, **facts) if asked.is_write else errors.Unavailable(description, **facts)


def _pause_until(body: Mapping[str, Any], asked: Asked) -> float:
    reset_at = _reset_at(body) or asked.last_reset_at
    return reset_at if reset_at > asked.now else asked.now + PAUSE_SECONDS


def _reset_at(body: Mapping[str, Any]) -> float:
    time = body.get("time")
    return float(time.get("operating_reset_at") or 0) if isinstance(time, dict) else 0.0


def _origin(headers: Mapping[str, str]) -> str:
    """Return scheme and host of the `Location`; its path carries the webhook's code."""
    parts = urlsplit(headers.get("location", ""))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _parse(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
