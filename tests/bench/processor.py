"""Processor time by /proc (Linux): what a message costs, however many neighbours share the machine."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds_used(folder: Path) -> float:
    """Return the processor seconds of all processes that were started with `folder` in their environment or command."""
    mark = str(folder).encode()
    used, postmasters, parents = 0.0, set[int](), dict[int, tuple[int, float]]()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            ours = mark in (process / "environ").read_bytes() or mark in (process / "cmdline").read_bytes()
            name = (process / "comm").read_text().strip()
        except OSError:  # it has just ended
            continue
        pid, parent, seconds = int(process.name), int(fields[1]), sum(map(int, fields[11:15])) / TICKS
        if ours:
            used += seconds
            if name == "postgres":
                postmasters.add(pid)
        elif name == "postgres":
            parents[pid] = parent, seconds
    # The backends have an environment without our folder; their father has it.
    return used + sum(seconds for parent, seconds in parents.values() if parent in postmasters)
