"""An answer of the assistant comes back: it is heard only while it is the newest, and nobody else has taken the word."""

from dialogs.engine.effects import RecordDecision, Say
from dialogs.engine.events import Proposed, TakenOver
from dialogs.engine.proposals import Proposal
from tests.dialogs.engine.play import Play


def proposed(request: int = 1, epoch: int = 0, text: str = "Понимаю.") -> Proposed:
    return Proposed(turn=7, request=request, epoch=epoch, proposal=Proposal(text))


def test_an_answer_nobody_asked_for_is_dropped_and_recorded_so() -> None:
    for play in (Play(), Play().start(), Play().start().hear(TakenOver())):
        play.hear(proposed())
        assert play.effects == (RecordDecision(7),)
        assert not play.all_of(Say)
