"""The assistant of a simulated dialogue: the scripted one, at once and without a row."""

from collections.abc import Iterable

from crm.models import Customer
from dialogs.assistant import scripted
from dialogs.assistant.briefing import context_of, facts_of
from dialogs.assistant.context import Line
from dialogs.assistant.prompting import OwnWords
from dialogs.assistant.shelves import shelves
from dialogs.engine.effects import AskAssistant, Effect
from dialogs.engine.events import Proposed
from dialogs.engine.script import Script
from dialogs.engine.state import State
from dialogs.engine.steps.assistant import Assistant


def answers_of(script: Script, state: State, effects: Iterable[Effect]) -> Iterable[Proposed]:
    """Return what the assistant proposes to the questions of a turn."""
    for effect in effects:
        step = script.steps.get(effect.step) if isinstance(effect, AskAssistant) else None
        if isinstance(effect, AskAssistant) and isinstance(step, Assistant):
            shelf = shelves.of(script.key)
            segment, persona = (str(state.values.get(name, "")) for name in ("segment", "persona"))
            lines = tuple(Line("bot", text) for text in reversed(state.assistant.said))
            context = context_of(Customer(segment=segment, persona=persona), step, shelf, state, lines)
            facts = facts_of(context, shelf, state, OwnWords({}), today="")
            yield Proposed(0, effect.request, 0, scripted.propose(context), facts=facts)
