"""The end of a dialogue, and the wishes that end it."""

from dialogs.effects.sheet import Farewell, Occasion
from dialogs.engine.effects import Erase, Finish


def finish(effect: Finish, at: Occasion) -> None:
    """Note the outcome; the row is written with the state at the end of the batch."""
    at.conversation.outcome = effect.outcome[:48]
    at.conversation.ended_at = at.sheet.now


def erase(_effect: Erase, at: Occasion) -> None:
    """Forget the person once everything else of this batch is written; what is said from here on is our last word."""
    at.sheet.farewells.append(Farewell(at.session, len(at.sheet.messages)))
