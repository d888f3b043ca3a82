"""A worker as a process of its own: it does one round of every worker's work and kills itself at the step it is told.

`python -m tests.chaos.worker AHEAD [STEP [NTH]]`: the house's clock is AHEAD seconds before the real one; at the NTH time STEP is
reached the process sends itself SIGKILL. The boundaries are wrapped from here, so the product has no hook for it.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

# Step -> the function at whose beginning ("before") or end ("after") the worker dies.
STEPS = {
    "fetched, not stored": ("crm.bitrix24.fetching._store", "before"),
    "stored, not yet heard": ("crm.bitrix24.fetching._store", "after"),
    "noticed lead claimed, not looked at": ("crm.bitrix24.review.look", "before"),
    "dialogue begun, look not settled": ("crm.bitrix24.review.settle", "before"),
    "timer stored, not marked": ("dialogs.timers.store", "after"),
    "chat locked, not thought": ("dialogs.turn.open_sessions", "before"),
    "turn half written": ("dialogs.writing._write_states", "before"),
    "turn written, not committed": ("dialogs.turn.write", "after"),
    "turn committed, nobody nudged": ("dialogs.turn.take_turns", "after"),
    "question claimed, not put": ("dialogs.assistant.thinking.briefs_for", "before"),
    "question put, not answered": ("dialogs.assistant.openai.messages_for", "after"),
    "answer read, not settled": ("dialogs.assistant.openai.proposal_of", "after"),
    "answer settled, not committed": ("dialogs.assistant.settling.store", "after"),
    "answer settled, nobody nudged": ("dialogs.assistant.thinking.settle", "after"),
    "manager chosen, not committed": ("crm.notifications.tell_of_lead", "after"),
    "write claimed, not written": ("crm.bitrix24.writeback.attempt", "before"),
    "written, not recorded": ("crm.bitrix24.writeback.record", "before"),
    "message claimed, not sent": ("bot.delivery.send", "before"),
    "message sent, not recorded": ("bot.delivery.record", "before"),
    "message recorded": ("bot.delivery.record", "after"),
}


def main() -> None:
    """Work once; die on the way if told so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    importlib.import_module("django").setup()
    ahead = timedelta(seconds=float(sys.argv[1]))
    if len(sys.argv) > 2:
        die_at(sys.argv[2], nth=int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    work(lambda: datetime.now(tz=UTC) + ahead)


def die_at(step: str, *, nth: int) -> None:
    """Wrap the step's boundary."""
    path, side = STEPS[step]
    module_name, _, name = path.rpartition(".")
    module = importlib.import_module(module_name)
    original, reached = getattr(module, name), [0]

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        reached[0] += 1
        if side == "before" and reached[0] == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if side == "after" and reached[0] == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, name, wrapped)


def work(clock: Callable[[], datetime]) -> None:
    """Do what the tasks do, in the order of the road; each module is named here after the wrapping."""
    from bot.delivery import Drain
    from crm import rotation
    from crm.bitrix24 import fetching, review, writeback
    from dialogs import timers, turn
    from dialogs.assistant import thinking

    fetching.fetch_portals()
    review.review_noticed(clock=clock)
    timers.fire_due(clock())
    turn.take_turns(clock=clock)
    drain = thinking.Thinking(linger=0.0)
    drain.run()
    drain.finish()
    turn.take_turns(clock=clock)
    rotation.assign_waiting(clock=clock)
    writeback.drain(clock=clock)
    Drain(seconds=10, linger=0).run()


if __name__ == "__main__":
    main()
