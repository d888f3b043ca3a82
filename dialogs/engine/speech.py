"""One turn is one answer: neighbouring words are joined; the permanent keys are hung, the contact button put away."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dialogs.engine.effects import Effect, Key, Say


def joined(effects: Iterable[Effect]) -> list[Effect]:
    """Join neighbouring words into one message; buttons close a message, and some stand apart."""
    merged: list[Effect] = []
    open_at: int | None = None  # index of the message that may still grow
    for effect in effects:
        if not isinstance(effect, Say):
            merged.append(effect)
            continue
        before = merged[open_at] if open_at is not None else None
        if open_at is not None and isinstance(before, Say) and not effect.apart and not effect.is_screen:
            merged[open_at] = replace(effect, text=f"{before.text}\n\n{effect.text}")
        else:
            merged.append(effect)
            open_at = len(merged) - 1
        if effect.keys or effect.apart or effect.invite or effect.is_screen:
            open_at = None
    return merged


def without_echo(effects: Iterable[Effect], heard: int, lead: Callable[[], str]) -> tuple[tuple[Effect, ...], int]:
    """Return the effects with a lead before words just said, and a digest of the last words.

    A person who repeats themselves says so; a machine that sends the same message twice looks broken.
    """
    done: list[Effect] = []
    for effect in effects:
        if isinstance(effect, Say) and not effect.is_screen:  # a screen that is as it was is no repetition
            if zlib.crc32(effect.text.encode()) == heard:
                effect = replace(effect, text=f"{lead()}\n\n{effect.text}")
            heard = zlib.crc32(effect.text.encode())
        done.append(effect)
    return tuple(done), heard


Keys = tuple[tuple[Key, ...], ...]


def with_menu(effects: Sequence[Effect], menu: Keys, *, is_shown: bool) -> tuple[list[Effect], bool]:
    """Hang the permanent keys on the first plain words; return the effects and whether the keys are on the screen.

    A message that has buttons of its own cannot carry them (Telegram), so they wait for one that has none.
    """
    done = list(effects)
    if menu and not is_shown:
        for at, effect in enumerate(done):
            if isinstance(effect, Say) and not effect.keys and not effect.is_screen:
                done[at] = replace(effect, keys=menu, is_menu=True)
                return done, True
    return done, is_shown


def with_keyboard_put_away(
    effects: list[Effect], *, is_shown: bool, still_wanted: bool, menu: Keys = ()
) -> tuple[tuple[Effect, ...], bool]:
    """Return the effects and whether the button that hands over the phone stays on the screen.

    No message can take a keyboard away and show buttons of its own (Telegram), so the first plain one does it; where there
    are permanent keys, they take its place.
    """
    done: list[Effect] = []
    for effect in effects:
        if isinstance(effect, Say):
            if any(key.asks_contact for row in effect.keys for key in row):
                is_shown = True
            elif effect.is_menu:
                is_shown = False
            elif is_shown and not still_wanted and not effect.keys and not effect.is_screen:
                is_shown = False
                effect = replace(effect, keys=menu, is_menu=True) if menu else replace(effect, hides_keyboard=True)
        done.append(effect)
    return tuple(done), is_shown
