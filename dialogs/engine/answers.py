"""What in a reading answers a question of each field, and what to say when nothing does."""

from dataclasses import dataclass

from dialogs.engine.desk import Desk
from dialogs.engine.events import Said
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.texts import PHONE_REASONS

FIELDS = ("phone", "name", "email", "number", "date", "text")
# Intents that say nothing about the question, however long the words.
_NO_ANSWER = (
    *(Intent.REFUSES, Intent.LATER, Intent.GIBBERISH, Intent.EMOJI, Intent.EMPTY, Intent.FAQ, Intent.WHY_PHONE),
    *(Intent.PRIVACY, Intent.IS_BOT, Intent.INSULT, Intent.CONFUSED, Intent.PRESENCE, Intent.QUESTION, Intent.SPAM),
)


# A bare "no" is a refusal, unless the same words want something of us.
_WANTS_SOMETHING = (Intent.FAQ, Intent.QUESTION, Intent.WANTS, Intent.CALLBACK, Intent.WHY_PHONE, Intent.PRIVACY)
_OWN_MATTER = (Intent.FAQ, Intent.QUESTION, Intent.WANTS, Intent.OFF_TOPIC, Intent.COMPLAINT)
_FEWEST_DIGITS = 7  # among words; fewer are a year, a price, a size
A_FEW_WORDS = 3  # from so many on, a plain statement is taken for news worth passing on


@dataclass(frozen=True, slots=True)
class Answer:
    """A value as stored, and as shown back."""

    value: str
    shown: str
    others: tuple[str, ...] = ()
    extension: str = ""


def understood(field: str, reading: Reading) -> Answer | None:
    """Return what `reading` gives for `field`."""
    match field:
        case "phone" if reading.phones:
            shown = reading.shown_phones or reading.phones
            return Answer(reading.phones[0], shown[0], shown[1:], reading.extension or "")
        case "email" if reading.email:
            return Answer(reading.email, reading.email)
        case "name" if reading.name:
            return Answer(reading.name, reading.name)
        case "number" if reading.number is not None:
            return Answer(str(reading.number), str(reading.number))
        case "date" if reading.date is not None:
            return Answer(reading.date.isoformat(), f"{reading.date:%d.%m.%Y}")
        case "text" if reading.text.strip() and not reading.has(*_NO_ANSWER):
            return Answer(reading.text.strip(), reading.text.strip())
    return None


def given(field: str, said: Said) -> Answer | None:
    """Return what the person's very first words already answer; free text never counts as one."""
    return None if field in ("text", "name", "number", "date") else understood(field, said.reading)


def complaint(field: str, reading: Reading, desk: Desk) -> str:
    """Return why the words are no answer, in words; empty when they did not try to be one."""
    if field == "phone" and reading.phone_reason and _holds_digits(reading):
        return PHONE_REASONS.get(reading.phone_reason, "") or desk.text("bad_phone")
    if field == "email" and reading.email_suggestion:
        return f"Возможно, вы имели в виду {reading.email_suggestion}?"
    if field in ("number", "date", "name") and reading.has(Intent.STATEMENT, Intent.NUMBER):
        return desk.text(f"bad_{field}")
    if field == "phone" and reading.has(Intent.NUMBER):
        return desk.text("bad_phone")
    return ""


def _holds_digits(reading: Reading) -> bool:
    """Tell whether these words, and not only those before them, tried to be a number: a car of 2014 is not one."""
    digits = sum(char.isdigit() for char in reading.text)
    words = sum(word.isalpha() for word in reading.text.split())
    if digits and (words >= A_FEW_WORDS or reading.has(*_OWN_MATTER)):
        return digits >= _FEWEST_DIGITS
    return digits > 0 or (reading.has(Intent.STATEMENT) and len(reading.text.split()) >= A_FEW_WORDS)


def is_refusal(reading: Reading) -> bool:
    """Tell whether the person will not answer."""
    return reading.has(Intent.REFUSES) or (reading.has(Intent.DENY) and not reading.has(*_WANTS_SOMETHING))


def acknowledgment(field: str, reading: Reading, desk: Desk) -> str:
    """Return a sign that the words were heard, though they answer nothing; empty when another reply fits better."""
    if reading.intents == (Intent.AFFIRM,) and not desk.state.pending:
        return desk.text("agreed")
    if reading.has(Intent.STATEMENT) and len(reading.text.split()) >= A_FEW_WORDS and not desk.state.pending:
        desk.note(reading.text, about=field)
        return desk.text("noted")
    return ""
