"""A script that books consultations, its free times, and what is said in it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.engine.events import BookingOutcome, BookingTold
from dialogs.engine.slots import Booked, Slot
from dialogs.engine.texts import DEFAULT_TEXTS
from tests.dialogs.engine.play import Play, script

MOSCOW = ZoneInfo("Europe/Moscow")


YEKATERINBURG = ZoneInfo("Asia/Yekaterinburg")


BOOKED = BookingOutcome.BOOKED


CUSTOM = "Нет подходящего варианта"


def at(day: int, hour: int, month: int = 3) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, 0, tzinfo=MOSCOW)


SLOTS = tuple(Slot(at(day, hour)) for day in (3, 4, 6) for hour in (12, 14, 16, 18) if (day, hour) != (4, 12))


STANDING = Booked(7, at(4, 14))


def step(**settings: Any) -> dict[str, Any]:
    return {
        "kind": "booking",
        "text": "Когда вам удобно?",
        "timeout": "1d",
        "on_timeout": "silent",
        "next": "done",
        **settings,
    }


def begin(booking: dict[str, Any] | None = None, /, steps: dict[str, Any] | None = None, **facts: Any) -> Play:
    raw = script({"consult": booking or step(), **(steps or {})}, start="consult")
    return Play(raw, **{"slots": SLOTS, "time_zone": MOSCOW, **facts}).start()


def labels(play: Play) -> list[str]:
    return [key.text for key in play.keys]


def text(name: str) -> str:
    return DEFAULT_TEXTS[name][0]


def news(outcome: BookingOutcome = BOOKED, moment: dt.datetime | None = None, number: int = 7) -> BookingTold:
    return BookingTold(outcome, number, moment or at(4, 14))


def facts_with(play: Play, **changes: Any) -> Any:
    return type(play.facts)(**{**{name: getattr(play.facts, name) for name in play.facts.__slots__}, **changes})
