"""What a person tells beside the answer: their name, an e-mail, when to ring.

Kept in the dialogue's memory only; it reaches the customer's card together with the contact, under the same consent.
"""

from dialogs.engine.desk import Desk
from dialogs.engine.effects import KeepContact
from dialogs.engine.moments import moment_of, shown
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.state import Pending

TO_CARD = ("name", "email")
WHEN = "when"  # the moment to ring, as shown to people
_ABOUT_TIME = (Intent.CALLBACK, Intent.LATER, Intent.GIVES_PHONE, Intent.AFFIRM, Intent.MESSENGER)


def listen(desk: Desk, field: str, reading: Reading) -> str:
    """Keep what was told beside the answer to `field`; return the reply to it, which is said if no better one is found."""
    if reading.has(*_ABOUT_TIME) and (moment := moment_of(reading, desk.now, desk.facts.time_zone)):
        _hold(desk, WHEN, shown(moment, desk.now))
    reply = ""
    for name, value in (("email", reading.email), ("name", reading.name)):
        if value and name != field:
            _hold(desk, name, value)
            reply = desk.text(f"told_{name}", answer=value)
    if reading.has(Intent.CALLBACK):
        when = desk.state.asides.get(WHEN, "")
        return desk.text("callback_at" if when else "callback", answer=when)
    return reply


def settle(desk: Desk, pending: Pending) -> None:
    """Store what was told: the contact is here, and so is the consent."""
    told = desk.state.asides
    for name in TO_CARD:
        if name in told:
            desk.do(KeepContact(name, told[name]))
            desk.keep(name, told[name])
    if pending.others:
        desk.note(f"Ещё номер: {', '.join(pending.others)}", about="other_phones")
    if WHEN in told:
        desk.keep(WHEN, told[WHEN])
        desk.note(f"Удобное время: {told[WHEN]}", about="when")
        desk.say(desk.text("when_noted", answer=told[WHEN]))
    desk.update(asides={})


def _hold(desk: Desk, name: str, value: str) -> None:
    desk.update(asides={**desk.state.asides, name: value})
