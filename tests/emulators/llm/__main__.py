"""The emulator as a process: `python -m tests.emulators.llm --port 8093 --latency 1.5`."""

import argparse
import signal
import threading

from .server import ModelServer


def main() -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM)."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulators.llm", description=__doc__)
    parser.add_argument("--port", type=int, default=8093)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds every answer takes")
    parser.add_argument("--chaos", type=float, default=0.0, help="share of requests answered wrongly, 0 to 1")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with ModelServer(
        port=arguments.port, latency=arguments.latency, chaos=arguments.chaos, seed=arguments.seed
    ) as server:
        print(f"LLM: {server.base_url}", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
