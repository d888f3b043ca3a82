"""A web process that is told to stop does not wait for the visitors who listen."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from django.db import connection

from config.env import ROOT
from tests.bot.webchat.visitor import ORIGIN, Visitor


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def environment() -> dict[str, str]:
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return os.environ | {"DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}"}


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not start")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_order_ends_the_streams_and_the_process(visitor: Visitor, order: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "error"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_open(port)
        headers = {"Origin": ORIGIN, "Authorization": f"Bearer {visitor.token}"}
        url = f"http://127.0.0.1:{port}{visitor.path}/stream"
        with httpx.stream("GET", url, headers=headers, timeout=10) as response:
            lines = response.iter_lines()
            assert next(line for line in lines if line.startswith("event:")) == "event: ready"
            server.send_signal(order)
            assert not [line for line in lines if line.startswith("event:")]  # ends, and politely
        server.wait(5)
    finally:
        server.kill()
        server.wait()
