"""The emulator as a process: `python -m tests.emulators.yookassa --port 8094 --state .data/world/yookassa.json`."""

import argparse
import os
import signal
import threading
from pathlib import Path

from .server import KassaServer


def main() -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM); the shop's keys come from the DEMO_… environment."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulators.yookassa", description=__doc__)
    parser.add_argument("--port", type=int, default=8094)
    parser.add_argument("--state", type=Path, help="keep payments, refunds and addresses in this file")
    arguments = parser.parse_args()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    keys = {name: os.environ.get(f"DEMO_YOOKASSA_{name.upper()}", "") for name in ("shop_id", "secret_key")}
    with KassaServer(port=arguments.port, state=arguments.state, **keys) as server:
        print(f"YooKassa: {server.url}/", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
