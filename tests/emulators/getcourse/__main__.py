"""The emulator as a process: `python -m tests.emulators.getcourse --port 8093 --state .data/world/getcourse.json`."""

import argparse
import os
import signal
import threading
from pathlib import Path

from .server import SchoolServer


def main() -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM); the keys come from the DEMO_… environment."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulators.getcourse", description=__doc__)
    parser.add_argument("--port", type=int, default=8093)
    parser.add_argument("--state", type=Path, help="keep products, deals and hooks in this file")
    arguments = parser.parse_args()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    keys = {
        name: os.environ.get(f"DEMO_GETCOURSE_{name.upper()}", "")
        for name in ("api_key", "developer_key", "school_key")
    }
    server = SchoolServer(port=arguments.port, state=arguments.state, **keys)
    with server:
        print(f"GetCourse: {server.url}/", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
