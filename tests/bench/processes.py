"""The processes of one measurement: started, waited for, ended; their output is kept for the case that something goes wrong."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from config.env import ROOT

START_SECONDS = 30.0
STOP_SECONDS = 15.0


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], logs: Path) -> Iterator[None]:
    """Run named commands until the block ends; SIGTERM first, then insistence."""
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            with (logs / f"{name}.log").open("wb") as log:
                started[name] = subprocess.Popen(
                    command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log, start_new_session=True
                )
        yield
    except BaseException:
        _tell_of_the_dead(started, logs)
        raise
    finally:
        for process in started.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in started.values():
            _end(process, deadline)


def _tell_of_the_dead(started: Mapping[str, "subprocess.Popen[bytes]"], logs: Path) -> None:
    for name, process in started.items():
        if process.poll() is not None:
            words = (logs / f"{name}.log").read_text(errors="replace")[-2000:]
            print(f"{name} ended with {process.returncode}:\n{words}", file=sys.stderr)


def _end(process: "subprocess.Popen[bytes]", deadline: float) -> None:
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for_port(port: int, name: str) -> None:
    """Wait until somebody listens on `port`."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{name} did not start in {START_SECONDS:g} s")
