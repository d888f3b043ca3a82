"""Times one may book, and how they are said: in the schedule's own zone, with the customer's beside it where it differs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

_WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_SHORT_WEEKDAYS = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
MOSCOW = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time; `starts_at` is in the schedule's own zone."""

    starts_at: dt.datetime

    @property
    def date(self) -> dt.date:
        """The day it is offered under."""
        return self.starts_at.date()

    @property
    def clock(self) -> str:
        """The time of day as its button brings it back."""
        return f"{self.starts_at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment of the customer that lies ahead."""

    number: int
    starts_at: dt.datetime
    is_declined: bool = False  # they said they would not come, and have chosen no other time yet


def dates_of(slots: Sequence[Slot]) -> list[dt.date]:
    """Return the days with free slots, soonest first."""
    return sorted({slot.date for slot in slots})


def on(slots: Sequence[Slot], date: dt.date) -> list[Slot]:
    """Return the free slots of one day, in order."""
    return sorted((slot for slot in slots if slot.date == date), key=lambda slot: slot.starts_at)


def at(slots: Sequence[Slot], moment: dt.datetime) -> Slot | None:
    """Return the free slot that begins at this very instant."""
    return next((slot for slot in slots if slot.starts_at == moment), None)


def zone_of(slots: Sequence[Slot], default: dt.tzinfo) -> dt.tzinfo:
    """Return the zone the schedule is kept in."""
    return slots[0].starts_at.tzinfo or default if slots else default


def day_button(date: dt.date) -> str:
    """Return a day as a button shows it: "Пт, 25 декабря"."""
    return f"{_SHORT_WEEKDAYS[date.weekday()]}, {date.day} {_MONTHS[date.month - 1]}"


def day_words(date: dt.date, today: dt.date) -> str:
    """Return a day as a sentence has it: "пятница, 25 декабря", with the year when it is another."""
    year = f" {date.year} года" if date.year != today.year else ""
    return f"{_WEEKDAYS[date.weekday()]}, {date.day} {_MONTHS[date.month - 1]}{year}"


def zone_words(moment: dt.datetime) -> str:
    """Return the name of the zone: "МСК", else its offset."""
    if getattr(moment.tzinfo, "key", "") == MOSCOW:
        return "МСК"
    minutes = round((moment.utcoffset() or dt.timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def moment_words(moment: dt.datetime, now: dt.datetime, theirs: dt.tzinfo | None = None) -> str:
    """Return "пятница, 25 декабря, 14:00 (МСК)", and what the customer's clock shows then, if it is known and differs."""
    words = f"{day_words(moment.date(), now.astimezone(moment.tzinfo).date())}, {moment:%H:%M} ({zone_words(moment)}"
    local = moment.astimezone(theirs) if theirs is not None else moment
    if local.utcoffset() == moment.utcoffset():
        return f"{words})"
    day = f"{local.day} {_MONTHS[local.month - 1]}, " if local.date() != moment.date() else ""
    return f"{words}; у вас {day}{local:%H:%M})"


def until_words(moment: dt.datetime, now: dt.datetime) -> str:
    """Return how soon it is, where that is told in minutes: "через 15 минут"; empty when it is farther than an hour."""
    minutes = round((moment - now).total_seconds() / 60)
    if not 0 < minutes <= 60:
        return ""
    last, teens = minutes % 10, minutes % 100 in range(11, 15)
    word = "минуту" if last == 1 and not teens else "минуты" if last in (2, 3, 4) and not teens else "минут"
    return f"через {minutes} {word}"
