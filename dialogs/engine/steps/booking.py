"""booking: an appointment: the nearest days, the free times of one, or the person's own words; moved and canceled here, too."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine import slots as times
from dialogs.engine.attendance import Wish, wish_of
from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES, Book, KeepContact, LookUpSlots
from dialogs.engine.events import Alarm, Event, Pressed, Said
from dialogs.engine.nearest import nearest_dates
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.slots import Slot
from dialogs.engine.state import Pending
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.steps.own_words import UNDER_WAY, OwnWords, day_of
from dialogs.engine.wordings import wordings_of

SLOW_SECONDS = 15.0  # somebody else's calendar may think; after this the person is told that it does


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking(OwnWords, Question):
    """One appointment. The free times and the one that stands come as facts; the calendar's answer comes as `BookingTold`."""

    kind: ClassVar[str] = "booking"
    asks: ClassVar[tuple[str, ...]] = (
        *("text", "name", "dates", "tries", "next", "on_no_phone", "on_none", "on_cancel", "on_unclear"),
        *Patience.SETTINGS,
    )
    name: str
    next: str
    dates: int = 2  # days offered at once
    on_no_phone: str = ""  # asks for the phone and leads back here, where the calendar books nobody without one
    on_none: str = ""  # nothing is free; left out: a human is called
    on_cancel: str = ""

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            name=str(raw.get("name") or key),
            dates=int(raw.get("dates", 2)),
            tries=int(raw.get("tries", 4)),
            next=str(raw.get("next") or ""),
            on_no_phone=str(raw.get("on_no_phone") or ""),
            on_none=str(raw.get("on_none") or ""),
            on_cancel=str(raw.get("on_cancel") or ""),
            on_unclear=str(raw.get("on_unclear") or ""),
            patience=Patience.parse(raw),
        )

    # --- asking

    def enter(self, desk: Desk) -> Move:
        desk.keep(self.back_key, "")
        desk.update(pending=None)
        booked = desk.facts.booked
        if booked is not None and not booked.is_declined:
            self.show_standing(desk, booked)
            self.patience.begin(desk)
            return Wait()
        if self.on_no_phone and desk.facts.booking_needs_phone and not _has_phone(desk):
            return Go(self.on_no_phone)
        wanted = self.wanted(desk, desk.opening.reading) if desk.opening and desk.facts.slots else None
        return self.find(desk, wanted) if wanted is not None else self.offer(desk)

    def prompt(self, desk: Desk) -> None:
        pending, slots = desk.state.pending, desk.facts.slots or ()
        match pending:
            case Pending(kind="slot"):
                desk.say(desk.text("booking_confirm", answer=pending.shown), keys=self.confirm_keys(desk))
            case Pending(kind="custom"):
                self.say_custom(desk)
            case Pending(kind="day") if free := times.on(slots, day_of(pending.value)):
                self.say_times(desk, free)
            case _ if desk.facts.booked is not None:
                self.show_standing(desk, desk.facts.booked)
            case _:
                self.say_dates(desk, times.dates_of(slots)[: self.dates])

    def admit(self, desk: Desk) -> None:
        desk.say(desk.text("booking_bad"))

    def offer(self, desk: Desk, day: str = "") -> Move:
        """Offer the nearest days, or do what must be done when there are none or nobody knows."""
        desk.update(pending=None)
        if desk.facts.slots is None:
            desk.do(LookUpSlots())
            desk.update(pending=Pending("looking", day))
            desk.say(desk.text("booking_looking"))
            desk.start_timers({"slow": SLOW_SECONDS})
            return Wait()
        return self.offer_dates(desk, times.dates_of(desk.facts.slots)[: self.dates])

    def offer_dates(self, desk: Desk, dates: Sequence[dt.date]) -> Move:
        if not dates:
            return self.without_slots(desk)
        self.say_dates(desk, dates)
        desk.update(pending=None)
        self.patience.begin(desk)
        return Wait()

    def offer_times(self, desk: Desk, free: Sequence[Slot]) -> Move:
        day, before = free[0].date.isoformat(), desk.state.pending
        chosen = {before.value, *before.others} - {day, ""} if before is not None else set()
        desk.update(pending=Pending("day", day, others=tuple(sorted(chosen))))
        self.say_times(desk, free)
        self.patience.begin(desk)
        return Wait()

    def confirm(self, desk: Desk, slot: Slot) -> Move:
        shown = times.moment_words(slot.starts_at, desk.now, desk.facts.customer_zone)
        desk.update(pending=Pending("slot", slot.starts_at.isoformat(), shown))
        self.prompt(desk)
        self.patience.begin(desk)
        return Wait()

    def book(self, desk: Desk, moment: dt.datetime) -> Move:
        booked = desk.facts.booked
        desk.do(Book(moment, moves=booked.number if booked is not None else 0))
        desk.update(pending=Pending("booking", moment.isoformat()))
        desk.start_timers({"slow": SLOW_SECONDS})
        return Wait()

    def custom(self, desk: Desk) -> Move:
        before = desk.state.pending
        day = before.value[:10] if before is not None and before.kind in ("day", "custom") else ""
        desk.update(pending=Pending("custom", day))
        self.say_custom(desk)
        self.patience.begin(desk)
        return Wait()

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Pressed(data=data) if data.startswith(f"{self.key}:"):
                return self._press(desk, data.removeprefix(f"{self.key}:"))
            case Said(reading=reading):
                return self.hear(desk, reading)
            case Alarm(name="slow"):
                desk.say(desk.text("booking_slow"))
                return Wait()
            case Alarm(name="later"):
                return self.offer(desk)
        return Unclear()

    def recall(self, desk: Desk, event: Event) -> Move | None:
        """Hear a press or a word about the appointment while the dialogue stands elsewhere, or has ended."""
        if isinstance(event, Pressed) and event.data.startswith(f"{self.key}:"):
            verb = event.data.removeprefix(f"{self.key}:").partition(":")[0]
            if verb in tuple(Wish):
                return self.do(desk, Wish(verb))
            if verb not in ("date", "time", "custom", "confirm", "keep"):
                return None
            if desk.facts.booked is not None:
                self.show_standing(desk, desk.facts.booked)
                return Wait()
            day = _parsed_day(event.data.removeprefix(f"{self.key}:date:"))
            self.take_floor(desk)
            return self.choose_day(desk, day) if day is not None else self.offer(desk)
        if isinstance(event, Said) and desk.facts.booked is not None and (wish := wish_of(event.reading.text)):
            return self.do(desk, wish)
        return None

    def _press(self, desk: Desk, data: str) -> Move | Unclear:
        verb, _, value = data.partition(":")
        if verb in tuple(Wish):
            return self.do(desk, Wish(verb))
        if desk.state.pending is not None and desk.state.pending.kind in UNDER_WAY:
            return Wait()  # pressed twice: the first press is being done
        match verb:
            case "date" if (day := _parsed_day(value)) is not None:
                return self.choose_day(desk, day)
            case "time" if (clock := _parsed_clock(value)) is not None:
                return self._choose_time(desk, clock)
            case "custom":
                return self.custom(desk)
            case "keep" if desk.facts.booked is not None:
                desk.say(desk.text("booking_coming", answer=self.shown(desk, desk.facts.booked.starts_at)))
                return self.leave(desk)
            case "confirm":
                return self.confirmed(desk)
        return Unclear()

    def choose_day(self, desk: Desk, day: dt.date) -> Move:
        free = times.on(desk.facts.slots or (), day)
        if free:
            return self.offer_times(desk, free)
        if desk.facts.slots is None:  # what was seen is too old to be believed
            return self.offer(desk, day.isoformat())
        desk.say(desk.text("booking_day_none", answer=times.day_words(day, self.today(desk))))
        return self.offer(desk)

    def _choose_time(self, desk: Desk, clock: dt.time) -> Move:
        pending, slots = desk.state.pending, desk.facts.slots or ()
        if pending is None or pending.kind not in ("day", "slot", "custom") or not pending.value:
            return self.offer(desk)  # a button of an old message: which day it meant is forgotten
        day = day_of(pending.value)
        slot = self._slot_at(desk, dt.datetime.combine(day, clock, times.zone_of(slots, desk.facts.time_zone)))
        if slot is None:
            return self._taken(desk, day)
        # Two days were looked at, and the button does not say of which it is: better asked than wrong.
        return self.confirm(desk, slot) if pending.others else self.book(desk, slot.starts_at)

    def confirmed(self, desk: Desk) -> Move:
        pending = desk.state.pending
        if pending is not None and pending.kind == "slot":
            moment = dt.datetime.fromisoformat(pending.value)
            slot = self._slot_at(desk, moment)
            return self.book(desk, slot.starts_at) if slot else self._taken(desk, moment.date())
        if desk.facts.booked is not None:
            self.show_standing(desk, desk.facts.booked)
            return Wait()
        return self.offer(desk)

    def _slot_at(self, desk: Desk, moment: dt.datetime) -> Slot | None:
        """Return the slot; while nobody knows what is free the calendar itself will tell."""
        return Slot(moment) if desk.facts.slots is None else times.at(desk.facts.slots, moment)

    def _taken(self, desk: Desk, day: dt.date) -> Move:
        desk.say(desk.text("booking_taken"))
        return self.offer_instead(desk, day)

    def offer_instead(self, desk: Desk, day: dt.date) -> Move:
        """Offer what is left of that day, else the days nearest to it."""
        free = times.on(desk.facts.slots or (), day)
        if free:
            return self.offer_times(desk, free)
        if desk.facts.slots is None:
            return self.offer(desk, day.isoformat())
        return self.offer_dates(desk, nearest_dates(desk.facts.slots, day, self.dates))

    # --- being checked

    def targets(self) -> Iterable[str]:
        after = (self.next, self.on_no_phone, self.on_none, self.on_cancel, self.on_unclear, self.patience.on_timeout)
        return tuple(key for key in after if key)

    def texts(self) -> Iterable[str]:
        return (*self.wordings, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        if not self.wordings:
            yield Problem("empty-text", self.key, "it asks nothing", "give it a `text`")
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows the appointment", "set `next`")
        if len(self.data("date:2026-12-31").encode()) > MAX_DATA_BYTES:
            yield Problem("long-key", self.key, "its buttons need over 64 bytes", "shorten the step's key")
        yield from self.patience.problems(self.key)


def _has_phone(desk: Desk) -> bool:
    """Tell whether the phone is known, maybe since a moment ago: facts are of the turn's beginning."""
    given = (effect for effect in desk.effects if isinstance(effect, KeepContact))
    return desk.facts.has_phone or any(effect.field == "phone" for effect in given)


def _parsed_day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None


def _parsed_clock(value: str) -> dt.time | None:
    try:
        return dt.time.fromisoformat(value) if len(value) == 5 else None
    except ValueError:
        return None
