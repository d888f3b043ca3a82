"""The portal as a process: `python -m tests.emulators.bitrix24 --port 8091 --state portal.json`."""

import argparse
import signal
import threading
from pathlib import Path

from tests.emulators.bitrix24.portal_server import PortalServer
from tests.emulators.bitrix24.seed import seed_demo

EVENTS = ("ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE", "ONCRMDEALADD", "ONCRMDEALUPDATE")


def main() -> None:
    """Serve until interrupted; the state file is written every second and at the end."""
    options = _options()
    given = {"webhook_code": options.webhook_code, "application_token": options.application_token}
    settings = {name: value for name, value in given.items() if value}
    with PortalServer(port=options.port, path=options.state, **settings) as portal:
        if options.handler_url:
            _subscribe(portal, options.handler_url)
        if options.seed == "demo":
            seed_demo(portal)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        print(f"Bitrix24 portal: {portal.url}/", flush=True)
        stop.wait()


def _subscribe(portal: PortalServer, url: str) -> None:
    """Point the outgoing webhooks at this handler with today's token, however often the portal is started."""
    table = portal.store["subscriptions"]
    with portal.store.lock:
        for number in [row["id"] for row in table.values() if row["kind"] == "online" and row["event"] in EVENTS]:
            del table[number]
    for event in EVENTS:
        portal.subscribe(event, url)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.emulators.bitrix24", description=__doc__)
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--state", type=Path, help="JSON file that keeps the portal between runs")
    parser.add_argument("--handler-url", help="where lead and deal events are posted")
    parser.add_argument("--application-token", help="the proof those posts carry")
    parser.add_argument("--webhook-code", help="the secret part of the incoming webhook's address")
    parser.add_argument("--seed", choices=["demo"], help="put a few leads into a new portal")
    return parser.parse_args()


if __name__ == "__main__":
    main()
