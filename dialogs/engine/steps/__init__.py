"""The kinds of steps: one file each. A new kind is a new file and one line here."""

from dialogs.engine.steps.action import Action
from dialogs.engine.steps.ask import Ask
from dialogs.engine.steps.assistant import Assistant
from dialogs.engine.steps.base import Step
from dialogs.engine.steps.booking import Booking
from dialogs.engine.steps.branch import Branch
from dialogs.engine.steps.catalogue import Catalogue
from dialogs.engine.steps.checkout import Checkout
from dialogs.engine.steps.consent import Consent
from dialogs.engine.steps.end import End
from dialogs.engine.steps.handover import Handover
from dialogs.engine.steps.menu import Menu
from dialogs.engine.steps.payment import Payment
from dialogs.engine.steps.say import Say
from dialogs.engine.steps.survey import Survey
from dialogs.engine.steps.wait import Pause

KINDS: dict[str, type[Step]] = {
    kind.kind: kind
    for kind in (
        *(Say, Menu, Ask, Survey, Consent, Branch, Assistant, Booking, Payment, Catalogue, Checkout),
        *(Handover, Action, Pause, End),
    )
}

__all__ = ["KINDS", "Step"]
