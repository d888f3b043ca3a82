"""The consent to advertising (38-FZ): asked apart from everything else, in full words, with two equal buttons."""

from dialogs.engine.desk import Desk
from dialogs.engine.effects import Key, Purpose, RecordConsent, Subscribe
from dialogs.engine.events import Pressed, Said
from dialogs.engine.reading import Intent
from dialogs.engine.state import Pending

YES, NO = "ads:yes:", "ads:no:"  # the version shown follows: an old button agrees to old words
GIVEN_BY_LENGTH = 190


def ask(desk: Desk, question: str) -> None:
    """Ask for the consent to advertising: its words in full, two equal buttons, nothing chosen beforehand."""
    version, yes, no = desk.facts.advertising_version, desk.text("advertising_yes"), desk.text("advertising_no")
    desk.update(pending=Pending(Purpose.ADVERTISING, value=version))
    words = desk.text("advertising_line", yes=yes, consent=desk.advertising())
    keys = ((Key(yes, data=YES + version), Key(no, data=NO + version)),)
    desk.say(f"{question}\n\n{words}", keys=keys)


def agreed(desk: Desk, event: Said | Pressed) -> bool | None:
    """Hear what the person thinks of advertising: yes, no, or None when this was about something else.

    A yes to words that have changed since they were shown is no yes to these.
    """
    pending, current = desk.state.pending, desk.facts.advertising_version
    if isinstance(event, Pressed):
        if event.data.startswith(NO):
            return False
        return True if event.data == YES + current else None
    if pending is None or pending.kind != Purpose.ADVERTISING:
        return None
    number = event.reading.text.strip()  # where buttons become a numbered list
    if event.reading.has(Intent.DENY, Intent.REFUSES) or number == "2":
        return False
    return True if (event.reading.has(Intent.AFFIRM) or number == "1") and pending.value == current else None


def settle(desk: Desk, event: Said | Pressed, *, agrees: bool) -> None:
    """Keep the answer: a yes as proof with its words, a no as a count."""
    desk.update(pending=None)
    desk.say(desk.text("advertising_thanks" if agrees else "advertising_declined"))
    desk.track("advertising_answered", answer="yes" if agrees else "no")
    if not agrees or desk.facts.has_advertising_consent or not desk.advertising():
        return
    if desk.facts.is_unsubscribed:
        desk.do(Subscribe())
    given_by = desk.text("advertising_yes") if isinstance(event, Pressed) else event.reading.text[:GIVEN_BY_LENGTH]
    desk.do(RecordConsent(desk.advertising(), desk.facts.advertising_version, given_by, Purpose.ADVERTISING))
