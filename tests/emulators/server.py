"""What every emulator stands on: a real HTTP server in a thread of its own, and faults that can be ordered from it.

An emulator is an aiohttp application. In a test it runs in a thread (`with Emulator(app) as server:`), in the demo as a
process (`python -m tests.emulators.<name> --port N`). Faults are taken in order by the first request that fits them.
"""

import asyncio
import enum
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web


class FaultKind(enum.StrEnum):
    """What goes wrong with one request."""

    STATUS = "status"  # answer `status` with `body` instead of acting
    DELAY = "delay"  # act, but answer only after `seconds`
    DROP = "drop"  # close the connection without acting
    ACT_THEN_DROP = "act_then_drop"  # act, then close the connection: the caller cannot know
    HTML = "html"  # answer an HTML page with `status`, as a proxy in between would
    REDIRECT = "redirect"  # answer 302 with `location`


@dataclass(slots=True)
class Fault:
    """One ordered misbehaviour; `match` is a part of the path, `times` how many requests it spoils (-1: all)."""

    kind: FaultKind
    match: str = ""
    times: int = 1
    status: int = 500
    body: Any = None
    seconds: float = 0.0
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Faults:
    """The orders not yet carried out. Thread-safe: a test orders, the server's loop takes."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, fault: Fault) -> None:
        """Add one fault behind those already ordered."""
        with self._lock:
            self._orders.append(fault)

    def clear(self) -> None:
        """Forget all orders."""
        with self._lock:
            self._orders.clear()

    def waiting(self) -> list[Fault]:
        """Return the orders not yet carried out."""
        with self._lock:
            return list(self._orders)

    def take(self, path: str) -> Fault | None:
        """Return the first fault that fits `path` and count it off."""
        with self._lock:
            for fault in self._orders:
                if fault.match.lower() in path.lower():
                    fault.times -= 1
                    if fault.times == 0:
                        self._orders.remove(fault)
                    return fault
        return None


TLS_GOODBYE = 0.05  # seconds a closing TLS connection may wait for the other side
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def fault_middleware(faults: Faults, *, spare: str = "/_") -> Any:
    """Return the middleware that carries out ordered faults; paths beginning with `spare` (pages, control) are left alone."""

    @web.middleware
    async def spoil(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = None if request.path.startswith(spare) or request.path == "/" else faults.take(request.path)
        if fault is None:
            return await handler(request)
        return await _carry_out(fault, request, handler)

    return spoil


async def _carry_out(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    match fault.kind:
        case FaultKind.STATUS:
            return web.json_response(fault.body, status=fault.status, headers=fault.headers)
        case FaultKind.HTML:
            page = fault.body or "<html><body><h1>nginx</h1></body></html>"
            return web.Response(text=page, status=fault.status, content_type="text/html", headers=fault.headers)
        case FaultKind.REDIRECT:
            return web.Response(
                text="<html><body>Moved</body></html>",
                status=302,
                content_type="text/html",
                headers={"Location": fault.location},
            )
        case FaultKind.DELAY:
            response = await handler(request)
            await asyncio.sleep(fault.seconds)
            return response
        case FaultKind.ACT_THEN_DROP:
            await handler(request)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


class Emulator:
    """Runs one aiohttp application on loopback in a thread; `url` is known once started. Port 0 takes a free one."""

    def __init__(self, app: web.Application, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.app = app
        self.loop = asyncio.new_event_loop()
        self.url = ""
        self._port = port
        self._tls = tls
        self._thread = threading.Thread(target=self._serve, name="emulator", daemon=True)
        self._ready = threading.Event()
        self._stop = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10) or not self.url:
            raise RuntimeError("the emulator did not start; is its port busy?")
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._main())
        finally:
            self._ready.set()
            self._cancel_leftovers()
            self.loop.close()

    def _cancel_leftovers(self) -> None:
        """End what still answers or waits, e.g. a long poll, so that no task is destroyed half done."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def _main(self) -> None:
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        if runner.server is None:
            raise RuntimeError("the application was not set up")
        # Not a TCPSite: a client that keeps its TLS connection open must not hold up the end, nor outlive the loop.
        patience = TLS_GOODBYE if self._tls else None
        server = await self.loop.create_server(
            runner.server, "127.0.0.1", self._port, ssl=self._tls, ssl_shutdown_timeout=patience
        )
        try:
            port = server.sockets[0].getsockname()[1]
            self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
            self._ready.set()
            await self._stop.wait()
        finally:
            server.close()
            await asyncio.sleep(0.01)  # a connection just accepted must be known before all are closed
            await runner.cleanup()
            await asyncio.sleep(2 * TLS_GOODBYE if self._tls else 0)
