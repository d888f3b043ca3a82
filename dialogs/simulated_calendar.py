"""The calendar of a simulation: the real schedule, in which nothing is ever booked by anybody else."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from crm.schedule import openings
from dialogs.engine.effects import Attend, Book, CancelBooking, Effect, LookUpSlots
from dialogs.engine.events import BookingOutcome, BookingTold
from dialogs.engine.slots import Booked, Slot
from dialogs.session import Surroundings

NUMBER = 1  # the one appointment of a simulation
MOSCOW = ZoneInfo("Europe/Moscow")


def facts_at(around: Surroundings, now: dt.datetime, appointment: str, *, is_declined: bool) -> dict[str, Any]:
    """Return the facts about times."""
    free = [opening.starts_at for opening in openings(around.rules, around.holidays, now).values()]
    zone = around.rules[0].zone if around.rules else MOSCOW
    starts_at = dt.datetime.fromisoformat(appointment).astimezone(zone) if appointment else None
    booked = Booked(NUMBER, starts_at, is_declined) if starts_at is not None and starts_at > now else None
    return {"slots": tuple(Slot(moment) for moment in free if moment != starts_at), "booked": booked}


def learned_of_times(effect: Effect) -> dict[str, Any]:
    """Return what a simulation knows of the appointment after this effect."""
    match effect:
        case Book(starts_at=starts_at):
            return {"appointment": starts_at.isoformat(), "has_declined": False}
        case CancelBooking():
            return {"appointment": "", "has_declined": False}
        case Attend(comes=comes):
            return {"has_declined": not comes}
    return {}


def news_of(effects: Iterable[Effect]) -> Iterable[BookingTold]:
    """Return what the calendar answers to a turn: always yes."""
    for effect in effects:
        match effect:
            case Book(starts_at=starts_at, moves=moves):
                yield BookingTold(BookingOutcome.MOVED if moves else BookingOutcome.BOOKED, NUMBER, starts_at)
            case CancelBooking():
                yield BookingTold(BookingOutcome.CANCELED, NUMBER)
            case LookUpSlots():
                yield BookingTold(BookingOutcome.SLOTS)
