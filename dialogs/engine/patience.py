"""How long a step waits, how it reminds, and where it goes when nobody answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine.desk import Desk
from dialogs.engine.durations import seconds_of
from dialogs.engine.events import Alarm
from dialogs.engine.moments import moment_of, shown
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Reading

LATER_SECONDS = 3600.0  # "not now" without a better word: come back in an hour


@dataclass(frozen=True, slots=True)
class Reminder:
    """A nudge to a silent person, `after` seconds of silence."""

    after: float
    text: str


@dataclass(frozen=True, slots=True)
class Patience:
    """The waiting of one step. `timeout` 0 waits for ever."""

    timeout: float = 0.0
    on_timeout: str = ""
    reminders: tuple[Reminder, ...] = ()
    later: float = LATER_SECONDS

    SETTINGS = ("timeout", "on_timeout", "reminders", "later")

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> "Patience":
        """Read the four settings of a waiting step; durations as seconds or "15m", "1h", "2d"."""
        reminders = tuple(
            Reminder(seconds_of(item.get("after", 0)), str(item.get("text", ""))) for item in raw.get("reminders") or ()
        )
        return cls(
            timeout=seconds_of(raw.get("timeout", 0)),
            on_timeout=str(raw.get("on_timeout") or ""),
            reminders=reminders,
            later=seconds_of(raw.get("later") or LATER_SECONDS),
        )

    def begin(self, desk: Desk) -> None:
        """Start waiting, or start anew: the person is here."""
        timers = {f"reminder:{number}": item.after for number, item in enumerate(self.reminders)}
        if not self.reminders:  # a step that reminds by itself needs nobody to do it again
            timers |= desk.followups.timers()
        if self.timeout:
            timers["timeout"] = self.timeout
        desk.start_timers(timers)

    def postpone(self, desk: Desk, reading: Reading) -> None:
        """The person asked to come back later: be silent till the moment named, then ask again; the timeout counts from there."""
        moment = moment_of(reading, desk.now, desk.facts.time_zone)
        pause = (moment - desk.now).total_seconds() if moment else self.later
        desk.say(desk.text("later_at", answer=shown(moment, desk.now)) if moment else desk.text("later"))
        timers = {"later": pause}
        if self.timeout:
            timers["timeout"] = pause + self.timeout
        desk.start_timers(timers)

    def reminder_for(self, alarm: Alarm) -> str | None:
        """Return the text of the reminder this alarm stands for."""
        name, _, number = alarm.name.partition(":")
        if name == "reminder" and number.isdigit() and int(number) < len(self.reminders):
            return self.reminders[int(number)].text
        return None

    def texts(self) -> Iterable[str]:
        """Return the reminders' words."""
        return (item.text for item in self.reminders)

    def problems(self, step: str) -> Iterable[Problem]:
        """A step that waits must know what follows silence."""
        if not self.timeout:
            yield Problem(
                "missing-timeout",
                step,
                "it waits for an answer without a timeout",
                "set `timeout`, e.g. 1h, and `on_timeout`",
            )
        elif not self.on_timeout:
            yield Problem("missing-timeout", step, "its timeout leads nowhere", "set `on_timeout` to a step")
        for item in self.reminders:
            if self.timeout and item.after >= self.timeout:
                yield Problem(
                    "late-reminder",
                    step,
                    "a reminder comes after the timeout",
                    "give it a shorter `after` than `timeout`",
                )
            if not item.text:
                yield Problem("empty-text", step, "a reminder says nothing", "give it a `text`")


FOREVER = Patience()
