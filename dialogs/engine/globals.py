"""What works at every step: a question, "call a person", /start, /help, and small talk; `wishes` has what the law grants.

Each function answers the desk and tells what follows: a move, or None when the words were about something else.
"""

from collections.abc import Sequence

from dialogs.engine import wishes
from dialogs.engine.desk import Desk
from dialogs.engine.events import Said
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.steps.base import Go, Halt, Move, Wait
from dialogs.engine.steps.handover import hand_over

TOLD_ONCE = ("business.hours", "business.address", "business.phone")
_ENDS = (".", "!", "?", "…", "")
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
    """/help and what the law lets everybody ask for, as typed; /start comes as an event of its own."""
    word = wishes.command_in(said.reading)
    if word == "/help":
        desk.say(desk.text("help"))
        return Wait()
    wish = wishes.COMMANDS.get(word)
    return wish(desk) if wish else None


def demands(desk: Desk, said: Said) -> Move | None:
    """What the person may always ask for, whatever we wanted to know."""
    reading = said.reading
    if reading.has(Intent.STOP):
        return wishes.stop(desk)
    if reading.has(Intent.DELETE_DATA):
        return wishes.ask_to_erase(desk)
    if reading.has(Intent.ASKS_PERSON) and not reading.phones:
        return person(desk)
    return None


def person(desk: Desk) -> Move:
    """A human is called: through the scenario's own step, or at once."""
    desk.update(pending=None)
    if desk.person:
        return Go(desk.person)
    desk.say(desk.text("handover" if desk.facts.is_open else "handover_closed"))
    hand_over(desk, "asked_person")
    return Halt()


def answer_faq(desk: Desk, reading: Reading) -> bool:
    """Answer what the library answers; tell whether anything was."""
    told: list[str] = []
    for hit in reading.faq[:FAQ_ANSWERS]:
        desk.say(without_repeats(hit.answer, told, [desk.facts.variables.get(name, "") for name in TOLD_ONCE]))
        told.append(hit.answer)
        desk.track("faq", key=hit.key)
    return bool(reading.faq)


def without_repeats(answer: str, told: Sequence[str], facts: Sequence[str]) -> str:
    """Return an answer without a sentence that ends in what was just told: address and hours both name the hours."""
    for fact in facts:
        at = answer.find(fact) if fact and any(fact in earlier for earlier in told) else -1
        rest = answer[at + len(fact) :]
        if at >= 0 and rest[:1] in _ENDS:
            begin = max(answer.rfind(mark, 0, at) for mark in (". ", "! ", "? ", "\n")) + 1
            answer = answer[:begin].rstrip() + rest[1:]
    return answer.strip()


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
