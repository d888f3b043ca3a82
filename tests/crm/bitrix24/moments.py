"""Time that passes only when told. Imports nothing of ours: spawned processes read it too."""

START = 1_800_000_000.0


class Time:
    """A clock that moves when somebody sleeps on it; keeps what was slept."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def clock(self) -> float:
        """Return the present Unix time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.slept.append(seconds)
        self.now += seconds
