"""Who a visitor is: 128 random bits, signed for one widget. The browser keeps the token, we keep only the chat."""

import re
import secrets

from django.core.signing import BadSignature, Signer

_VISITOR = re.compile(r"^[0-9a-f]{32}$")


def new_visitor() -> str:
    """Return a fresh visitor: the external id of a chat to be."""
    return secrets.token_hex(16)


def issue(public_key: str, visitor: str) -> str:
    """Return the token that proves `visitor` to the widget `public_key`."""
    return _signer(public_key).sign(visitor)


def read(public_key: str, token: str) -> str | None:
    """Return the visitor of `token`, None when we did not sign it for this widget."""
    try:
        visitor = _signer(public_key).unsign(token)
    except BadSignature:
        return None
    return visitor if _VISITOR.match(visitor) else None


def bearer(header: str) -> str:
    """Return the token of an `Authorization` header, empty when there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _signer(public_key: str) -> Signer:
    return Signer(salt=f"bot.webchat:{public_key}", sep=".")
