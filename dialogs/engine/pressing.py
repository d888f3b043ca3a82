"""Presses that are not the open question's: shortcuts, questions of the library, other steps; old, repeated, forged."""

from dialogs.engine.events import Pressed
from dialogs.engine.shortcuts import FAQ
from dialogs.engine.state import Mode
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.walking import Walk

DOUBLE_SECONDS = 3.0  # the same button again within this time is a finger that pressed twice


def is_repeated(walk: Walk, event: Pressed) -> bool:
    """Tell whether this is the press before once more, with nothing between them; remember it for the next."""
    before, now = walk.state.pressed, walk.now.timestamp()
    walk.update(pressed=(event.data, now))
    return before is not None and before[0] == event.data and 0 <= now - before[1] < DOUBLE_SECONDS


def followed(walk: Walk, event: Pressed) -> Move | None:
    """Do what the press means wherever the dialogue stands; None when it means nothing any more."""
    data = event.data
    shortcut = walk.script.shortcuts.by_data.get(data)
    if shortcut is not None:
        walk.track("shortcut", data=data)
        if shortcut.next:
            return Go(shortcut.next)
        walk.script.steps[shortcut.show].enter(walk)  # its words only: where it would lead is not followed
        return Wait()
    if data.startswith(FAQ):
        return _answered(walk, data.removeprefix(FAQ))
    owner = walk.script.steps.get(data.partition(":")[0])
    is_elsewhere = owner is not None and (owner is not walk.here or walk.state.mode is Mode.ENDED)
    move = owner.summoned(walk, event) if owner is not None and is_elsewhere else Unclear()
    return None if isinstance(move, Unclear) else move


def _answered(walk: Walk, key: str) -> Move | None:
    entry = next((item for item in walk.facts.shelf("faq") if item.key == key), None)
    if entry is None:
        return None
    walk.say(entry.text)
    walk.track("faq", key=key)
    return Wait()


def come_back(walk: Walk) -> None:
    """Put the open question again after something else was said."""
    step = walk.here
    if isinstance(step, Question):
        step.prompt(walk)
        step.patience.begin(walk)
