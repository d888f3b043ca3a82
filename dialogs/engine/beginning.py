"""Beginning a dialogue, beginning it anew, and taking up one that had ended."""

from dialogs.engine.effects import CancelTimers, LeadOutcome, SettleLead
from dialogs.engine.events import Alarm, Event, Returned, Said, SharedContact, Started
from dialogs.engine.listening import Heard, hear
from dialogs.engine.shop.browsing import Browsing
from dialogs.engine.state import Mode, State, Thread
from dialogs.engine.steps.base import Go
from dialogs.engine.steps.end import End
from dialogs.engine.walking import Walk, run


def begin(walk: Walk, event: Event) -> None:
    """Start at the script's first step; the person's own words are answered before its first question."""
    if isinstance(event, Alarm | Returned):
        return
    walk.track("started", payload=event.payload if isinstance(event, Started) else "")
    if isinstance(event, Started) and event.payload:
        walk.keep("payload", event.payload)
    walk.opening = event if isinstance(event, Said) else None
    run(walk, Go(walk.script.start))
    if isinstance(event, SharedContact):
        hear(walk, event)


def restart(walk: Walk, event: Event) -> None:
    """Begin anew, remembering answers and wordings."""
    # The visit goes on counting, so that timers of the first run stay deaf in the second.
    walk.do(CancelTimers())
    before = walk.state
    # … and so do the numbers of requests: what the assistant was asked in the first run is stale in the second.
    thread = Thread(request=before.assistant.request + 1)
    # An order that is being placed is still being placed: it must not be asked for twice.
    walk.state = State(
        visit=before.visit,
        values=before.values,
        said=before.said,
        keyboard=before.keyboard,
        assistant=thread,
        shop=Browsing(placing=before.shop.placing),
    )
    begin(walk, event)


def reopen(walk: Walk, end: End, event: Heard) -> None:
    """Take the dialogue up where `end` says."""
    unconfirmed = walk.state.unconfirmed
    take_up(walk)
    if unconfirmed is None and (isinstance(event, Said) or not walk.script.steps[end.reopen].waits):
        walk.opening = event if isinstance(event, Said) else None
        run(walk, Go(end.reopen))
        return
    # A button of ours, or a word about the number we had read back: the question is still on the person's screen.
    walk.update(step=end.reopen, pending=unconfirmed, unconfirmed=None)
    hear(walk, event)


def take_up(walk: Walk) -> None:
    """The person came back after the end, and so does their lead."""
    walk.do(SettleLead(LeadOutcome.REOPENED, "customer_came_back"))
    walk.track("reopened")
    walk.update(mode=Mode.TALKING, outcome="", tries=0, refusals=0)
