"""HTTP/1.1 by hand on asyncio, for both ends of the bench: the measuring must cost less than the measured."""

import asyncio
import re
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def message_in(data: bytes) -> int:
    """Return how many bytes of `data` the first message takes, 0 when it is not complete yet."""
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return 0
    found = _LENGTH.search(data, 0, head)
    size = head + 4 + (int(found[1]) if found else 0)
    return size if len(data) >= size else 0


def request(path: str, body: bytes, header: str, value: str) -> bytes:
    """Return a POST of JSON."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{header}: {value}\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Asking(asyncio.Protocol):
    """One kept connection with one request under way; `on_answer(self, status)` is told of each answer, status 0 of its end."""

    def __init__(self, on_answer: "Callable[[Asking, int], None]") -> None:
        self._on_answer = on_answer
        self._data = b""
        self._transport: asyncio.Transport | None = None
        self.asked_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def ask(self, payload: bytes, now: float) -> None:
        """Send a request."""
        assert self._transport is not None
        self.asked_at = now
        self._transport.write(payload)

    def data_received(self, data: bytes) -> None:
        self._data += data
        size = message_in(self._data)
        if size:
            status, self._data = int(self._data[9:12]), self._data[size:]
            self._on_answer(self, status)

    def connection_lost(self, _error: Exception | None) -> None:
        self._on_answer(self, 0)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()
