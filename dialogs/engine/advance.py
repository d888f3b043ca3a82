"""The one place where a dialogue's state changes: `advance(script, state, event, facts, now) -> Turn(state, effects)`.

A function of its arguments: no I/O, no clock, no chance. Whoever calls it twice with the same values gets the same turn.
"""

import datetime as dt
from dataclasses import dataclass, replace

from dialogs.engine import globals as everywhere
from dialogs.engine.desk import Desk
from dialogs.engine.effects import Act, CancelTimers, Effect, LeadOutcome, Say, SettleLead
from dialogs.engine.events import (
    Alarm,
    Event,
    Joined,
    LeadClosed,
    LeadOpened,
    Pressed,
    Returned,
    Said,
    SharedContact,
    Started,
    TakenOver,
    WentAway,
)
from dialogs.engine.facts import Facts
from dialogs.engine.problems import LoopLimitExceeded
from dialogs.engine.reading import Intent
from dialogs.engine.script import Script
from dialogs.engine.state import Mode, State
from dialogs.engine.steps import Step
from dialogs.engine.steps.ask import Ask
from dialogs.engine.steps.base import Go, Move, Unclear, Wait
from dialogs.engine.steps.end import End, finish
from dialogs.engine.steps.menu import Menu

MAX_STEPS = 50  # of one turn; a script that needs more runs in a circle


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the next state, and what is to be done about it."""

    state: State
    effects: tuple[Effect, ...]


def advance(script: Script, state: State, event: Event, facts: Facts, now: dt.datetime) -> Turn:
    """Return the turn; raises `LoopLimitExceeded` for a script that never asks anything."""
    desk = Desk(script, state, facts, now)
    match event:
        case TakenOver():
            _taken_over(desk)
        case LeadClosed(reason=reason):
            _lead_closed(desk, reason)
        case WentAway():
            _went_away(desk)
        case _ if not state.step:
            _begin(desk, event)
        case _ if state.mode is Mode.HANDED_OVER:
            _while_handed_over(desk, event)
        case _ if state.mode is Mode.ENDED:
            _after_end(desk, event)
        case _:
            _while_talking(desk, event)
    return Turn(desk.state, _merged(desk.effects))


# --- the modes


def _begin(desk: Desk, event: Event) -> None:
    if isinstance(event, Alarm | Returned):
        return
    desk.track("started", payload=event.payload if isinstance(event, Started) else "")
    if isinstance(event, Started) and event.payload:
        desk.keep("payload", event.payload)
    desk.opening = event if isinstance(event, Said) else None
    _run(desk, Go(desk.script.start))
    if isinstance(event, SharedContact):
        _hear(desk, event)


def _while_talking(desk: Desk, event: Event) -> None:
    match event:
        case Started():
            _restart(desk, event)
        case Joined() | LeadOpened() | Returned():
            pass  # the talk is under way already
        case Alarm():
            _alarm(desk, event)
        case Said() | Pressed() | SharedContact():
            _hear(desk, event)


def _while_handed_over(desk: Desk, event: Event) -> None:
    match event:
        case Started(payload=payload) if payload:
            desk.keep("payload", payload)
        case Returned():
            step = desk.script.steps[desk.state.step]
            move = step.receive(desk, event)
            desk.update(mode=Mode.TALKING)
            if not isinstance(move, Unclear):
                _run(desk, move)
            elif step.waits:
                _run(desk, Go(step.key))
            else:
                finish(desk, "returned")


def _after_end(desk: Desk, event: Event) -> None:
    match event:
        case Started() | LeadOpened():
            _restart(desk, event)
        case Said() | Pressed() | SharedContact():
            step = desk.script.steps[desk.state.step]
            if isinstance(step, End) and step.reopen and desk.state.outcome == step.outcome:
                _reopen(desk, step, event)
            else:
                _talk_after_end(desk, event)


def _reopen(desk: Desk, step: End, event: Event) -> None:
    if isinstance(event, Said) and event.reading.has(Intent.STOP, Intent.DELETE_DATA):
        _talk_after_end(desk, event)
        return
    desk.do(SettleLead(LeadOutcome.REOPENED, "customer_came_back"))
    desk.track("reopened")
    desk.update(mode=Mode.TALKING, outcome="", tries=0, refusals=0)
    desk.opening = event if isinstance(event, Said) else None
    _run(desk, Go(step.reopen))
    if isinstance(event, SharedContact):
        _hear(desk, event)


def _talk_after_end(desk: Desk, event: Event) -> None:
    if not isinstance(event, Said):
        return
    move = everywhere.erasing(desk, event) or everywhere.commands(desk, event) or everywhere.demands(desk, event)
    if move is not None:
        _run(desk, move)
        return
    if everywhere.answer_faq(desk, event.reading):
        return
    if event.reading.has(Intent.THANKS, Intent.FAREWELL):
        everywhere.small_talk(desk, event)
    elif not event.reading.has(Intent.AFFIRM, Intent.DENY, Intent.EMOJI, Intent.EMPTY, Intent.GREETING):
        desk.say(desk.text("after_end"))
        desk.do(Act("note", {"text": event.reading.text, "about": "after_end"}))


def _restart(desk: Desk, event: Event) -> None:
    # The visit goes on counting, so that timers of the first run stay deaf in the second.
    desk.do(CancelTimers())
    desk.state = State(visit=desk.state.visit, values=desk.state.values, said=desk.state.said)
    _begin(desk, event)


def _taken_over(desk: Desk) -> None:
    desk.do(CancelTimers())
    if desk.state.step:
        desk.update(mode=Mode.HANDED_OVER, pending=None)


def _lead_closed(desk: Desk, reason: str) -> None:
    if desk.state.step and desk.state.mode is not Mode.ENDED:
        finish(desk, f"lead_closed:{reason}"[:48])


def _went_away(desk: Desk) -> None:
    desk.do(CancelTimers())
    if desk.state.step and desk.state.mode is Mode.TALKING:
        desk.do(SettleLead(LeadOutcome.LOW_QUALITY, "blocked_us"))
        finish(desk, "blocked")


# --- while a step waits


def _alarm(desk: Desk, alarm: Alarm) -> None:
    if alarm.visit != desk.state.visit:
        return
    step = desk.script.steps[desk.state.step]
    patience = getattr(step, "patience", None)
    if patience is not None and alarm.name == "timeout":
        desk.track("silent", step=step.key)
        _run(desk, Go(patience.on_timeout))
    elif patience is not None and (reminder := patience.reminder_for(alarm)) is not None:
        desk.track("reminded", step=step.key)
        desk.say(reminder)
    elif not isinstance(move := step.receive(desk, alarm), Unclear):
        _run(desk, move)


def _hear(desk: Desk, event: Said | Pressed | SharedContact) -> None:
    if not desk.script.steps[desk.state.step].waits or desk.state.mode is not Mode.TALKING:
        return
    if isinstance(event, Said):
        desk.remember(event.reading.text)
        move = everywhere.erasing(desk, event) or everywhere.commands(desk, event) or everywhere.demands(desk, event)
    else:
        move = everywhere.erasing(desk, event) if isinstance(event, Pressed) else None
    _run(desk, move if move is not None else _ask_step(desk, event))


def _ask_step(desk: Desk, event: Said | Pressed | SharedContact) -> Move:
    step = desk.script.steps[desk.state.step]
    answered = isinstance(event, Said) and everywhere.answer_faq(desk, event.reading)
    move = step.receive(desk, event)
    if not isinstance(move, Unclear):
        return move
    if isinstance(event, Pressed):
        return _stale_press(desk, step)
    replied = answered or move.said or (isinstance(event, Said) and everywhere.small_talk(desk, event))
    if not answered:
        desk.update(tries=desk.state.tries + 1)
    if isinstance(step, Ask | Menu):
        if desk.state.tries >= step.tries and step.on_unclear:
            return Go(step.on_unclear)
        if isinstance(step, Menu) and not replied:
            desk.say(desk.text("choose"))
        step.prompt(desk)
        step.patience.begin(desk)
    return Wait()


def _stale_press(desk: Desk, step: Step) -> Move:
    desk.say(desk.text("stale_button"))
    step.prompt(desk)
    return Wait()


# --- walking


def _run(desk: Desk, move: Move) -> None:
    for _ in range(MAX_STEPS):
        if not isinstance(move, Go):
            return
        step = desk.script.steps[move.step]
        if step.key != desk.state.step:
            desk.update(tries=0, refusals=0, recent=(), pending=None)
        desk.update(step=step.key)
        move = _answer_opening(desk, step) or step.enter(desk)
    raise LoopLimitExceeded(
        f"{desk.script.key}: more than {MAX_STEPS} steps without a question, last {desk.state.step!r}"
    )


def _answer_opening(desk: Desk, step: Step) -> Move | None:
    """Before the first question: answer what the person began with, and do what they demanded."""
    if desk.opening is None or not step.waits:
        return None
    opening = desk.opening
    desk.remember(opening.reading.text)
    move = everywhere.commands(desk, opening) or everywhere.demands(desk, opening)
    if move is None and not everywhere.answer_faq(desk, opening.reading):
        everywhere.small_talk(desk, _without_greeting(opening))
    if move is not None:
        desk.opening = None
        return None if isinstance(move, Wait) else move
    result = step.enter(desk)
    desk.opening = None
    return result


def _without_greeting(said: Said) -> Said:
    """The script greets by itself."""
    kept = tuple(intent for intent in said.reading.intents if intent != Intent.GREETING)
    return replace(said, reading=replace(said.reading, intents=kept))


def _merged(effects: list[Effect]) -> tuple[Effect, ...]:
    """Join neighbouring words into one message: one turn is one answer. Buttons close a message."""
    merged: list[Effect] = []
    open_say: int | None = None  # index of the message that may still grow
    for effect in effects:
        if not isinstance(effect, Say):
            merged.append(effect)
            continue
        before = merged[open_say] if open_say is not None else None
        if open_say is not None and isinstance(before, Say):
            merged[open_say] = Say(f"{before.text}\n\n{effect.text}", effect.keys, effect.hides_keyboard)
        else:
            merged.append(effect)
            open_say = len(merged) - 1
        if effect.keys:
            open_say = None
    return tuple(merged)


__all__ = ["MAX_STEPS", "Turn", "advance"]
