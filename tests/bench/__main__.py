"""`./run bench [NAME …]`: the performance table, every figure beside a baseline measured in the same run."""

import argparse
import os
import platform
import sys
from collections.abc import Callable

from tests.bench import growth, ingest, roundtrip
from tests.bench.table import Table

MEASURES: dict[str, Callable[[argparse.Namespace], list[Table]]] = {
    "ingest": lambda options: [ingest.measure(seconds=options.seconds, rounds=options.rounds)],
    "roundtrip": lambda options: roundtrip.measure(seconds=options.step, search=options.step / 2, hold=options.hold),
    "growth": lambda options: [growth.measure(sizes=growth.FULL_SIZES if options.full else growth.SIZES)],
}


def main() -> int:
    """Run the measures asked for, print their tables."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], help="all of them when none is named")
    parser.add_argument("--seconds", type=float, default=4.0, help="of one reading of the webhook")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured; the table has medians")
    parser.add_argument("--step", type=float, default=20.0, help="seconds of one rate of the round trip")
    parser.add_argument("--hold", type=float, default=60.0, help="seconds for which the highest rate must hold")
    parser.add_argument(
        "--full", action="store_true", help="growth up to 1,000,000 customers (loads 10,000,000 messages)"
    )
    options = parser.parse_args()
    tables: list[Table] = []
    for name in options.names or MEASURES:
        tables += MEASURES[name](options)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    for table in tables:
        print(table.markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
