"""`./run bench [NAME …]`: the performance table, every figure beside a baseline measured in the same run."""

import argparse
import os
import platform
import sys
from collections.abc import Callable

from config.env import ROOT
from tests.bench import assistant, customers, growth, ingest, miniapp, roundtrip, shop
from tests.bench.table import Table

MEASURES: dict[str, Callable[[argparse.Namespace], list[Table]]] = {
    "ingest": lambda options: [ingest.measure(seconds=options.seconds, rounds=options.rounds)],
    "roundtrip": lambda options: roundtrip.measure(seconds=options.step, search=options.step / 2, hold=options.hold),
    "assistant": lambda options: assistant.measure(seconds=options.step),
    "customers": lambda options: customers.measure(conversations=options.conversations),
    "shop": lambda options: shop.measure(seconds=options.rush),
    "miniapp": lambda _options: miniapp.measure(),
    "growth": lambda options: [growth.measure(sizes=growth.FULL_SIZES if options.full else growth.SIZES)],
}


DOCUMENT = ROOT / "docs" / "performance.md"


def main() -> int:
    """Run the measures asked for, print their tables, and with --write put them into the documentation."""
    options = _options()
    for name in options.names or MEASURES:
        text = "\n".join(table.markdown() for table in MEASURES[name](options))
        print(f"{_machine()}\n\n{text}")
        if options.write:
            DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), name, text), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], help="all of them when none is named")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--seconds", type=float, default=4.0, help="of one reading of the webhook")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often the webhook is measured; the table has medians"
    )
    parser.add_argument("--step", type=float, default=20.0, help="seconds of one rate of the round trip")
    parser.add_argument("--hold", type=float, default=60.0, help="seconds for which the highest rate must hold")
    parser.add_argument("--conversations", type=int, default=customers.CONVERSATIONS, help="of simulated customers")
    parser.add_argument("--rush", type=float, default=30.0, help="seconds of the rush in the coffee shop")
    parser.add_argument("--full", action="store_true", help="growth up to 1,000,000 customers (10,000,000 messages)")
    return parser.parse_args()


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def written(document: str, name: str, text: str) -> str:
    """Return the document with the tables between the marks of `name` replaced, and the machine they come from named."""
    begin, end = f"<!-- bench {name} -->", f"<!-- /bench {name} -->"
    before, _, rest = document.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{DOCUMENT} has no {begin} … {end}")
    return f"{before}{begin}\n{text}\n*{_machine()}*\n{end}{after}"


if __name__ == "__main__":
    sys.exit(main())
