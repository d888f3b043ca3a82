"""One turn is one answer: neighbouring words are joined, and the channel's own keyboard is taken away when it has served."""

from collections.abc import Iterable
from dataclasses import replace

from dialogs.engine.effects import Effect, Say


def joined(effects: Iterable[Effect]) -> list[Effect]:
    """Join neighbouring words into one message; buttons close a message, and some stand apart."""
    merged: list[Effect] = []
    open_at: int | None = None  # index of the message that may still grow
    for effect in effects:
        if not isinstance(effect, Say):
            merged.append(effect)
            continue
        before = merged[open_at] if open_at is not None else None
        if open_at is not None and isinstance(before, Say) and not effect.apart:
            merged[open_at] = replace(effect, text=f"{before.text}\n\n{effect.text}")
        else:
            merged.append(effect)
            open_at = len(merged) - 1
        if effect.keys or effect.apart or effect.invite:
            open_at = None
    return merged


def with_keyboard_put_away(
    effects: list[Effect], *, is_shown: bool, still_wanted: bool
) -> tuple[tuple[Effect, ...], bool]:
    """Return the effects and whether the keyboard stays on the screen.

    No message can take a keyboard away and show buttons of its own (Telegram), so the first plain one does it.
    """
    done: list[Effect] = []
    for effect in effects:
        if isinstance(effect, Say):
            if any(key.asks_contact for row in effect.keys for key in row):
                is_shown = True
            elif is_shown and not still_wanted and not effect.keys:
                effect, is_shown = replace(effect, hides_keyboard=True), False
        done.append(effect)
    return tuple(done), is_shown
