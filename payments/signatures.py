"""Proofs of sender: the signature schemes of our own door. Pure: the clock and the secrets come in as arguments.

`X-Signature: t=<unix>,v1=<hex>` (as Stripe's: https://docs.stripe.com/webhooks), several `v1` while a secret is changed; and
`webhook-id`, `webhook-timestamp`, `webhook-signature` (https://github.com/standard-webhooks/standard-webhooks).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WINDOW_SECONDS = 300
MAX_HEADER = 2_000  # characters
MAX_SIGNATURES = 8  # in one header
PREFIX = "whsec_"


class BadSignature(Exception):
    """Not proven. `str()` says what is wrong, without any part of the secret."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A signature that holds. `once` is what must not be accepted again; a sender's own id may come again as a retry."""

    once: str
    is_retry_id: bool = False


def prove(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: float) -> Proof:
    """Return the proof in `headers` (any case) over the raw `body`; raises `BadSignature`."""
    known = {name.lower(): value for name, value in headers.items()}
    if "webhook-signature" in known:
        return _standard(known, body, secrets, now)
    if "x-signature" in known:
        return _timestamped(known["x-signature"], body, secrets, now)
    raise BadSignature("no signature")


def _timestamped(header: str, body: bytes, secrets: Sequence[str], now: float) -> Proof:
    parts = [part.strip().partition("=") for part in header[:MAX_HEADER].split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"][:MAX_SIGNATURES]
    if len(moments) != 1 or not given:
        raise BadSignature("the header is not t=…,v1=…")
    _check_moment(moments[0], now)
    signed = moments[0].encode() + b"." + body
    for secret in secrets:
        wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        if any(hmac.compare_digest(wanted.encode(), value.lower().encode()) for value in given):
            return Proof(hashlib.sha256(signed).hexdigest())
    raise BadSignature("the signature does not fit")


def _standard(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float) -> Proof:
    name, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not name or len(name) > MAX_HEADER or "." in name:
        raise BadSignature("no webhook-id")
    _check_moment(moment, now)
    given = [part.partition(",")[2] for part in headers["webhook-signature"][:MAX_HEADER].split() if part[:3] == "v1,"]
    signed = f"{name}.{moment}.".encode() + body
    for secret in secrets:
        wanted = base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest())
        if any(hmac.compare_digest(wanted, value.encode()) for value in given[:MAX_SIGNATURES]):
            return Proof(hashlib.sha256(f"id:{name}".encode()).hexdigest(), is_retry_id=True)
    raise BadSignature("the signature does not fit")


def _check_moment(moment: str, now: float) -> None:
    if not moment.isascii() or not moment.isdecimal() or len(moment) > len("9999999999"):
        raise BadSignature("the time is no number of seconds")
    if abs(now - int(moment)) > WINDOW_SECONDS:
        raise BadSignature("the time is too far from ours")


def _key(secret: str) -> bytes:
    """Return the key in a `whsec_…` secret; any other secret is its own bytes."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()


def sign(body: bytes, secret: str, *, moment: int) -> str:
    """Return the value of `X-Signature`, as a relay makes it."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
