"""The engine's working place for one turn: the state as it becomes, the effects as they pile up.

Lives inside one call of `advance` and never leaves it, so the engine as a whole stays a function of its arguments.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dialogs.engine.effects import Act, CancelTimers, Effect, Key, Say, StartTimer, Track
from dialogs.engine.events import Said
from dialogs.engine.facts import Facts
from dialogs.engine.followups import NONE as NO_FOLLOWUPS
from dialogs.engine.followups import Followups
from dialogs.engine.rendering import render
from dialogs.engine.state import State

RECENT_MESSAGES = 4  # how far back a number may have begun


@dataclass(slots=True)
class Desk:
    """What a step works with."""

    texts: Mapping[str, tuple[str, ...]]  # what is said outside any step, by name
    state: State
    facts: Facts
    now: dt.datetime
    person: str = ""  # the step that "call a person" leads to
    followups: Followups = NO_FOLLOWUPS
    stays: bool = False  # "stop" ends what we say by ourselves, not the dialogue
    effects: list[Effect] = field(default_factory=list)
    opening: Said | None = None  # the words that began the dialogue: the first question may be answered by them

    def do(self, effect: Effect) -> None:
        """Add one effect."""
        self.effects.append(effect)

    def update(self, **changes: Any) -> None:
        """Change the state."""
        self.state = replace(self.state, **changes)

    def keep(self, name: str, value: str) -> None:
        """Remember an answer as `{{value.<name>}}`."""
        self.update(values={**self.state.values, name: value})

    def forget(self, *names: str) -> None:
        """Take answers back."""
        self.update(values={name: value for name, value in self.state.values.items() if name not in names})

    def variables(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return everything texts may use now."""
        privacy = self.facts.variables.get("business.privacy_url", "")
        own = {f"value.{name}": value for name, value in self.state.values.items()}
        shared = {**self.facts.variables, "privacy_link": f" Политика: {privacy}" if privacy else "", **own}
        return {**shared, "consent": render(self.facts.consent_text, shared), **(extra or {})}

    def advertising(self) -> str:
        """Return the words of the consent to advertising; empty where the business has none."""
        return render(self.facts.advertising_text, self.variables())

    def wording(self, name: str, options: tuple[str, ...]) -> str:
        """Return the next wording of a text that has several, so that a repeat never sounds like one."""
        used = self.state.said.get(name, 0)
        if len(options) > 1:
            self.update(said={**self.state.said, name: used + 1})
        return options[used % len(options)] if options else ""

    def text(self, name: str, **extra: str) -> str:
        """Return the script's text `name`, rendered."""
        return render(self.wording(name, self.texts[name]), self.variables(extra))

    def rendered(self, text: str) -> str:
        """Return a step's own text with its variables filled in."""
        return render(text, self.variables())

    def say(self, text: str, *, keys: tuple[tuple[Key, ...], ...] = (), invite: int = 0, **extra: str) -> None:
        """Say a step's own text, rendered; an empty one is not said."""
        rendered = render(text, self.variables(extra))
        if rendered:
            self.do(Say(rendered, keys, invite=invite))

    def say_ready(self, text: str, *, keys: tuple[tuple[Key, ...], ...] = ()) -> None:
        """Say words that are no template of ours."""
        self.do(Say(text, keys, apart=True))

    def track(self, kind: str, **payload: str) -> None:
        """Count something."""
        self.do(Track(kind, payload))

    def note(self, text: str, *, about: str) -> None:
        """Leave a line for the manager."""
        self.do(Act("note", {"text": text, "about": about}))

    def start_timers(self, after: Mapping[str, float]) -> None:
        """Start this visit's timers anew: name to seconds from now. Earlier ones are canceled and deaf."""
        self.update(visit=self.state.visit + 1)
        self.do(CancelTimers())
        for name, seconds in after.items():
            self.do(StartTimer(name, self.state.visit, self.now + dt.timedelta(seconds=seconds)))

    def remember(self, text: str) -> None:
        """Keep what was written while this step waits."""
        if text:
            self.update(recent=(*self.state.recent, text)[-RECENT_MESSAGES:])
