"""The emulator as a process: `python -m tests.emulators.telegram --port 8092 --state .data/telegram.json`."""

import argparse
import signal
import threading
from pathlib import Path

from .server import TelegramServer


def main() -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM)."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulators.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8092)
    parser.add_argument("--state", type=Path, help="keep bots, people and messages in this file")
    parser.add_argument("--limits", action="store_true", help="hold bots to 30 messages a second, 1 a second per chat")
    arguments = parser.parse_args()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    server = TelegramServer(port=arguments.port, state=arguments.state)
    server.limits.enabled = arguments.limits
    with server:
        print(f"Telegram: {server.url}/  (Bot API: {server.base_url}<token>/<method>)", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
