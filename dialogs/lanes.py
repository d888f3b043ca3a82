"""Two lanes of turns: channels whose scenario has a free talk with the assistant, and all others, whom that talk must not delay.

The words of a free talk take more thought than a press, and so does the decision on each answer: their turns have a worker of
their own. A lane only says who takes a turn; whoever takes it does the same.
"""

import time
from dataclasses import dataclass

from bot.models import Channel
from dialogs.engine.steps.assistant import Assistant
from dialogs.models import Scenario
from dialogs.publishing import script_of

FRESH_SECONDS = 5.0  # a channel that is given another scenario changes its lane within this time


@dataclass(frozen=True, slots=True)
class Lane:
    """The mail one worker takes: of these channels, or of all but these."""

    channels: tuple[int, ...] = ()
    is_inside: bool = False


EVERYBODY = Lane()


class Lanes:
    """The last look of this process at who talks with the assistant."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._talking: tuple[int, ...] = ()

    @property
    def talks(self) -> Lane:
        """The channels with a free talk."""
        return Lane(self._channels(), is_inside=True)

    @property
    def plain(self) -> Lane:
        """All other channels."""
        return Lane(self._channels())

    def forget(self) -> None:
        """Look again at the next question."""
        self._read_at = float("-inf")

    def _channels(self) -> tuple[int, ...]:
        if time.monotonic() - self._read_at >= FRESH_SECONDS:
            self._talking, self._read_at = _talking(), time.monotonic()
        return self._talking


def _talking() -> tuple[int, ...]:
    versions = Scenario.objects.filter(is_active=True, current__isnull=False).values_list("key", "current_id")
    keys = [key for key, version in versions if version and _has_talk(version)]
    return tuple(Channel.objects.filter(scenario_key__in=keys).order_by("pk").values_list("pk", flat=True))


def _has_talk(version_id: int) -> bool:
    return any(isinstance(step, Assistant) for step in script_of(version_id).steps.values())


lanes = Lanes()
