"""Reads the lines of standard input the same everywhere, and lets each answer out at once."""

import sys
from collections.abc import Iterator
from io import TextIOWrapper

_BYTE_ORDER_MARK = "\ufeff"


def input_lines() -> Iterator[str]:
    r"""Yield the lines of standard input without their ends: UTF-8 whatever the locale says, broken bytes as "�".

    Only "\n" ends a line, so that what is answered line by line can be matched with what was asked.
    """
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    for at, line in enumerate(sys.stdin):
        yield (line.removeprefix(_BYTE_ORDER_MARK) if at == 0 else line).rstrip("\r\n")


def answer_in_lines() -> None:
    """Make standard output UTF-8 and send every line when it is written: somebody may be waiting for it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
