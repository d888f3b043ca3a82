"""The end of a dialogue, and the wishes that end it."""

from crm import own_data
from dialogs.effects.sheet import Farewell, Occasion
from dialogs.effects.speech import say
from dialogs.engine.effects import Erase, Finish, Say, SendOwnData


def finish(effect: Finish, at: Occasion) -> None:
    """Note the outcome; the row is written with the state at the end of the batch."""
    at.conversation.outcome = effect.outcome[:48]
    at.conversation.ended_at = at.sheet.now


def send_own_data(effect: SendOwnData, at: Occasion) -> None:
    """Send the link to the person's own file; what happens there is in the access log."""
    say(Say(f"{effect.text}\n{own_data.link_for(at.session.customer)}"), at)


def erase(_effect: Erase, at: Occasion) -> None:
    """Forget the person once everything else of this batch is written; what is said from here on is our last word."""
    at.sheet.farewells.append(Farewell(at.session, len(at.sheet.messages)))
