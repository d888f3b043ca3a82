"""From what was found to what is meant: which findings outweigh which."""

from collections.abc import Iterable

from dialogs.engine.reading import Intent
from dialogs.understanding.intents import Findings

# Left of the colon outweighs what stands right of it: "хочу чтобы мне позвонили" is a wish to be rung, not to buy.
_OUTWEIGHS: dict[Intent, frozenset[Intent]] = {
    Intent.STOP: frozenset(
        {Intent.AFFIRM, Intent.WANTS, Intent.DENY, Intent.MESSENGER, Intent.LATER, Intent.COMPLAINT}
    ),
    Intent.DELETE_DATA: frozenset(
        {Intent.SPAM, Intent.CONFUSED, Intent.WANTS, Intent.PRIVACY, Intent.REFUSES, Intent.DENY}
    ),
    Intent.ASKS_PERSON: frozenset({Intent.WANTS, Intent.PRESENCE, Intent.MESSENGER}),
    Intent.REFUSES: frozenset({Intent.WANTS, Intent.CALLBACK, Intent.DENY}),
    Intent.CALLBACK: frozenset({Intent.WANTS}),
    Intent.LATER: frozenset({Intent.DENY}),
    Intent.MESSENGER: frozenset({Intent.WANTS}),
    Intent.ALREADY_GAVE: frozenset({Intent.COMPLAINT}),
    Intent.CORRECTION: frozenset({Intent.WRONG_ADDRESS}),
    Intent.WHY_PHONE: frozenset({Intent.WANTS, Intent.PRIVACY, Intent.CONFUSED}),
    Intent.PRIVACY: frozenset({Intent.INSULT}),
    Intent.COMPLAINT: frozenset({Intent.PRESENCE, Intent.WANTS, Intent.FRUSTRATION}),
    Intent.INSULT: frozenset({Intent.FRUSTRATION, Intent.AFFIRM}),
    Intent.FRUSTRATION: frozenset({Intent.CONFUSED, Intent.AFFIRM}),
    Intent.JOB: frozenset({Intent.WANTS, Intent.SPAM, Intent.ASKS_PERSON, Intent.MESSENGER}),
    Intent.SPAM: frozenset({Intent.PRIVACY, Intent.WANTS, Intent.OFF_TOPIC, Intent.MESSENGER, Intent.CALLBACK}),
    Intent.WRONG_ADDRESS: frozenset({Intent.DENY}),
    Intent.OFF_TOPIC: frozenset({Intent.MESSENGER, Intent.SMALL_TALK, Intent.WANTS, Intent.IS_BOT, Intent.LATER}),
    Intent.SMALL_TALK: frozenset({Intent.CONFUSED}),
}
# Said beside anything else, these are the tune and not the words.
_ONLY_ALONE = frozenset({Intent.CONFUSED, Intent.PRESENCE})
_COMPANY = frozenset({Intent.GREETING, Intent.FRUSTRATION, Intent.AFFIRM, Intent.THANKS})
_SHARED = 2  # words two intents have in common when they are one and the same phrase
_TUNE = frozenset({Intent.GREETING, Intent.THANKS, Intent.FAREWELL, Intent.FRUSTRATION, Intent.INSULT})
_ORDER = {intent: place for place, intent in enumerate(Intent)}


def drop_covered(found: Findings) -> Findings:
    """Leave out intents all whose words belong to another: the longer phrase is the one that was meant."""
    found = _without_swallowed(found)
    strong = {intent: used for intent, used in found.items() if intent not in _TUNE}
    return {
        intent: used
        for intent, used in found.items()
        if intent in _TUNE or not any(used < other for by, other in strong.items() if by is not Intent.LATER)
    }


def _without_swallowed(found: Findings) -> Findings:
    """Leave out what belongs to calling a person: "с ботом говорить не буду", "хватит, позовите человека"."""
    person, gone = found.get(Intent.ASKS_PERSON, set()), set()
    if len(found.get(Intent.REFUSES, set()) & person) >= _SHARED:
        gone.add(Intent.REFUSES)
    if person and len(found.get(Intent.STOP, set())) == 1:
        gone.add(Intent.STOP)
    return {intent: used for intent, used in found.items() if intent not in gone}


def weigh(found: Iterable[Intent]) -> list[Intent]:
    """Return the intents that stand after the weightier ones have had their say, weightiest first."""
    standing = set(found)
    for intent in sorted(standing, key=lambda intent: _ORDER[intent]):
        if intent in standing:
            standing -= _OUTWEIGHS.get(intent, frozenset())
    if standing - _ONLY_ALONE - _COMPANY:
        standing -= _ONLY_ALONE
    return sorted(standing, key=lambda intent: _ORDER[intent])
