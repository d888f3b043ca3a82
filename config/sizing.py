"""What PostgreSQL is given of a machine: its own defaults are those of a machine of twenty years ago.

The same figures stand in `docs/deploy.md` for a server of one's own.
"""

import os
from collections.abc import Mapping
from pathlib import Path

MEGABYTE = 1024 * 1024
LEAST_BUFFERS, MOST_BUFFERS = (
    128,
    2048,
)  # megabytes; beyond a few gigabytes the cache of the operating system does as well
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")  # a container's own; the machine's figure would promise it too much
USUAL_MEMORY = 2048 * MEGABYTE  # where the system does not tell


def memory_bytes(limit_file: Path = CGROUP_LIMIT) -> int:
    """Return the memory this process may use: the machine's, or the container's when that is less."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows; a system that does not know
        machine = USUAL_MEMORY
    try:
        return min(machine, int(limit_file.read_text(encoding="ascii")))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return machine


def settings_for(memory: int) -> Mapping[str, str]:
    """Return PostgreSQL's settings for so many bytes of memory."""
    megabytes = memory // MEGABYTE
    buffers = min(max(megabytes // 4, LEAST_BUFFERS), MOST_BUFFERS)
    return {
        # Memory is taken as pages are used: a small database on a large machine takes little.
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(megabytes * 3 // 4, 2 * LEAST_BUFFERS)}MB",
        # The first change of a page after a checkpoint goes into the log whole: the rarer the checkpoints, the less is written.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",  # solid-state disks
        "jit": "off",  # our statements take a millisecond; compiling one takes many
    }


def configuration(settings: Mapping[str, str]) -> str:
    """Return the settings as PostgreSQL's configuration file has them."""
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())
