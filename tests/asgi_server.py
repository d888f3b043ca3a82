"""The whole house behind a real port: uvicorn with `config.asgi` in a thread, on the test's own database and Redis."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import uvicorn
from django.db import connections

from bot.webchat.hub import end_streams
from config.asgi import application


@contextlib.contextmanager
def asgi_server(*, port: int = 0) -> Iterator[str]:
    """Run the server and yield its address; port 0 takes a free one. Needs `transaction=True`: it has its own connections."""
    listening = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(
        application,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=1,
        ws="none",
        http="h11",
        loop="asyncio",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=[_serve(server, listening)], name="asgi-server", daemon=True)
    with _short_connections():
        thread.start()
        _wait_until(lambda: server.started, "the server did not start")
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            end_streams()
            thread.join(10)
            listening.close()


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    """Serve until told to stop, then hang up on who is still there: a socket left open is a warning in a later test."""
    await server.serve(sockets=[listening])
    await asyncio.sleep(0.01)  # a connection just accepted must be known before all are closed
    for connection in list(server.server_state.connections):
        if connection.transport is not None:
            connection.transport.abort()
    await asyncio.sleep(0)


@contextlib.contextmanager
def _short_connections() -> Iterator[None]:
    """Let the server's threads close their connections, else the test database could not be dropped."""
    settings = connections.settings["default"]
    before, settings["CONN_MAX_AGE"] = settings["CONN_MAX_AGE"], 0
    try:
        yield
    finally:
        settings["CONN_MAX_AGE"] = before


def _wait_until(ready: Callable[[], bool], message: str, *, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError(message)
        time.sleep(0.01)
