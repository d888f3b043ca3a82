"""What the doors for providers' news have in common: how much is read, and how it is answered and counted."""

from django.http import HttpRequest, HttpResponse

from bot import metrics

MAX_BODY = 65_536  # bytes; a notice is a few hundred, YooKassa's a few thousand


class TooLarge(Exception):
    """More than a notice can be."""


def body_of(request: HttpRequest) -> bytes:
    """Return the body; raises `TooLarge`."""
    told = request.headers.get("Content-Length", "0")
    if not told.isdecimal() or int(told) > MAX_BODY:
        raise TooLarge
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise TooLarge
    return body


def answer(door: str, status: int, words: str) -> HttpResponse:
    """Answer a provider, and count it."""
    metrics.count("payment_notices", door=door, status=str(status))
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
