"""The one place where a dialogue's state changes: `advance(script, state, event, facts, now) -> Turn(state, effects)`.

A function of its arguments: no I/O, no clock, no chance. Whoever calls it twice with the same values gets the same turn.
"""

import datetime as dt
from dataclasses import dataclass, replace

from dialogs.engine import bookings, orders, till, wishes
from dialogs.engine.afterwards import after_end
from dialogs.engine.beginning import begin, restart
from dialogs.engine.effects import CancelTimers, Effect, LeadOutcome, RecordDecision, Say, SettleLead
from dialogs.engine.events import (
    Alarm,
    BookingTold,
    Event,
    LeadClosed,
    OrderTold,
    Overheard,
    PaymentTold,
    Pressed,
    Proposed,
    Returned,
    Said,
    SharedContact,
    Started,
    TakenOver,
    WentAway,
)
from dialogs.engine.facts import Facts
from dialogs.engine.listening import hear, wake
from dialogs.engine.pressing import is_repeated
from dialogs.engine.script import Script
from dialogs.engine.speech import joined, with_keyboard_put_away, with_menu, without_echo
from dialogs.engine.state import Mode, State
from dialogs.engine.steps.ask import Ask
from dialogs.engine.steps.base import Go, Unclear
from dialogs.engine.steps.end import finish
from dialogs.engine.walking import Walk, run


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the next state, and what is to be done about it."""

    state: State
    effects: tuple[Effect, ...]


def advance(script: Script, state: State, event: Event, facts: Facts, now: dt.datetime) -> Turn:
    """Return the turn; raises `LoopLimitExceeded` for a script that never asks anything."""
    walk = Walk(script.texts, state, facts, now, script.person, script.followups, script.stop == "stay", script=script)
    match event:
        case Overheard(reading=reading):
            wishes.overhear(walk, reading)
        case Pressed() if is_repeated(walk, event):
            pass
        case TakenOver():
            _taken_over(walk)
        case LeadClosed(reason=reason):
            _lead_closed(walk, reason)
        case WentAway():
            _went_away(walk)
        case PaymentTold():
            till.told(walk, event)
        case OrderTold():
            orders.told(walk, event)
        case Proposed():
            _proposed(walk, event)
        case BookingTold():
            bookings.told(walk, event)
        case _ if not state.step:
            begin(walk, event)
        case _ if state.mode is Mode.HANDED_OVER:
            _while_handed_over(walk, event)
        case _ if state.mode is Mode.ENDED:
            after_end(walk, event)
        case _:
            _while_talking(walk, event)
    if not isinstance(event, Pressed):
        walk.update(pressed=None)  # after anything else the same button is a new press
    return _turn_of(walk)


def _turn_of(walk: Walk) -> Turn:
    if walk.unasked and walk.facts.is_unsubscribed:
        walk.effects = [effect for effect in walk.effects if not isinstance(effect, Say)]
    wanted = walk.state.mode is Mode.TALKING and isinstance(walk.here, Ask) if walk.state.step else False
    menu = walk.script.shortcuts.keys() if walk.facts.menu else ()
    is_covered = walk.state.keyboard and wanted  # by the button that hands over the phone
    said, has_menu = with_menu(walk.effects, () if is_covered else menu, is_shown=walk.state.menu)
    effects, is_shown = with_keyboard_put_away(
        joined(said), is_shown=walk.state.keyboard, still_wanted=wanted, menu=menu
    )
    effects, heard = without_echo(effects, walk.state.heard, lambda: walk.text("repeated"))
    has_menu = has_menu and not (is_covered and not walk.state.menu)
    return Turn(replace(walk.state, keyboard=is_shown, menu=has_menu, heard=heard), effects)


def _while_talking(walk: Walk, event: Event) -> None:
    match event:
        case Started():
            restart(walk, event)
        case Alarm():
            walk.unasked = True
            wake(walk, event)
        case Said() | Pressed() | SharedContact():
            hear(walk, event)
        # Anything else: the talk is under way already.


def _while_handed_over(walk: Walk, event: Event) -> None:
    match event:
        case Started(payload=payload) if payload:
            walk.keep("payload", payload)
        case Returned():
            _given_back(walk, event)


def _given_back(walk: Walk, event: Returned) -> None:
    if (sold := till.returned(walk)) is not None:
        walk.update(mode=Mode.TALKING, outcome="")
        run(walk, sold)
        return
    step = walk.here
    move = step.receive(walk, event)
    was_over = bool(walk.state.outcome)  # it had ended before the human spoke
    walk.update(mode=Mode.TALKING, outcome="")
    if was_over:
        finish(walk, "returned")
    elif not isinstance(move, Unclear):
        run(walk, move)
    elif step.waits:
        run(walk, Go(step.key))
    else:
        finish(walk, "returned")


def _taken_over(walk: Walk) -> None:
    walk.do(CancelTimers())
    if walk.state.step:
        walk.update(mode=Mode.HANDED_OVER, pending=None)


def _lead_closed(walk: Walk, reason: str) -> None:
    if walk.state.step and walk.state.mode is not Mode.ENDED:
        finish(walk, f"lead_closed:{reason}"[:48])


def _proposed(walk: Walk, event: Proposed) -> None:
    """Hear the assistant, if it is still wanted: a newer message, a takeover, /start, an end make its answer stale."""
    asked = walk.state.assistant
    is_newest = asked.waits and (event.request, event.epoch) == (asked.request, walk.facts.epoch)
    if not (walk.state.step and walk.state.mode is Mode.TALKING and is_newest):
        walk.do(RecordDecision(event.turn))
        return
    walk.update(assistant=replace(asked, waits=False))
    move = walk.here.receive(walk, event)
    if isinstance(move, Unclear):
        walk.do(RecordDecision(event.turn))  # the talk has gone on to another step
    else:
        run(walk, move)


def _went_away(walk: Walk) -> None:
    walk.do(CancelTimers())
    if walk.state.step and walk.state.mode is Mode.TALKING:
        walk.do(SettleLead(LeadOutcome.LOW_QUALITY, "blocked_us"))
        finish(walk, "blocked")


__all__ = ["Turn", "advance"]
