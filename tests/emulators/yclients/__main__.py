"""The emulator as a process: `python -m tests.emulators.yclients --port 8094`."""

import argparse
import signal
import threading

from .server import YclientsServer


def main() -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM)."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulators.yclients", description=__doc__)
    parser.add_argument("--port", type=int, default=8094)
    arguments = parser.parse_args()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with YclientsServer(port=arguments.port) as server:
        company = server.company
        print(
            f"YClients: {server.api_url}  company {company.id}, service {company.service_id}, "
            f"partner token {company.partner}, user token {company.user}",
            flush=True,
        )
        stopped.wait()


if __name__ == "__main__":
    main()
