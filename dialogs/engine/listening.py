"""Hearing a person, or the clock, while a step waits."""

import datetime as dt
from dataclasses import replace

from dialogs.engine import bookings, orders, till, wishes
from dialogs.engine import globals as everywhere
from dialogs.engine.choosing import plain
from dialogs.engine.effects import Act
from dialogs.engine.events import Alarm, Pressed, Said, SharedContact
from dialogs.engine.nudging import follow_up
from dialogs.engine.pressing import come_back, followed
from dialogs.engine.reading import Intent
from dialogs.engine.state import Mode
from dialogs.engine.steps.assistant import Assistant
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.steps.consent import Consent
from dialogs.engine.walking import Walk, run

Heard = Said | Pressed | SharedContact
# Words that lead somewhere, though not to the answer: they are no failed try.
_FAIR = (
    *(Intent.WHY_PHONE, Intent.PRIVACY, Intent.IS_BOT, Intent.PRESENCE, Intent.GREETING, Intent.WANTS),
    *(Intent.GIVES_NAME, Intent.GIVES_EMAIL, Intent.CALLBACK),
)

_GOODBYE = {Intent.FAREWELL, Intent.THANKS, Intent.AFFIRM}


def hear(walk: Walk, event: Heard) -> None:
    """Let the open question, or what works everywhere, hear the person."""
    if not walk.here.waits or walk.state.mode is not Mode.TALKING:
        return
    visit = walk.state.visit
    move = wishes.erasing(walk, event) if isinstance(event, Said | Pressed) else None
    if move is None and isinstance(event, Said):
        event = meant_by(walk, event)
    if move is None and isinstance(event, Said):
        walk.update(recent=() if event.rewrites else walk.state.recent)
        walk.remember(event.reading.text)
        _note_zone(walk, event.reading.zone)
        # "Отмените заказ" is no wish to be left in peace: the shop hears first what is its own.
        move = everywhere.commands(walk, event) or orders.claim(walk, event) or everywhere.demands(walk, event)
        if move is None and not isinstance(walk.here, Consent):
            move = wishes.answering_advertising(walk, event)
        if move is None:
            move = till.claim(walk, event)
    if move is None and isinstance(event, Pressed):
        move = orders.press(walk, event)
    run(walk, move if move is not None else _ask_step(walk, event))
    _begin_silence_anew(walk, visit)


def _note_zone(walk: Walk, zone: dt.tzinfo | None) -> None:
    """Keep whose clock the person lives by, and go by it from here on."""
    if zone is not None and str(zone) != str(walk.facts.customer_zone):
        walk.do(Act("set_time_zone", {"zone": str(zone)}))
        walk.facts = replace(walk.facts, customer_zone=zone)


def _begin_silence_anew(walk: Walk, visit: int) -> None:
    """Whatever was said and answered: who has just written is not silent since yesterday."""
    step, is_as_before = walk.here, walk.state.mode is Mode.TALKING and walk.state.visit == visit
    if walk.followups.messages and is_as_before and isinstance(step, Question):
        step.patience.begin(walk)


def meant_by(walk: Walk, said: Said) -> Said | Pressed:
    """Return the press that the words stand for when they are a permanent key's or a shortcut's, else the words."""
    data = walk.script.shortcuts.meant_by(said.reading)
    return Pressed(data) if data and not walk.here.offers(plain(said.reading.text)) else said


def _ask_step(walk: Walk, event: Heard) -> Move:
    step = walk.here
    if step is not walk.script.booking and (recalled := bookings.recall(walk, event)) is not None:
        return recalled
    if isinstance(event, Said) and isinstance(step, Assistant) and step.answers_doubt(event.reading.text):
        event = replace(event, reading=replace(event.reading, faq=()))
    answered = isinstance(event, Said) and everywhere.answer_faq(walk, event.reading)
    move = step.receive(walk, event)
    if not isinstance(move, Unclear):
        return move
    if isinstance(event, Pressed):
        return wishes.pressed(walk, event) or till.recall(walk, event) or _press_elsewhere(walk, event)
    if isinstance(event, Said) and not answered and not move.said and (talk := _talk_after(walk, event)):
        walk.opening = event
        return Go(talk)
    replied = answered or move.said or (isinstance(event, Said) and everywhere.small_talk(walk, event))
    if isinstance(event, Said) and set(event.reading.intents) <= _GOODBYE and event.reading.has(Intent.FAREWELL):
        return Wait()  # to ask once more would hold by the sleeve somebody who is leaving; reminders stay
    if isinstance(step, Question):
        is_fair = isinstance(event, Said) and event.reading.has(*_FAIR)
        return _ask_again(walk, step, counts=not answered and not is_fair, replied=replied, asked=move.asked)
    return Wait()


def _talk_after(walk: Walk, said: Said) -> str:
    """Return the free talk to which the last try of a question leads: it answers the very words that led there."""
    step = walk.here
    if not isinstance(step, Question) or not step.on_unclear or said.reading.has(Intent.FAREWELL):
        return ""
    is_talk = isinstance(walk.script.steps[step.on_unclear], Assistant)
    return step.on_unclear if is_talk and walk.state.tries + 1 >= step.tries else ""


def _ask_again(walk: Walk, step: Question, *, counts: bool, replied: bool, asked: bool) -> Move:
    walk.update(tries=walk.state.tries + counts)
    if walk.state.tries >= step.tries and step.on_unclear:
        return Go(step.on_unclear)
    if not replied:
        step.admit(walk)
    if not asked:
        step.prompt(walk)
    step.patience.begin(walk)
    return Wait()


def _press_elsewhere(walk: Walk, event: Pressed) -> Move:
    move = followed(walk, event)
    if move is None:
        walk.say(walk.text("stale_button"))
    if isinstance(move, Go):
        return move
    come_back(walk)
    return move or Wait()


def wake(walk: Walk, alarm: Alarm) -> None:
    """Let the step hear the clock; alarms of earlier visits are deaf."""
    if alarm.visit != walk.state.visit:
        return
    step = walk.here
    if alarm.name == "later":
        walk.unasked = False  # the person asked us to come back
    if (number := walk.followups.number_of(alarm.name)) is not None:
        follow_up(walk, alarm, number)
    elif isinstance(step, Question) and alarm.name == "timeout":
        run(walk, step.expire(walk))
    elif isinstance(step, Question) and (reminder := step.patience.reminder_for(alarm)) is not None:
        walk.track("reminded", step=step.key)
        step.remind(walk, reminder)
    elif not isinstance(move := step.receive(walk, alarm), Unclear):
        run(walk, move)
