"""`./run demo` as a newcomer runs it: real processes on free ports, with data of its own, driven from outside only."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from config.env import ROOT

SECRETS = (
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
    "DJANGO_SETTINGS_MODULE",
)
START_SECONDS = 120.0
SCENE_SECONDS = 60.0
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.3


@dataclass
class RunningDemo:
    """The addresses a running demo printed, and what a person may do there."""

    process: "subprocess.Popen[bytes]"
    data: Path
    log: Path

    def address(self, title: str) -> str:
        """Return the address printed beside `title`."""
        found = re.search(rf"{re.escape(title)}\s+(http://\S+?)/?(?:\s|$)", self.log.read_text("utf-8"))
        assert found, f"{title} is not in what the demo printed: {self.log.read_text('utf-8')}"
        return found[1]

    def portal(self) -> dict[str, Any]:
        """Return all that the portal shows."""
        answer = httpx.get(f"{self.address('Bitrix24 (emulator)')}/_ctl/state", timeout=10)
        state: dict[str, Any] = answer.raise_for_status().json()
        return state

    def lead(self, number: int) -> dict[str, Any]:
        """Return one lead as the portal shows it."""
        return next(dict(lead) for lead in self.portal()["leads"] if lead["id"] == number)

    def client_says(self, user: str, name: str, text: str) -> dict[str, Any]:
        """A client writes from VK to the open line; return the ids of chat and lead."""
        order = {"connector": "vkgroup", "line": 1, "user": user, "name": name, "text": text}
        return self.order("client", order)

    def order(self, act: str, order: dict[str, Any]) -> dict[str, Any]:
        """Have the portal's people do something."""
        answer = httpx.post(f"{self.address('Bitrix24 (emulator)')}/_ctl/{act}", json=order, timeout=10)
        done: dict[str, Any] = answer.raise_for_status().json()
        return done

    def said_in(self, chat: int) -> str:
        """Return all words of a chat."""
        found = next(row for row in self.portal()["chats"] if row["id"] == chat)
        return "\n".join(message["text"] for message in found["messages"])

    def manage(self, *command: str) -> None:
        """Run `manage.py` in another terminal."""
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=_environment(self.data), check=True)

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def processes(self) -> list[str]:
        """Return the command lines of every process of this demo, however they were started."""
        return [line for line in _processes() if str(self.data) in line]


@contextmanager
def running_demo(folder: Path, *, port: int) -> Iterator[RunningDemo]:
    """Start the demo with its data in `folder`; whatever happens, nothing of it is left."""
    data, log = folder / "data", folder / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.demo", "--port", str(port)],
            cwd=ROOT,
            env=_environment(data),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    demo = RunningDemo(process, data, log)
    try:
        wait_for(lambda: "Ctrl-C stops" in log.read_text("utf-8") or process.poll() is not None, seconds=START_SECONDS)
        assert process.poll() is None, log.read_text("utf-8")
        yield demo
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_SECONDS)


def wait_for(happened: Callable[[], object], *, seconds: float = SCENE_SECONDS) -> None:
    """Look until it has happened."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(LOOK_SECONDS)


def _environment(data: Path) -> dict[str, str]:
    """Return this environment without the test's own servers and secrets."""
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return {**kept, "OTKLIK_DATA": str(data)}


def _processes() -> Iterator[str]:
    """Yield command line and environment of each living process of this machine that we may read."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield f"{(folder / 'cmdline').read_bytes()!r} {(folder / 'environ').read_bytes()!r}"
            except OSError:
                continue
