"""Lengths of time as people write them in a script: 90, "90s", "15m", "1h", "2d"."""

import re

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", re.IGNORECASE)


def seconds_of(value: object) -> float:
    """Return seconds; raises `ValueError` for anything that is no duration."""
    match = _DURATION.fullmatch(str(value))
    if match is None:
        raise ValueError(f"{value!r} is no duration; write seconds or 15m, 1h, 2d")
    return float(match[1]) * _UNITS[match[2].lower()]
