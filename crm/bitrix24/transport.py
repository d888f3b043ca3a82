"""The wire: one HTTP request, one reply. Says of a failure only what can be known: was the request sent or not?

Redirects are never followed: a renamed portal answers 302, and following it turns POST into GET without parameters.
https://apidocs.bitrix24.com/settings/how-to-call-rest-api/change-domen.html
"""

import logging
import os
from functools import cache
from typing import Any

import httpx

from crm.bitrix24.answers import Asked, Reply
from crm.bitrix24.errors import Bitrix24Error, OutcomeUnknown, Unavailable
from crm.bitrix24.webhook import Webhook, redact

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
KEEPALIVE_SECONDS = 15.0

# Raised before the first byte of the request leaves us: nothing can have happened.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class _Redacting(logging.Filter):
    """Hides the webhook's code in the lines httpx itself logs for each request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def open_http(*, verify: bool = True, answer_seconds: float = ANSWER_SECONDS) -> httpx.Client:
    """Return a client that keeps connections open; it may be shared by the threads of one process."""
    _redact_library_logs()
    return httpx.Client(
        verify=verify,
        follow_redirects=False,
        timeout=httpx.Timeout(answer_seconds, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=20, keepalive_expiry=KEEPALIVE_SECONDS),
        headers={"Accept": "application/json"},
    )


def shared_http(*, verify: bool = True) -> httpx.Client:
    """Return this process's client; a forked worker gets one of its own, sockets do not survive a fork."""
    return _http_of_process(os.getpid(), verify)


def close_shared() -> None:
    """Close this process's client: the end of a test or of a worker."""
    for verify in (True, False):
        _http_of_process(os.getpid(), verify).close()
    _http_of_process.cache_clear()


@cache
def _http_of_process(pid: int, verify: bool) -> httpx.Client:
    return open_http(verify=verify)


def send(http: httpx.Client, webhook: Webhook, params: dict[str, Any], asked: Asked) -> Reply:
    """Post one call and return whatever was answered; a broken road raises `Unavailable` or `OutcomeUnknown`.

    The cause is not chained: httpx's exceptions hold the request with the webhook's address.
    """
    try:
        response = http.post(webhook.method_url(asked.method), json=params)
    except httpx.TransportError as error:
        raise _failure(error, asked) from None
    return Reply(response.status_code, response.headers, response.content)


def _failure(error: httpx.TransportError, asked: Asked) -> Bitrix24Error:
    reason = f"no answer ({type(error).__name__})"
    if asked.is_write and not isinstance(error, _NOT_SENT):
        return OutcomeUnknown(reason, method=asked.method)
    return Unavailable(reason, method=asked.method)


@cache
def _redact_library_logs() -> None:
    logging.getLogger("httpx").addFilter(_Redacting())
    # Its debug lines print request targets piecemeal, where no pattern finds the code.
    logging.getLogger("httpcore").setLevel(logging.WARNING)
