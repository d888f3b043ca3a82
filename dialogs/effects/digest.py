"""A lead in two to four sentences, for managers who choose among many: who it is, what they want, how it came to this."""

from collections.abc import Mapping

from crm.reasons import words_for
from dialogs.effects.sheet import Occasion
from dialogs.effects.summary import said_in, telling
from dialogs.session import Session

PROFILE = (
    "experience",
    "goal",
    "budget",
)  # answers of the survey a manager reads first, by the names steps keep them under
SEGMENTS = {"hot": "горячий", "warm": "тёплый", "cold": "холодный"}
MAX_QUOTE = 200  # characters
LAST_WORDS = 2


def profile_of(session: Session) -> dict[str, str]:
    """Return what the customer told about themselves, in words."""
    values = session.state.values
    return {name: str(values[name]) for name in PROFILE if values.get(name)}


def digest_of(at: Occasion, reason: str) -> str:
    """Return the summary of the dialogue so far; `reason` is the code of what made it a manager's matter."""
    script = at.session.script
    keys = {key.text for key in script.shortcuts.menu} if script is not None else set()  # pressed, they come as words
    words = [text for text in said_in(at, presses=False) if text not in keys]
    return " ".join(sentences(at.session, reason, words))


def sentences(session: Session, reason: str, said: list[str]) -> list[str]:
    """Return two to four sentences about a dialogue whose customer `said` these words, oldest first."""
    found = [_who(session), _wishes(profile_of(session)), _why(reason), _quoted(telling(said))]
    told = [item for item in found if item]
    return told if len(told) > 1 else [*told, "Подробностей пока нет."]


def _who(session: Session) -> str:
    customer = session.customer
    name = customer.name or "Клиент"
    score, segment = customer.lead_score, SEGMENTS.get(customer.segment, "")
    return f"{name}: анкета на {score} б., {segment} клиент." if segment else f"{name}: анкета не пройдена."


def _wishes(profile: Mapping[str, str]) -> str:
    titles = {"experience": "опыт", "goal": "цель", "budget": "бюджет"}
    told = ", ".join(f"{titles[name]} — {value.strip('.').lower()}" for name, value in profile.items())
    return f"О себе: {told}." if told else ""


def _why(reason: str) -> str:
    return f"Повод: {words_for(reason)}." if reason else ""


def _quoted(words: list[str]) -> str:
    quotes = "; ".join(f"«{word[:MAX_QUOTE]}»" for word in words[-LAST_WORDS:])
    return f"Последние слова: {quotes}." if quotes else ""
