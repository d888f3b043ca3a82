"""A worker's stretch of turns: it takes them until no mail is left, waits a moment for sentences still being typed, stays awake
for the next mail, and ends after a while so that Celery sees it alive."""

import time
from collections.abc import Callable

from django.utils import timezone

from bot.nudges import nudge
from dialogs.lanes import Lane, lanes
from dialogs.mailbox import seconds_to_next
from dialogs.turn import take_turns

TALKS_READY_TASK = "dialogs.tasks.take_talk_turn"
DRAIN_SECONDS = 20.0  # one task works no longer than this, then nudges again
LINGER_SECONDS = 2.0  # it waits this long for mail that becomes complete in a moment …
LOOK_SECONDS = 0.05  # … and looks this often whether somebody else has come meanwhile, who need not wait
AWAKE_SECONDS = 0.25  # after its last turn it stays awake: where one message came, the next is near …
BLINK_SECONDS = 0.01  # … and one look costs a tenth of what it takes to be woken through the broker
LATE_SECONDS = 3.0  # mail of the talks that waits longer than this has no worker: the one of plain turns takes it


def drain(lane: Callable[[], Lane], *, meanwhile: Callable[[], None] = lambda: None) -> bool:
    """Take the turns of a lane; return True when time ran out before the work did."""
    deadline = time.monotonic() + DRAIN_SECONDS
    awake_until = 0.0
    while time.monotonic() < deadline:
        meanwhile()
        mine = lane()
        wait = seconds_to_next(timezone.now(), mine)
        if wait is not None and wait <= 0 and take_turns(lane=mine).chats:
            awake_until = time.monotonic() + AWAKE_SECONDS
        elif time.monotonic() < awake_until:  # whatever else is pending: a sentence being typed must not make it drowsy
            time.sleep(BLINK_SECONDS)
        elif wait is not None and wait <= LINGER_SECONDS:
            time.sleep(min(max(wait, 0.005), LOOK_SECONDS))
        else:
            return False
    return True


def is_near(lane: Lane) -> bool:
    """Tell whether a lane has mail, or will in a moment."""
    wait = seconds_to_next(timezone.now(), lane)
    return wait is not None and wait <= LINGER_SECONDS


class TalksWatch:
    """Every nudge comes to the worker of plain turns: now and then it looks whether the talks' worker must be woken, too."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")

    def __call__(self) -> None:
        """Wake it when talks have mail; take that mail when nobody else does."""
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = time.monotonic()
        if not lanes.talks.channels:
            return
        wait = seconds_to_next(timezone.now(), lanes.talks)
        if wait is None or wait > LINGER_SECONDS:
            return
        nudge(TALKS_READY_TASK)
        if wait < -LATE_SECONDS:
            take_turns(lane=lanes.talks)
