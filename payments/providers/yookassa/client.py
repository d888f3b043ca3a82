"""YooKassa's API, one function a call, and the wire to it. https://yookassa.ru/developers/api

Whatever changes something carries a key of ours: the same request under the same key is done once, and may be repeated for
24 hours. Neither the secret key nor a customer's address is ever part of an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from payments.errors import AccessDenied, NotReady, ProviderError, Rejected, Unavailable
from payments.masking import masked
from payments.providers.wire import shared_http

API_URL = "https://api.yookassa.ru/v3"
MAX_KEY = 64  # characters of the Idempotence-Key
MAX_ANSWER = 1_000_000  # bytes
MILLISECONDS = 1000.0
PAUSE_SECONDS = 30.0  # after "too many requests" without a word on how long
DENIED = (401, 403)


@dataclass(frozen=True, slots=True)
class Shop:
    """How one shop is reached."""

    url: str
    shop_id: str
    secret_key: str


def create_payment(shop: Shop, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    """Make a payment. https://yookassa.ru/developers/api#create_payment"""
    return _ask(shop, "POST", "payments", body=body, key=key)


def read_payment(shop: Shop, payment_id: str) -> dict[str, Any]:
    """Read one payment. https://yookassa.ru/developers/api#get_payment"""
    return _ask(shop, "GET", f"payments/{payment_id}")


def create_refund(shop: Shop, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    """Give money back. https://yookassa.ru/developers/api#create_refund"""
    return _ask(shop, "POST", "refunds", body=body, key=key)


def read_refund(shop: Shop, refund_id: str) -> dict[str, Any]:
    """Read one refund. https://yookassa.ru/developers/api#get_refund"""
    return _ask(shop, "GET", f"refunds/{refund_id}")


def read_shop(shop: Shop) -> dict[str, Any]:
    """Read the shop's own settings. https://yookassa.ru/developers/api#me_object"""
    return _ask(shop, "GET", "me")


def _ask(shop: Shop, method: str, path: str, *, body: Mapping[str, Any] | None = None, key: str = "") -> dict[str, Any]:
    if len(key) > MAX_KEY:
        raise ValueError("the key of a request is at most 64 characters")
    headers = {"Idempotence-Key": key} if key else {}
    try:
        response = shared_http().request(
            method, f"{shop.url}/{path}", json=body, headers=headers, auth=(shop.shop_id, shop.secret_key)
        )
    except httpx.HTTPError as error:
        raise Unavailable(f"YooKassa does not answer ({type(error).__name__})") from None
    except httpx.InvalidURL:
        raise Rejected("the address of YooKassa's API is no address") from None
    answer = _object(response)
    if response.status_code == httpx.codes.OK:
        return answer
    raise _refusal(response, answer)


def _object(response: httpx.Response) -> dict[str, Any]:
    if response.is_redirect:
        raise AccessDenied("YooKassa sends us elsewhere: is the address of the API right?")
    try:
        answer = response.json() if len(response.content) <= MAX_ANSWER else None
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    if response.status_code in DENIED:
        return {}
    raise Unavailable(f"YooKassa answered no JSON (HTTP {response.status_code})")


def _refusal(response: httpx.Response, answer: Mapping[str, Any]) -> ProviderError:
    status = response.status_code
    words = f"YooKassa: {_told(answer) or f'HTTP {status}'}"
    if status == httpx.codes.ACCEPTED:  # https://yookassa.ru/developers/using-api/response-handling/http-codes
        return NotReady("YooKassa works on it", retry_after=_seconds(answer))
    if status in DENIED:
        return AccessDenied(words)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        wait = response.headers.get("Retry-After", "")
        return Unavailable(words, retry_after=float(wait) if wait.isdecimal() else PAUSE_SECONDS)
    return Unavailable(words) if status >= httpx.codes.INTERNAL_SERVER_ERROR else Rejected(words)


def _seconds(answer: Mapping[str, Any]) -> float:
    wait = answer.get("retry_after")
    return max(wait / MILLISECONDS, 1.0) if isinstance(wait, int | float) else 1.0


def _told(answer: Mapping[str, Any]) -> str:
    """Return the refusal's own words: the code, what is wrong with which field; nobody's phone or address."""
    parts = [str(answer.get(name) or "") for name in ("code", "description", "parameter")]
    return str(masked(" · ".join(part for part in parts if part)))
