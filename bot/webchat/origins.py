"""On whose pages a widget may speak. Browsers put the page's address into `Origin`; scripts of a page cannot forge it."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_HOST = re.compile(r"^(localhost|\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?)$")
_USUAL_PORTS = {"http": 80, "https": 443}


def normalise_origin(text: str) -> str:
    """Return `text` as browsers spell an origin: `scheme://host[:port]`, a Cyrillic host in punycode.

    Raises `ValueError` with the reason when it is not the address of a site.
    """
    parts = urlsplit(text.strip())
    if parts.scheme not in _USUAL_PORTS:
        raise ValueError(f"{text!r}: an origin begins with https:// or http://")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"{text!r}: an origin is only scheme://host[:port], without a path")
    host, port = _host_of(text, parts.hostname or ""), parts.port
    return f"{parts.scheme}://{host}" + ("" if port in (None, _USUAL_PORTS[parts.scheme]) else f":{port}")


def _host_of(text: str, host: str) -> str:
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            raise ValueError(f"{text!r}: there is no such host") from None
    if not _HOST.match(host) or ".." in host:
        raise ValueError(f"{text!r}: there is no such host")
    return host


def caller_origin(*, origin: str, referer: str, host: str) -> str:
    """Return the page's origin, empty when it cannot be told.

    Browsers leave `Origin` out of a GET to the page's own server; then, and only then, `Referer` stands in for it.
    """
    if origin:
        return origin
    parts = urlsplit(referer)
    if parts.scheme in _USUAL_PORTS and parts.netloc and parts.netloc.lower() == host.lower():
        return f"{parts.scheme}://{parts.netloc.lower()}"
    return ""


def is_allowed(origin: str, allowed: Iterable[object]) -> bool:
    """Tell whether `origin` is one of the channel's; `null` and the empty one never are."""
    if not origin:
        return False
    try:
        return normalise_origin(origin) in allowed
    except ValueError:
        return False


def cors_headers(origin: str) -> dict[str, str]:
    """Return what lets the page at an allowed `origin` read the answer. No cookies: the visitor is named by a token."""
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }


def preflight_headers(methods: Iterable[str]) -> dict[str, str]:
    """Return what a browser asks for before it sends the request itself."""
    return {
        "Access-Control-Allow-Methods": ", ".join(sorted(methods)),
        "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
        "Access-Control-Max-Age": "7200",
    }
