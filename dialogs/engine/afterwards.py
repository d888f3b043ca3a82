"""What a person hears who writes after the end: the dialogue is taken up again, begun anew, or answered and left at rest."""

from dialogs.engine import bookings, orders, till, wishes
from dialogs.engine import globals as everywhere
from dialogs.engine.beginning import reopen, restart, take_up
from dialogs.engine.effects import Act, KeepContact
from dialogs.engine.events import Event, LeadOpened, Pressed, Said, SharedContact, Started
from dialogs.engine.listening import Heard, meant_by
from dialogs.engine.moments import moment_of, shown
from dialogs.engine.pressing import followed
from dialogs.engine.reading import Intent
from dialogs.engine.state import State
from dialogs.engine.steps.base import Go, Move
from dialogs.engine.steps.end import End
from dialogs.engine.walking import Walk, run

# After these the lead is nobody's: the next words of substance begin a new dialogue.
STARTS_OVER = ("stopped", "erased", "blocked")
# Words that want nothing of us, or want us to leave: they wake nothing.
_COURTESY = (
    *(Intent.THANKS, Intent.FAREWELL, Intent.DENY, Intent.REFUSES, Intent.STOP, Intent.DELETE_DATA),
    *(Intent.INSULT, Intent.FRUSTRATION, Intent.EMOJI, Intent.EMPTY, Intent.SPAM),
)
_SUBSTANCE = (
    *(Intent.GIVES_PHONE, Intent.GIVES_EMAIL, Intent.QUESTION, Intent.WANTS, Intent.CALLBACK, Intent.ASKS_PERSON),
    *(Intent.COMPLAINT, Intent.STATEMENT, Intent.MESSENGER, Intent.FAQ),
)
# What is answered at rest, without coming back to any question.
_TALK = (
    *(Intent.THANKS, Intent.FAREWELL, Intent.INSULT, Intent.FRUSTRATION, Intent.COMPLAINT, Intent.IS_BOT),
    *(Intent.PRIVACY, Intent.SMALL_TALK, Intent.OFF_TOPIC, Intent.QUESTION, Intent.JOB, Intent.SPAM),
    *(Intent.WRONG_ADDRESS, Intent.GIBBERISH),
)


def starts_over(state: State, event: Event) -> bool:
    """Tell whether `event` begins a new dialogue after one that has ended in `state`."""
    if isinstance(event, Started | LeadOpened):
        return True
    if state.outcome not in STARTS_OVER:
        return False
    return isinstance(event, SharedContact) or (isinstance(event, Said) and event.reading.has(*_SUBSTANCE))


def after_end(walk: Walk, event: Event) -> None:
    """Hear what comes when all was said."""
    if starts_over(walk.state, event):
        restart(walk, event)
    elif isinstance(event, Said | Pressed) and (move := _wish(walk, event)) is not None:
        run(walk, move)
    elif isinstance(event, Said | Pressed) and _pressed(walk, event):
        return
    elif isinstance(event, Said | Pressed | SharedContact):
        step = walk.here
        if isinstance(step, End) and step.reopen and walk.state.outcome == step.outcome and _wakes(step, event):
            reopen(walk, step, event)
        elif isinstance(event, Said):
            _answer(walk, event)
        elif isinstance(event, SharedContact) and event.is_own and event.phone and walk.facts.has_consent:
            _take_number(walk, event.phone, event.shown)


def _wish(walk: Walk, event: Said | Pressed) -> Move | None:
    """Hear what is answered and granted at any time, whatever the dialogue came to."""
    if (move := wishes.erasing(walk, event) or bookings.recall(walk, event)) is not None:
        return move
    if (move := _order(walk, event)) is not None:
        return move
    if isinstance(event, Pressed):
        return wishes.pressed(walk, event) or till.recall(walk, event)
    return wishes.answering_advertising(walk, event) or till.claim(walk, event)


def _order(walk: Walk, event: Said | Pressed) -> Move | None:
    """Hear of orders and the menu; what leads back to the shop takes the dialogue up again."""
    press = meant_by(walk, event) if isinstance(event, Said) else event
    move = orders.press(walk, press) if isinstance(press, Pressed) else orders.claim(walk, press)
    if isinstance(move, Go):
        take_up(walk)
    return move


def _pressed(walk: Walk, event: Said | Pressed) -> bool:
    """Hear the permanent keys and the shortcuts after the end, too; tell whether it was one of them."""
    press = meant_by(walk, event) if isinstance(event, Said) else event
    if isinstance(press, Said):
        return False
    move = followed(walk, press)
    if isinstance(move, Go):
        take_up(walk)
        run(walk, move)
    return move is not None


def _wakes(end: End, event: Heard) -> bool:
    """Tell whether this takes the dialogue up again. An "ok" to our farewell does not; to our silence it does."""
    if not isinstance(event, Said) or event.reading.has(Intent.GIVES_PHONE):
        return True
    if event.reading.has(*_COURTESY) and not event.reading.has(Intent.QUESTION, Intent.WANTS, Intent.CALLBACK):
        return False
    said_farewell = bool(end.wordings)
    return not said_farewell or event.reading.has(*(intent for intent in _SUBSTANCE if intent != Intent.FAQ))


def _answer(walk: Walk, said: Said) -> None:
    move = everywhere.commands(walk, said) or everywhere.demands(walk, said)
    if move is not None:
        run(walk, move)
    elif said.reading.phones and walk.facts.has_consent:
        phone, extension = said.reading.phones[0], said.reading.extension or ""
        _take_number(walk, phone, (said.reading.shown_phones or (phone,))[0], extension)
    elif not everywhere.answer_faq(walk, said.reading):
        _acknowledge(walk, said)


def _take_number(walk: Walk, phone: str, shown_as: str, extension: str = "") -> None:
    """A number after the end corrects the one before; the consent given then covers it."""
    if phone == walk.facts.variables.get("customer.phone"):
        walk.say(walk.text("after_end"))
        return
    walk.do(KeepContact("phone", phone, extension))
    walk.note(f"Новый номер: {shown_as}", about="new_phone")
    walk.do(Act("notify_managers", {"text": f"Клиент прислал новый номер: {shown_as}"}))
    walk.say(walk.text("new_phone", answer=shown_as))


def _acknowledge(walk: Walk, said: Said) -> None:
    reading = said.reading
    moment = moment_of(reading, walk.now, walk.facts.time_zone)
    if moment is not None and reading.has(Intent.LATER, Intent.CALLBACK, Intent.STATEMENT):
        walk.note(f"Удобное время: {shown(moment, walk.now)}", about="when")
        walk.say(walk.text("when_noted", answer=shown(moment, walk.now)))
    elif everywhere.small_talk(walk, said, among=_TALK):
        return
    elif reading.has(Intent.GREETING, Intent.PRESENCE):
        walk.say(walk.text("greeting_after_end"))
    elif not reading.has(Intent.AFFIRM, Intent.DENY, Intent.EMOJI, Intent.EMPTY):
        walk.say(walk.text("after_end"))
        walk.note(reading.text, about="after_end")
