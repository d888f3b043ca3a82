"""Follow-ups: what is said to somebody who fell silent, hours or days later, at whatever step.

They are timers like any other: a word of the person starts them anew, an end, a takeover, a payment or a stop cancels them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine.durations import seconds_of
from dialogs.engine.problems import Problem
from dialogs.engine.wordings import wordings_of

NAME = "followup"  # of their timers: "followup:0"
SETTINGS = ("messages", "most", "quiet")
QUIET = "21:00-10:00"
SOONEST = 0.5  # of the time planned between two of them, when a night or a stopped machine has moved the first


@dataclass(frozen=True, slots=True)
class Followup:
    """One message. Without words of its own it takes those of the prompt, by the person's segment."""

    after: float  # seconds of silence
    wordings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Followups:
    """All of them: at most `most` in a whole dialogue, never within the quiet hours of the person's own clock."""

    messages: tuple[Followup, ...] = ()
    most: int = 0
    night: tuple[dt.time, dt.time] | None = None

    @classmethod
    def parse(cls, raw: Any) -> "Followups":
        """Read the setting; raises `ValueError` for what cannot be read."""
        if not isinstance(raw, Mapping) or (unknown := set(raw) - set(SETTINGS)):
            names = ", ".join(sorted(unknown)) if isinstance(raw, Mapping) else repr(raw)
            raise ValueError(f"`followups` has {names}; it knows: {', '.join(SETTINGS)}")
        messages = tuple(
            Followup(seconds_of(item.get("after", 0)), wordings_of(item.get("text")))
            for item in raw.get("messages") or ()
        )
        quiet = str(raw.get("quiet", QUIET) or "")
        return cls(messages, int(raw.get("most", len(messages))), _night(quiet) if quiet else None)

    def timers(self) -> dict[str, float]:
        """Return the timers of one silence: name to seconds from now."""
        return {f"{NAME}:{number}": item.after for number, item in enumerate(self.messages)}

    def number_of(self, name: str) -> int | None:
        """Return which follow-up a timer of this name stands for."""
        kind, _, number = name.partition(":")
        return int(number) if kind == NAME and number.isdigit() and int(number) < len(self.messages) else None

    def morning_after(self, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
        """Return when the quiet hours end that `now` lies in; None by day."""
        if self.night is None:
            return None
        here, (evening, morning) = now.astimezone(zone), self.night
        over_midnight = evening > morning
        quiet = here.time() >= evening or here.time() < morning if over_midnight else evening <= here.time() < morning
        if not quiet:
            return None
        day = here.date() + dt.timedelta(days=1) if over_midnight and here.time() >= evening else here.date()
        return dt.datetime.combine(day, morning, zone)

    def pause_before(self, number: int) -> float:
        """Return how many seconds must lie between this follow-up and the one before."""
        if number == 0:
            return 0.0
        return (self.messages[number].after - self.messages[number - 1].after) * SOONEST

    def texts(self) -> Iterable[str]:
        """Return every text of the script's own."""
        return (text for item in self.messages for text in item.wordings)

    def problems(self) -> Iterable[Problem]:
        """Return what keeps the script from being published."""
        hours = [item.after for item in self.messages]
        if self.messages and (hours != sorted(set(hours)) or hours[0] <= 0):
            yield Problem(
                "late-reminder", "", "the follow-ups do not come one after another", "set a longer `after` on each"
            )
        if self.messages and self.most < 1:
            yield Problem(
                "bad-value", "", "`most` of the follow-ups forbids them all", "set it to 1 or more, or leave them out"
            )


NONE = Followups()


def _night(text: str) -> tuple[dt.time, dt.time]:
    evening, _, morning = text.replace("–", "-").partition("-")
    try:
        return dt.time.fromisoformat(evening.strip()), dt.time.fromisoformat(morning.strip())
    except ValueError as error:
        raise ValueError(f"{text!r} are no quiet hours; write them as {QUIET}") from error
