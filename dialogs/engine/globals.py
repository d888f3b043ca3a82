"""What works at every step: a question, "call a person", stop, /start, /help, delete my data, and small talk.

Each function answers the desk and tells what follows: a move, or None when the words were about something else.
"""

from dialogs.engine.desk import Desk
from dialogs.engine.effects import CancelTimers, Erase, Key, LeadOutcome, SettleLead, Unsubscribe
from dialogs.engine.events import Pressed, Said
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.state import Pending
from dialogs.engine.steps.base import Go, Halt, Move, Wait
from dialogs.engine.steps.end import finish
from dialogs.engine.steps.handover import hand_over

ERASE_YES, ERASE_NO = "erase:yes", "erase:no"
FAQ_ANSWERS = 2  # at most so many questions are answered in one breath
# In this order: the first that was recognised decides what is said.
SMALL_TALK = (
    *(Intent.INSULT, Intent.COMPLAINT, Intent.IS_BOT, Intent.WHY_PHONE, Intent.PRIVACY, Intent.ALREADY_GAVE),
    *(Intent.MESSENGER, Intent.JOB, Intent.SPAM, Intent.WRONG_ADDRESS, Intent.QUESTION, Intent.WANTS, Intent.CONFUSED),
    *(Intent.FRUSTRATION, Intent.PRESENCE, Intent.SMALL_TALK, Intent.FAREWELL, Intent.THANKS, Intent.GREETING),
    *(Intent.GIBBERISH, Intent.OFF_TOPIC),
)
TO_MANAGER = (Intent.QUESTION, Intent.COMPLAINT, Intent.JOB)  # what the bot promises to pass on
MEDIA_TEXTS = {"voice": "voice", "audio": "voice", "video_note": "voice", "sticker": "sticker"}


def commands(desk: Desk, said: Said) -> Move | None:
    """/help and /stop as typed; /start comes as an event of its own."""
    word = said.reading.text.strip().casefold().split("@")[0]
    if word == "/help":
        desk.say(desk.text("help"))
        return Wait()
    if word == "/stop":
        return stop(desk)
    return None


def demands(desk: Desk, said: Said) -> Move | None:
    """What the person may always ask for, whatever we wanted to know."""
    reading = said.reading
    if reading.has(Intent.STOP):
        return stop(desk)
    if reading.has(Intent.DELETE_DATA):
        return ask_to_erase(desk)
    if reading.has(Intent.ASKS_PERSON) and not reading.phones:
        return person(desk)
    return None


def stop(desk: Desk) -> Move:
    """No more messages from us, and the lead goes to a human's eyes."""
    desk.say(desk.text("stop"))
    desk.do(Unsubscribe())
    desk.do(SettleLead(LeadOutcome.LOW_QUALITY, "asked_to_stop"))
    finish(desk, "stopped")
    return Halt()


def person(desk: Desk) -> Move:
    """A human is called: through the scenario's own step, or at once."""
    desk.update(pending=None)
    if desk.person:
        return Go(desk.person)
    desk.say(desk.text("handover" if desk.facts.is_open else "handover_closed"))
    hand_over(desk, "asked_person")
    return Halt()


def ask_to_erase(desk: Desk) -> Move:
    """Deleting cannot be undone, so it is asked once."""
    desk.update(pending=Pending("erase"))
    keys = ((Key(desk.text("erase_yes"), data=ERASE_YES), Key(desk.text("erase_no"), data=ERASE_NO)),)
    desk.say(desk.text("erase_ask"), keys=keys)
    return Wait()


def erasing(desk: Desk, event: Said | Pressed) -> Move | None:
    """Hear the answer to `ask_to_erase`."""
    if desk.state.pending is None or desk.state.pending.kind != "erase":
        return None
    if isinstance(event, Pressed):
        agreed, declined = event.data == ERASE_YES, event.data == ERASE_NO
    else:
        again = event.reading.has(Intent.AFFIRM, Intent.DELETE_DATA)
        agreed, declined = again and not event.reading.has(Intent.DENY), event.reading.has(Intent.DENY)
    if agreed:
        desk.do(CancelTimers())
        desk.do(Erase())
        desk.say(desk.text("erase_done"))
        desk.update(values={}, recent=(), said={}, asides={}, unconfirmed=None)
        finish(desk, "erased")
        return Halt()
    desk.update(pending=None)
    if declined:
        desk.say(desk.text("erase_kept"))
        return Wait()
    return None


def answer_faq(desk: Desk, reading: Reading) -> bool:
    """Answer what the library answers; tell whether anything was."""
    for hit in reading.faq[:FAQ_ANSWERS]:
        desk.say(hit.answer)
        desk.track("faq", key=hit.key)
    return bool(reading.faq)


def small_talk(desk: Desk, said: Said, *, among: tuple[Intent, ...] = SMALL_TALK) -> bool:
    """Reply to what is neither an answer nor a question of the library; tell whether anything was said."""
    reading = said.reading
    for intent in SMALL_TALK:
        if intent in among and reading.has(intent):
            desk.say(desk.text(intent.value))
            if intent in TO_MANAGER:
                desk.note(reading.text, about=intent.value)
            return True
    for kind in said.media:
        desk.say(desk.text(MEDIA_TEXTS.get(kind, "file")))
        return True
    return False
