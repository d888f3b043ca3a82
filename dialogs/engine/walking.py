"""Walking from step to step until one waits, ends, or gives the word away."""

from dataclasses import dataclass, replace

from dialogs.engine import globals as everywhere
from dialogs.engine.desk import Desk
from dialogs.engine.effects import ReachStage
from dialogs.engine.events import Said
from dialogs.engine.problems import LoopLimitExceeded
from dialogs.engine.reading import Intent
from dialogs.engine.script import Script
from dialogs.engine.steps import Step
from dialogs.engine.steps.assistant import Assistant
from dialogs.engine.steps.base import Go, Move, Wait

MAX_STEPS = 50  # of one turn; a script that needs more runs in a circle


@dataclass(slots=True, kw_only=True)
class Walk(Desk):
    """A desk that knows the whole script."""

    script: Script
    unasked: bool = False  # the clock brought this turn: who has unsubscribed hears nothing of it

    @property
    def here(self) -> Step:
        """The step the dialogue stands at."""
        return self.script.steps[self.state.step]


def run(walk: Walk, move: Move) -> None:
    """Follow `move` as far as it leads; raises `LoopLimitExceeded`."""
    for _ in range(MAX_STEPS):
        if not isinstance(move, Go):
            return
        step = walk.script.steps[move.step]
        if step.key != walk.state.step:
            walk.update(tries=0, refusals=0, recent=(), pending=None)
        walk.update(step=step.key)
        _reach_stage(walk)
        move = _answer_opening(walk, step) or step.enter(walk)
    raise LoopLimitExceeded(
        f"{walk.script.key}: more than {MAX_STEPS} steps without a question, last {walk.state.step!r}"
    )


def _reach_stage(walk: Walk) -> None:
    """Note the stage of the funnel this step belongs to; a way back is no step back."""
    number = walk.script.stage_of(walk.state.step)
    keys = [stage.key for stage in walk.script.stages]
    reached = max((keys.index(key) for key in (walk.state.stage, walk.facts.stage) if key in keys), default=-1)
    if number > reached:
        walk.update(stage=keys[number])
        walk.do(ReachStage(keys[number]))
        walk.track("stage", stage=keys[number])


def _answer_opening(walk: Walk, step: Step) -> Move | None:
    """Before the first question: answer what the person began with, and do what they demanded."""
    opening = walk.opening
    if opening is None or not step.waits:
        return None
    walk.remember(opening.reading.text)
    move = everywhere.commands(walk, opening) or everywhere.demands(walk, opening)
    if move is not None:
        walk.opening = None
        return None if isinstance(move, Wait) else move
    is_heard = bool(opening.reading.ordered)  # … by the step itself
    if not everywhere.answer_faq(walk, opening.reading) and not isinstance(step, Assistant) and not is_heard:
        everywhere.small_talk(walk, _without_greeting(opening))
    result = step.enter(walk)
    walk.opening = None
    return result


def _without_greeting(said: Said) -> Said:
    """The script greets by itself."""
    kept = tuple(intent for intent in said.reading.intents if intent != Intent.GREETING)
    return replace(said, reading=replace(said.reading, intents=kept))
