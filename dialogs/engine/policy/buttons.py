"""Rules about buttons: only those whose press we understand, with what really is there behind them.

The protocol is the specification's section 10: `action[:subaction][:id]`, at most 64 bytes.
"""

import datetime as dt
from dataclasses import replace

from dialogs.engine.policy.draft import Draft, Ruling, refused
from dialogs.engine.policy.facts import PolicyFacts, moment_in
from dialogs.engine.policy.links import links_in
from dialogs.engine.proposals import ProposedButton

MAX_DATA_BYTES = 64
LONGEST_WORDS = 40  # characters on a button


def is_understood(callback: str, facts: PolicyFacts) -> bool:
    """Tell whether a press of this would mean something true."""
    if callback in facts.callbacks:
        return True
    match callback.split(":"):
        case ["manager", "request"]:
            return True
        case ["bonus", "get"]:
            return facts.has_bonus
        case ["survey", "start"]:
            return facts.can_survey
        case ["consult", "custom" | "reschedule"]:
            return facts.can_book
        case ["consult", "date", day]:
            return facts.can_book and _is_free_day(day, facts)
        case ["consult", "time", hour, minute]:
            return facts.can_book and any(f"{moment:%H:%M}" == f"{hour}:{minute}" for moment in facts.moments)
        case ["offer", "pay", code]:
            return facts.can_pay and code in {product.code for product in facts.products}
        case ["faq", question]:
            return question in facts.faq
    return False


def _is_free_day(day: str, facts: PolicyFacts) -> bool:
    moment = moment_in(day)
    return (
        moment is not None and f"{moment:%Y-%m-%d}" == day and _date(moment) in {_date(free) for free in facts.moments}
    )


def _date(moment: dt.datetime) -> dt.date:
    return moment.date()


def buttons_from_the_allowed_set(draft: Draft, facts: PolicyFacts) -> Ruling:
    """Each button is understood, says a few words, and stands there once; no more than the channel shows well."""
    kept: list[ProposedButton] = []
    lost: list[ProposedButton] = []
    for button in draft.buttons:
        named = replace(button, text=" ".join(button.text.split()))
        is_new = named.callback not in {other.callback for other in kept}
        is_kept = is_new and len(kept) < facts.max_buttons and _is_fit(named.text, named.callback, facts)
        (kept if is_kept else lost).append(named)
    if not lost:
        return Ruling(replace(draft, buttons=tuple(kept)))
    return refused(draft, "button", f"{lost[0].text} ({lost[0].callback})", buttons=tuple(kept))


def _is_fit(words: str, callback: str, facts: PolicyFacts) -> bool:
    if not any(char.isalnum() for char in words) or len(words) > LONGEST_WORDS or links_in(words):
        return False
    return len(callback.encode(errors="replace")) <= MAX_DATA_BYTES and is_understood(callback, facts)
